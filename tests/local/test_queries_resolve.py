"""The queries name only columns of the contracts, and the derived validation finds what it is for."""

from __future__ import annotations

import json
import re
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


TABLES = (ROOT / "generated/validation.sql").read_text()


def violations(connection: duckdb.DuckDBPyConnection, sql: str) -> dict[str, object]:
    return {str(name): count for name, count in run(connection, sql) if count}


@pytest.mark.parametrize("sql", [TABLES, planted_violations.validation_of(1)], ids=["tables", "batch"])
def test_empty_tables_are_no_violation(sql: str, warehouse: duckdb.DuckDBPyConnection) -> None:
    assert violations(warehouse, sql) == {}


def test_each_planted_violation_is_counted_under_its_name(warehouse: duckdb.DuckDBPyConnection) -> None:
    for statement in planted_violations.STATEMENTS:
        warehouse.execute(statement)

    assert violations(warehouse, TABLES) == planted_violations.FOUND_IN_TABLES


@pytest.mark.parametrize(("batch", "found"), planted_violations.FOUND_IN_BATCH.items())
def test_a_batch_is_counted_what_it_wrote_and_nothing_that_others_did(
    batch: int, found: dict[str, int], warehouse: duckdb.DuckDBPyConnection
) -> None:
    for statement in planted_violations.STATEMENTS:
        warehouse.execute(statement)

    assert violations(warehouse, planted_violations.validation_of(batch)) == found


def test_every_check_has_a_planted_violation() -> None:
    for sql in (TABLES, planted_violations.validation_of(2)):
        names = re.findall(r"^SELECT '(\w+)' AS name", sql, re.MULTILINE)
        assert sorted(names) == sorted(planted_violations.FOUND_IN_TABLES)
