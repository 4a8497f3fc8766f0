"""What the tables look like."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from data import items, orders
from lake import Lake
from lakehouse.contract import load_contract

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


def test_a_run_without_files_creates_the_empty_tables_and_publishes(
    spark: SparkSession, tmp_path: Path
) -> None:
    lake = Lake(spark, tmp_path, new=True)
    result = lake.run(lake.plan([]), "order_items")
    names = ["order_items", "order_items_rejects", "order_items_orphans"]
    assert [(table["name"], table["version"], table["rows"]) for table in result["tables"]] == [
        (name, 0, 0) for name in names
    ]
    assert (result["status"], result["files"], result["orphans"]["waiting"]) == ("published", [], 0)
    contract = load_contract("order_items")
    detail = spark.sql(f"DESCRIBE DETAIL delta.`{lake.warehouse}/order_items`").collect()[0]
    assert detail["partitionColumns"] == [contract.partition_by]
    fields = lake.table("order_items").schema.fields
    expected = {column.name: (column.sql_type, column.description) for column in contract.columns}
    found = {field.name: (field.dataType.simpleString(), field.metadata.get("comment")) for field in fields}
    assert {name: found[name] for name in contract.names} == expected
    assert [field.name for field in fields] == [*contract.names, "_file", "_sequence", "_line", "_batch"]


def test_the_log_of_a_table_holds_no_value_of_a_column_with_personal_data(
    spark: SparkSession, tmp_path: Path
) -> None:
    lake = Lake(spark, tmp_path)
    user = "987654321"
    broken = orders(("11", "not a number")).splitlines()[1]
    lines = (orders(("10", "5.00")) + broken + "\n").replace("u1", user)
    waits = items(("1", "10", "5", 1)).replace("u1", user)
    lake.load(lake.land("orders", lines), lake.land("order_items", waits))
    for table in ("orders", "orders_rejects", "order_items_orphans"):
        commits = sorted((tmp_path / "warehouse" / table / "_delta_log").glob("*.json"))
        log = "".join(commit.read_text() for commit in commits)
        assert (lake.table(table).count(), "minValues" in log) == (1, True)
        assert user not in log
