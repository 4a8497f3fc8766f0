"""Rows whose parents have not arrived."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from data import items, orders, outcome, outcomes, products
from lake import START, Lake

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


def test_items_before_their_parents_wait_and_are_merged_when_both_are_there(
    spark: SparkSession, tmp_path: Path
) -> None:
    lake = Lake(spark, tmp_path)
    file = lake.land("order_items", items(("1", "10", "5", 1), ("2", "10", "6", 2)))
    first = lake.load(file)["order_items"]
    assert outcome(first) == {"read": 2, "orphaned": 2}
    assert first["orphans"] == {"waiting": 2, "oldestSince": "2025-05-02T00:00:00.000Z", "expired": 0}
    assert lake.rows("order_items_orphans", "id", "_missing") == [
        ("1", ["order_id", "product_id"]),
        ("2", ["order_id", "product_id"]),
    ]
    still = lake.load(lake.land("products", products(("5", "x"))))["order_items"]
    assert (still["redriven"], still["orphans"]["waiting"]) == ([], 2)
    assert lake.version("order_items_orphans") == 1, "a waiting row is left untouched"
    done = lake.load(lake.land("orders", orders(("10", "1"))))["order_items"]
    assert outcomes(done, "redriven") == {file.file_id: {"inserted": 1, "orphaned": -1}}
    assert lake.rows("order_items", "id", "_file", "_line", "_batch") == [("1", file.file_id, 2, 3)]
    assert lake.rows("order_items_orphans", "id") == [("2",)]


def test_parents_of_the_same_batch_count_and_the_newest_complete_row_wins(
    spark: SparkSession, tmp_path: Path
) -> None:
    lake = Lake(spark, tmp_path)
    older = lake.land("order_items", items(("1", "10", "5", 1), ("2", "10", "5", 1)))
    newer = lake.land("order_items", items(("1", "10", "7", 9), ("2", "10", "5", 2)))
    parents = [lake.land("products", products(("5", "x"))), lake.land("orders", orders(("10", "1")))]
    result = lake.load(older, newer, *parents)["order_items"]
    assert outcomes(result) == {
        older.file_id: {"read": 2, "inserted": 1, "superseded": 1},
        newer.file_id: {"read": 2, "inserted": 1, "orphaned": 1},
    }
    late = lake.load(lake.land("products", products(("7", "y"))))["order_items"]
    assert outcomes(late, "redriven") == {newer.file_id: {"updated": 1, "orphaned": -1}}
    assert lake.rows("order_items", "id", "product_id", "add_to_cart_order") == [("1", "7", 9), ("2", "5", 2)]


def test_an_item_waits_for_an_order_that_was_rejected_and_is_merged_when_it_comes_corrected(
    spark: SparkSession, tmp_path: Path
) -> None:
    lake = Lake(spark, tmp_path)
    item = lake.land("order_items", items(("1", "10", "5", 1)))
    spoilt = lake.land("orders", orders(("10", "1.234")))
    first = lake.load(item, spoilt, lake.land("products", products(("5", "x"))))
    assert (outcome(first["orders"]), outcome(first["order_items"])) == (
        {"read": 1, "rejected": 1},
        {"read": 1, "orphaned": 1},
    )
    done = lake.load(lake.land("orders", orders(("10", "1.23"))))["order_items"]
    assert outcomes(done, "redriven") == {item.file_id: {"inserted": 1, "orphaned": -1}}
    assert (lake.rows("order_items", "id"), lake.rows("order_items_orphans", "id")) == ([("1",)], [])


def test_an_orphan_yields_to_a_newer_complete_row_of_its_key(spark: SparkSession, tmp_path: Path) -> None:
    lake = Lake(spark, tmp_path)
    orphan = lake.land("order_items", items(("1", "10", "7", 1)))
    newer = lake.land("order_items", items(("1", "10", "5", 2)))
    lake.load(orphan, lake.land("products", products(("5", "x"))), lake.land("orders", orders(("10", "1"))))
    result = lake.load(newer)["order_items"]
    assert outcome(result) == {"read": 1, "inserted": 1}
    assert outcomes(result, "redriven") == {orphan.file_id: {"superseded": 1, "orphaned": -1}}
    assert lake.rows("order_items_orphans", "id") == []


def test_of_two_lines_of_one_file_the_later_wins_whichever_parent_comes_first(
    spark: SparkSession, tmp_path: Path
) -> None:
    ends = []
    for name, arrivals in (("late", ("10", "11")), ("early", ("11", "10"))):
        lake = Lake(spark, tmp_path / name)
        file = lake.land("order_items", items(("1", "10", "5", 1), ("1", "11", "5", 2)))
        lake.load(file, lake.land("products", products(("5", "x"))))
        for order in arrivals:
            lake.load(lake.land("orders", orders((order, "1"))))
        assert lake.rows("order_items_orphans", "id") == []
        ends.append(lake.rows("order_items", "id", "order_id", "_line"))
    assert ends == [[("1", "11", 3)], [("1", "11", 3)]]


def test_an_orphan_past_its_age_becomes_a_reject_that_is_booked_to_its_file(
    spark: SparkSession, tmp_path: Path
) -> None:
    lake = Lake(spark, tmp_path, orphan_max_age_days=7)
    text = items(("1", "10", "7", 1))
    file = lake.land("order_items", text)
    lake.load(file)
    again = lake.load(lake.land("order_items", text))["order_items"]
    assert outcome(again) == {"read": 1, "unchanged": 1}
    assert again["confirmations"].keys() == {file.file_id}
    assert (again["redriven"], again["orphans"]["waiting"]) == ([], 1)
    parent = lake.land("products", products(("1", "x")))
    result = lake.load(parent, planned_at=START + timedelta(days=9))["order_items"]
    assert outcomes(result, "redriven") == {file.file_id: {"rejected": 1, "orphaned": -1}}
    assert result["orphans"] == {"waiting": 0, "oldestSince": None, "expired": 1}
    (reject,) = lake.table("order_items_rejects").collect()
    assert (reject["file"], reject["line"], reject["raw"]) == (file.key, 2, text.splitlines()[1])
    assert [(reason["rule"], reason["column"]) for reason in reject["reasons"]] == [
        ("ORPHAN_EXPIRED", "order_id"),
        ("ORPHAN_EXPIRED", "product_id"),
    ]
    # two reasons, one rule
    assert result["rejectedByRule"] == {"ORPHAN_EXPIRED": 1}
    assert lake.rows("order_items_orphans", "id") == []
