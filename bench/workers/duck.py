"""DuckDB and delta-rs: the same rules, deterministic winner, quarantine, waiting orphans and guarded MERGE as
the service's jobs, on the same tables. What it leaves out: the batch log, leases, exactly-once commits,
counts per file, messages of the rejects."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
from deltalake import DeltaTable, write_deltalake

from duck_rules import judged
from duck_tables import open_table, scan
from lakehouse.contract import Contract, load_contract
from protocol import Arrival, Json, delivery, serve


def load(request: Json) -> Json:
    """Load a delivery, parents first."""
    batch, root = delivery(request), Path(request["root"])
    with duckdb.connect(config={"threads": 2}) as database:
        database.execute("SET TimeZone = 'UTC'")
        for dataset in batch.datasets:
            files = batch.of(dataset)
            if files:
                _load(database, load_contract(dataset), root, files, batch.number)
    return {}


def _load(
    database: duckdb.DuckDBPyConnection, contract: Contract, root: Path, files: list[Arrival], number: int
) -> None:
    _judge(database, contract, files)
    table = open_table(root / contract.dataset, contract)
    rejects = database.sql(
        f"SELECT {number} AS batch, _file AS file, line AS raw, reasons FROM judged WHERE len(reasons) > 0"
    )
    write_deltalake(root / contract.rejects_table, rejects.arrow(), mode="append")
    names = ", ".join([*contract.names, "_file", "_sequence", "_line"])
    database.execute(
        f"CREATE OR REPLACE TEMP VIEW candidates AS SELECT {names} FROM judged WHERE len(reasons) = 0"
    )
    if contract.foreign_keys:
        _find_missing(database, contract, root, names)
    else:
        database.execute(
            "CREATE OR REPLACE TEMP TABLE placed AS SELECT *, ''::VARCHAR AS missing FROM candidates"
        )
    key = contract.primary_key
    # One row of a key: the newest file's last line.
    winners = database.sql(
        f"SELECT {names}, {number}::BIGINT AS _batch FROM placed WHERE missing = '' "
        f"QUALIFY row_number() OVER (PARTITION BY {key} ORDER BY _sequence DESC, _line DESC) = 1"
    )
    if contract.foreign_keys:
        _wait(database, contract, root, table, names)
    if table.version() == 0:
        partitions = [contract.partition_by] if contract.partition_by else None
        write_deltalake(table, winners.arrow(), mode="append", partition_by=partitions)
        return
    different = " OR ".join(f"(s.{name} IS DISTINCT FROM t.{name})" for name in contract.names)
    (
        table.merge(winners.arrow(), f"s.{key} = t.{key}", source_alias="s", target_alias="t")
        .when_matched_update_all(f"s._sequence > t._sequence AND ({different})")
        .when_not_matched_insert_all()
        .execute()
    )


def _judge(database: duckdb.DuckDBPyConnection, contract: Contract, files: list[Arrival]) -> None:
    headers = {tuple(file.columns) for file in files}
    if len(headers) != 1:
        raise ValueError(f"the files of {contract.dataset} have {len(headers)} different headers")
    database.execute(
        "CREATE OR REPLACE TEMP TABLE files (path VARCHAR, _sequence VARCHAR, _arrived TIMESTAMPTZ)"
    )
    database.executemany(
        "INSERT INTO files VALUES (?, ?, ?)",
        [[str(file.path), file.sequence, file.modified.isoformat()] for file in files],
    )
    paths = [str(file.path) for file in sorted(files, key=lambda file: file.sequence)]
    # A physical line is a record: quotes are judged later. Lines keep the order of the files.
    database.execute(
        "CREATE OR REPLACE TEMP VIEW lines AS "
        "SELECT text.line, path AS _file, _sequence, _arrived, _line FROM ("
        "  SELECT line, filename, row_number() OVER () AS _line FROM read_csv("
        f"   {paths!r}, columns = {{'line': 'VARCHAR'}}, auto_detect = false, skip = 1, header = false,"
        "    delim = '\x1e', quote = '', escape = '', filename = true, ignore_errors = true)"
        ") AS text JOIN files ON filename = path WHERE trim(text.line) <> ''"
    )
    database.execute(f"CREATE OR REPLACE TEMP TABLE judged AS {judged(contract, list(headers.pop()))}")


def _find_missing(database: duckdb.DuckDBPyConnection, contract: Contract, root: Path, names: str) -> None:
    """Make `placed`: candidates and waiting rows with the foreign keys whose parents are missing."""
    orphans = root / str(contract.orphans_table)
    waiting = ""
    if DeltaTable.is_deltatable(str(orphans)):
        waiting = f" UNION ALL SELECT {names} FROM {scan(DeltaTable(orphans))}"
    joins, missing = "", []
    for place, key in enumerate(contract.foreign_keys):
        parent = DeltaTable(root / key.dataset)
        keys = f"SELECT {key.parent_key} AS k{place} FROM {scan(parent)}"
        joins += f" LEFT JOIN ({keys}) ON {key.column} = k{place}"
        missing.append(f"CASE WHEN k{place} IS NULL THEN '{key.column} ' ELSE '' END")
    database.execute(
        f"CREATE OR REPLACE TEMP TABLE placed AS SELECT {names}, {' || '.join(missing)} AS missing "
        f"FROM (SELECT {names} FROM candidates{waiting}){joins}"
    )


def _wait(
    database: duckdb.DuckDBPyConnection, contract: Contract, root: Path, table: DeltaTable, names: str
) -> None:
    """Write the orphans anew if they have changed: the newest row of each key that misses the same parents,
    unless the table has or gets a newer one."""
    key, path = contract.primary_key, root / str(contract.orphans_table)
    stored = f" UNION ALL SELECT {key}, _sequence FROM {scan(table)}" if table.version() else ""
    database.execute(
        f"CREATE OR REPLACE TEMP TABLE orphans AS SELECT {names}, missing FROM placed "
        f"LEFT JOIN (SELECT {key} AS complete, max(_sequence) AS newest FROM ("
        f"  SELECT {key}, _sequence FROM placed WHERE missing = ''{stored}) GROUP BY {key}"
        f") ON {key} = complete WHERE missing <> '' AND (newest IS NULL OR _sequence >= newest) "
        f"QUALIFY row_number() OVER (PARTITION BY {key}, missing ORDER BY _sequence DESC, _line DESC) = 1"
    )
    if DeltaTable.is_deltatable(str(path)):
        values = ", ".join([*contract.names, "missing"])
        before = f"SELECT {values} FROM {scan(DeltaTable(path))}"
        changed = (
            f"SELECT count(*) FROM ((SELECT {values} FROM orphans EXCEPT ALL {before}) "
            f"UNION ALL ({before} EXCEPT ALL SELECT {values} FROM orphans))"
        )
        if _number(database, changed) == 0:
            return
    write_deltalake(path, database.sql("SELECT * FROM orphans").arrow(), mode="overwrite")


def _number(database: duckdb.DuckDBPyConnection, query: str) -> int:
    row: Any = database.sql(query).fetchone()
    return int(row[0])


if __name__ == "__main__":
    serve({"load": load})
