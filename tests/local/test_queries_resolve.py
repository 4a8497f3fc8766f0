"""The queries name only columns of the contracts, and the derived validation finds what it is for."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pytest
import sqlglot

import planted_violations

ROOT = Path(__file__).parents[2]
QUERIES = sorted((ROOT / "queries").glob("*.sql"))
DUCKDB_TYPES = {"string": "VARCHAR", "array<string>": "VARCHAR[]"}
REASONS = "array<struct<rule:string,column:string,message:string>>"


def duckdb_type(glue_type: str) -> str:
    if glue_type == REASONS:
        return 'STRUCT("rule" VARCHAR, "column" VARCHAR, message VARCHAR)[]'
    return DUCKDB_TYPES.get(glue_type, glue_type)


@pytest.fixture
def warehouse() -> duckdb.DuckDBPyConnection:
    """Every table of the generated catalog, empty, with its columns."""
    connection = duckdb.connect()
    catalog = json.loads((ROOT / "generated/catalog.json").read_text())
    for resource in catalog["Resources"].values():
        table = resource["Properties"]["TableInput"]
        columns = ", ".join(
            f'"{column["Name"]}" {duckdb_type(column["Type"])}'
            for column in table["StorageDescriptor"]["Columns"]
        )
        connection.execute(f"CREATE TABLE {table['Name']} ({columns})")
    return connection


def run(connection: duckdb.DuckDBPyConnection, sql: str) -> list[tuple[object, ...]]:
    (translated,) = sqlglot.transpile(sql, read="athena", write="duckdb")
    return connection.execute(translated).fetchall()


@pytest.mark.parametrize("query", QUERIES, ids=lambda path: path.stem)
def test_a_query_names_only_tables_and_columns_of_the_contracts(
    query: Path, warehouse: duckdb.DuckDBPyConnection
) -> None:
    run(warehouse, query.read_text())


def test_there_are_queries_to_resolve() -> None:
    assert QUERIES


def violations(connection: duckdb.DuckDBPyConnection) -> dict[str, object]:
    rows = run(connection, (ROOT / "generated/validation.sql").read_text())
    return {str(name): count for name, count in rows if count}


def test_empty_tables_are_no_violation(warehouse: duckdb.DuckDBPyConnection) -> None:
    assert violations(warehouse) == {}


def test_each_planted_violation_is_counted_under_its_name(warehouse: duckdb.DuckDBPyConnection) -> None:
    for statement in planted_violations.STATEMENTS:
        warehouse.execute(statement)

    assert violations(warehouse) == planted_violations.FOUND
