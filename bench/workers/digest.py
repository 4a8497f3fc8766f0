"""Compares the end states of two peers: for each table the number of rows, a digest of the row set, and how
many rows only one side has."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
from deltalake import DeltaTable

from lakehouse.contract import Contract, load_contract
from protocol import Json, serve

_TYPES = {"string": "VARCHAR", "int": "INTEGER", "timestamp": "TIMESTAMPTZ"}


def digest(request: Json) -> Json:
    """By dataset: rows and digest of the table at `root`; with `other`, the rows that only one has."""
    with duckdb.connect() as database:
        database.execute("SET TimeZone = 'UTC'")
        return {name: _digest(database, load_contract(name), request) for name in request["datasets"]}


def _digest(database: duckdb.DuckDBPyConnection, contract: Contract, request: Json) -> Json:
    rows = _rows(contract, Path(request["root"]))
    # No value holds a control character; a null is told from an empty text by one.
    text = " || chr(31) || ".join(f"coalesce({name}::VARCHAR, chr(30))" for name in contract.names)
    found: dict[str, Any] = dict(
        zip(
            ("rows", "digest"),
            _one(
                database,
                f"SELECT count(*), md5(coalesce(string_agg(h, '' ORDER BY h), '')) "
                f"FROM (SELECT md5({text}) AS h FROM ({rows}))",
            ),
            strict=True,
        )
    )
    if "other" in request:
        other = _rows(contract, Path(request["other"]))
        for name, one, two in (("missing", other, rows), ("surplus", rows, other)):
            found[name] = _one(database, f"SELECT count(*) FROM ({one} EXCEPT ALL {two})")[0]
    return found


def _one(database: duckdb.DuckDBPyConnection, query: str) -> Any:
    return database.sql(query).fetchone()


def _rows(contract: Contract, root: Path) -> str:
    files = DeltaTable(root / contract.dataset).file_uris()
    columns = ", ".join(
        f"{column.name}::{_TYPES.get(column.sql_type, column.sql_type)} AS {column.name}"
        for column in contract.columns
    )
    return f"SELECT {columns} FROM read_parquet({files!r}, hive_partitioning = true)"


if __name__ == "__main__":
    serve({"digest": digest})
