"""What a batch says of tables that somebody else broke: the publish gate must not hold it for that."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from data import items, orders, outcome, products
from lake import Lake

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


def _double(lake: Lake, table: str, condition: str) -> None:
    """Somebody appends rows of a table to it once more."""
    path = f"{lake.warehouse}/{table}"
    rows = lake.spark.read.format("delta").load(path).where(condition)
    rows.localCheckpoint().write.format("delta").mode("append").save(path)


@pytest.mark.parametrize("large_batch", [1 << 20, 0])
def test_a_key_that_stands_twice_is_counted_apart_when_both_rows_are_updated(
    large_batch: int, spark: SparkSession, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lakehouse.job._LARGE_BATCH_BYTES", large_batch)
    lake = Lake(spark, tmp_path)
    first = lake.load(lake.land("products", products(("1", "a"), ("2", "a"), ("3", "a"))))["products"]
    assert "repeatedBefore" not in first
    _double(lake, "products", "product_id IN ('1', '2')")

    later = lake.load(lake.land("products", products(("1", "b"), ("3", "b"), ("4", "b"))))["products"]

    assert outcome(later) == {"read": 3, "inserted": 1, "updated": 2}
    assert later["repeatedBefore"] == 1, "of the keys that the batch writes, not of the other one"
    assert lake.rows("products", "product_id", "product_name", "_batch") == [
        *[("1", "b", 2)] * 2,
        *[("2", "a", 1)] * 2,
        ("3", "b", 2),
        ("4", "b", 2),
    ]


def test_an_item_whose_order_was_deleted_by_hand_waits_instead_of_standing_without_it(
    spark: SparkSession, tmp_path: Path
) -> None:
    lake = Lake(spark, tmp_path)
    parents = [lake.land("products", products(("5", "x"))), lake.land("orders", orders(("10", "1")))]
    lake.load(*parents, lake.land("order_items", items(("1", "10", "5", 1))))
    spark.sql(f"DELETE FROM delta.`{lake.warehouse}/orders`")

    again = lake.load(lake.land("order_items", items(("1", "10", "5", 1), ("2", "10", "5", 2))))

    assert outcome(again["order_items"])["orphaned"] == 2
    assert lake.rows("order_items", "id", "_batch") == [("1", 1)]
