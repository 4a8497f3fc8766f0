"""A batch reads of the tables what may hold its keys, and no more."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlparse

import pytest

from data import items, orders, outcome, products
from lake import Lake

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


def _remove_files_of(lake: Lake, dataset: str, key: str, value: str) -> None:
    """Remove the table's data files that hold the row, so that whoever reads them fails."""
    table = lake.spark.read.format("delta").load(f"{lake.warehouse}/{dataset}")
    found = table.where(f"{key} = '{value}'").selectExpr("input_file_name()").distinct().collect()
    assert found
    for (name,) in found:
        Path(unquote(urlparse(name).path)).unlink()


def test_a_batch_reads_no_file_that_holds_none_of_its_keys(
    spark: SparkSession, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lakehouse.job._SMALL_TABLE_BYTES", 0)
    lake = Lake(spark, tmp_path)
    lake.load(
        lake.land("products", products(("1", "a"))),
        lake.land("orders", orders(("1", "1"), day="2025-04-01")),
        lake.land("orders", orders(("5", "5"), day="2025-04-02")),
    )
    lake.load(lake.land("products", products(("7", "g"))))
    _remove_files_of(lake, "orders", "order_id", "1")
    _remove_files_of(lake, "products", "product_id", "1")

    results = lake.load(
        lake.land("orders", orders(("5", "6"), ("6", "6"), day="2025-04-03")),
        lake.land("order_items", items(("a", "6", "7", 1))),
    )

    assert outcome(results["orders"]) == {"read": 2, "inserted": 1, "updated": 1}
    assert outcome(results["order_items"]) == {"read": 1, "inserted": 1}


def test_without_a_key_in_it_a_batch_reads_no_stored_row(
    spark: SparkSession, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lakehouse.job._SMALL_TABLE_BYTES", 0)
    lake = Lake(spark, tmp_path)
    lake.load(lake.land("products", products(("1", "a"))))
    _remove_files_of(lake, "products", "product_id", "1")

    assert outcome(lake.load(lake.land("products", products(("", "b"))))["products"]) == {
        "read": 1,
        "rejected": 1,
    }
