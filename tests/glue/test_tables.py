"""What the tables look like, and how they follow their contract."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from data import outcome, products
from lake import Lake
from lakehouse.contract import Column, Contract, load_contract
from lakehouse.errors import TableSchemaMismatch

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


def _with_column(contract: Contract) -> Contract:
    extra = Column("colour", "string", nullable=True, description='The buyer\'s "favourite"', max_length=10)
    columns = (*contract.columns[:2], extra, *contract.columns[2:])
    return dataclasses.replace(contract, columns=columns)


def test_a_new_nullable_column_reaches_a_table_with_data_and_old_files_still_load(
    spark: SparkSession, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lake = Lake(spark, tmp_path, additive=True)
    lake.load(lake.land("products", products(("1", "a"))))
    grown = _with_column(load_contract("products"))
    monkeypatch.setattr("lakehouse.job.load_contract", lambda dataset: grown)
    new = lake.land("products", "product_id,colour,department_id,department,product_name\n2,red,1,Food,b\n")
    old = lake.land("products", products(("3", "c"), ("1", "a")))
    lake.load(new, old)
    assert lake.rows("products", "product_id", "colour") == [("1", None), ("2", "red"), ("3", None)]
    assert lake.table("products").columns[:4] == ["product_id", "department_id", "colour", "department"]
    assert [name for name, *_ in lake.rows("products_rejects", "raw")] == []


def test_a_strict_table_refuses_a_new_column_by_name(
    spark: SparkSession, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lake = Lake(spark, tmp_path)
    assert outcome(lake.load(lake.land("products", products(("1", "a"))))["products"])["inserted"] == 1
    grown = _with_column(load_contract("products"))
    monkeypatch.setattr("lakehouse.job.load_contract", lambda dataset: grown)
    with pytest.raises(TableSchemaMismatch, match="colour is missing and may not be added"):
        lake.load(lake.land("products", products(("2", "b"))))
