"""Queries on earlier versions of real Delta tables in a real instance."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from delta_tables import DeltaTable
from diff_sql import Roles, diff_sql
from instances import PROJECT, Instance


@pytest.fixture
def table(cloud: Instance, tmp_path: Path) -> DeltaTable:
    """Version 0 with one row, version 1 with three."""
    table = DeltaTable(cloud, tmp_path)
    table.append("SELECT 1 AS id, DATE '2025-05-01' AS date")
    table.append("SELECT i AS id, DATE '2025-05-02' AS date FROM range(2, 4) AS t (i)")
    return table


def travel(cloud: Instance, sql: str, tables: dict[str, Any], single: bool = True) -> dict[str, Any]:
    request = {"endpoint": cloud.endpoint, "sql": sql, "single": single, "tables": tables}
    finished = subprocess.run(
        [sys.executable, "-m", "localcloud.time_travel"],
        input=json.dumps(request),
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONPATH": str(PROJECT / "local")},
    )
    answer: dict[str, Any] = json.loads(finished.stdout)
    return answer


@pytest.mark.parametrize(("version", "count"), [(0, "1"), (1, "3")])
def test_a_query_sees_the_version_that_is_asked_for(
    cloud: Instance, table: DeltaTable, version: int, count: str
) -> None:
    tables = {"orders": {"location": table.location, "version": version}}
    answer = travel(cloud, "SELECT count(*) AS n, max(date) AS last FROM orders", tables)
    assert answer["rows"] == [[count, f"2025-05-0{version + 1}"]]
    assert answer["columns"] == [{"name": "n", "type": "bigint"}, {"name": "last", "type": "date"}]


def test_a_moment_may_read_tables_at_different_versions(cloud: Instance, table: DeltaTable) -> None:
    tables = {
        "orders": {"location": table.location, "version": 0},
        "later": {"location": table.location, "version": 1},
    }
    sql = "SELECT count(*) FROM later l LEFT JOIN orders o ON o.id = l.id WHERE o.id IS NULL"
    assert travel(cloud, sql, tables, single=False)["rows"] == [["2"]]
    assert "a version is of one table" in travel(cloud, sql, tables)["failed"]


@pytest.mark.parametrize(
    ("sql", "reason"),
    [
        ("SELECT id FROM orders", "has no such version"),
        ("SELECT id FROM absent", "TABLE_NOT_FOUND"),
        ("SELECT nvl(1, 2)", "FUNCTION_NOT_FOUND"),
        ("DELETE FROM orders", "not supported"),
    ],
)
def test_a_query_that_cannot_run_says_why(cloud: Instance, table: DeltaTable, sql: str, reason: str) -> None:
    tables = {"orders": {"location": table.location, "version": None}}
    assert reason in travel(cloud, sql, tables)["failed"]


def test_the_diff_reads_two_versions_of_a_table_whose_contract_got_a_column_in_between(
    cloud: Instance, tmp_path: Path, toolchain: Path
) -> None:
    table = DeltaTable(cloud, tmp_path, "products")
    old = "SELECT * FROM (VALUES ('1', 'kept', 1), ('2', 'gone', 1), ('3', 'was', 1)) AS t (id, name, _batch)"
    table.append(old)
    new = (
        "SELECT * FROM (VALUES ('1', 'kept', NULL, 2), ('3', 'is', 'red', 2), ('4', 'new', NULL, 2)) "
        "AS t (id, name, colour, _batch)"
    )
    table.append(new, remove=True, evolve=True)
    tables = {
        "before": {"location": table.location, "version": 0},
        "after": {"location": table.location, "version": 1},
    }
    roles = Roles(["id"], ["name", "colour"], ["_batch"])
    before, after = ["id", "name", "_batch"], ["id", "name", "colour", "_batch"]
    sql = diff_sql(toolchain, roles, before, after, limit=20)

    columns = travel(cloud, sql.columns, tables, single=False)["columns"]
    assert [column["name"] for column in columns] == before
    counts = travel(cloud, sql.counts, tables, single=False)["rows"]
    assert sorted(counts) == [["added", "1"], ["changed", "1"], ["removed", "1"]]
    added, changed, removed = travel(cloud, sql.rows, tables, single=False)["rows"]
    assert added[:7] == ["added", None, "4", "true", None, "new", "true"]
    same, different = ["3", "3", "false"], ["was", "is", "true", None, "red", "true", "1", "2", "true"]
    assert changed == ["changed", *same, *different]
    assert removed[:7] == ["removed", "2", None, "true", "gone", None, "true"]
