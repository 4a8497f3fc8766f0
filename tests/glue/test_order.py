"""Which row of a key wins, and what is written for it."""

from __future__ import annotations

import random
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from data import orders, outcome, outcomes, products
from lake import Lake

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


def test_in_one_file_the_last_line_wins_and_equal_neighbours_are_duplicates(
    spark: SparkSession, tmp_path: Path
) -> None:
    lake = Lake(spark, tmp_path)
    file = lake.land("products", products(("1", "a"), ("1", "b"), ("1", "b"), ("2", "x"), ("1", "b")))
    result = lake.load(file)["products"]
    assert outcome(result) == {"read": 5, "inserted": 2, "duplicate": 2, "superseded": 1}
    assert lake.rows("products", "product_id", "product_name", "_line") == [("1", "b", 6), ("2", "x", 5)]


def test_in_one_batch_the_newest_file_wins_whatever_the_order_of_the_manifest(
    spark: SparkSession, tmp_path: Path
) -> None:
    lake = Lake(spark, tmp_path)
    old, new = lake.land("products", products(("1", "old"))), lake.land("products", products(("1", "new")))
    result = lake.load(new, old)["products"]
    assert outcomes(result) == {
        old.file_id: {"read": 1, "superseded": 1},
        new.file_id: {"read": 1, "inserted": 1},
    }
    assert lake.rows("products", "product_name") == [("new",)]


def test_the_winner_depends_neither_on_partitions_nor_on_the_order_in_which_files_are_listed(
    spark: SparkSession, tmp_path: Path
) -> None:
    random_ = random.Random(7)
    lake = Lake(spark, tmp_path / "0")
    keys = [str(key) for key in range(12)]
    contents = [
        products(*((random_.choice(keys), random_.choice("ab")) for _ in range(40))) for _ in range(3)
    ]
    lake.load(lake.land("products", contents[0]))
    lakes = [lake, *(lake.copy(tmp_path / str(number)) for number in (1, 2))]
    ways = [("1", "128m", False), ("5", "300", True), ("3", "500", False)]
    ended = []
    try:
        for way, (partitions, block_bytes, backwards) in zip(lakes, ways, strict=True):
            spark.conf.set("spark.sql.shuffle.partitions", partitions)
            spark.conf.set("spark.sql.files.maxPartitionBytes", block_bytes)
            files = [way.land("products", text) for text in contents[1:]]
            result = way.load(*(reversed(files) if backwards else files))["products"]
            ended.append(
                (way.rows("products", "product_id", "product_name", "_file", "_line"), outcomes(result))
            )
    finally:
        spark.conf.set("spark.sql.shuffle.partitions", "1")
        spark.conf.unset("spark.sql.files.maxPartitionBytes")
    assert ended[1:] == ended[:-1]
    rows, _ = ended[0]
    last = {line.split(",")[0]: line.split(",")[3] for text in contents for line in text.splitlines()[1:]}
    assert {key: name for key, name, _, _ in rows} == last


@pytest.mark.parametrize("small_table", [0, 1_000_000], ids=["large table", "small table"])
def test_a_newer_row_updates_an_older_file_that_arrives_later_changes_nothing(
    spark: SparkSession, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, small_table: int
) -> None:
    monkeypatch.setattr("lakehouse.job._SMALL_TABLE_BYTES", small_table)
    lake = Lake(spark, tmp_path)
    late = lake.land("orders", orders(("1", "9"), ("3", "9"), day="2025-04-07"))
    first = lake.land("orders", orders(("1", "1"), ("2", "2")))
    second = lake.land("orders", orders(("1", "5"), ("4", "4"), day="2025-04-02"))
    lake.load(first)
    assert outcome(lake.load(second)["orders"]) == {"read": 2, "inserted": 1, "updated": 1}
    assert outcome(lake.load(late)["orders"]) == {"read": 2, "inserted": 1, "superseded": 1}
    assert lake.rows("orders", "order_id", "cast(total_amount as int)", "cast(date as string)") == [
        ("1", 5, "2025-04-02"),  # moved to another partition, and is there once
        ("2", 2, "2025-04-01"),
        ("3", 9, "2025-04-07"),
        ("4", 4, "2025-04-02"),
    ]


def test_the_same_files_again_change_no_table_and_count_as_newer(spark: SparkSession, tmp_path: Path) -> None:
    lake = Lake(spark, tmp_path)
    a, other = products(("1", "a"), ("2", "b")), products(("3", "c"))
    between = lake.land("products", products(("1", "between")))
    lake.landed = 10
    lake.load(lake.land("products", a), lake.land("products", other))
    before = lake.versions()
    lake.landed = 20
    again, late = lake.land("products", a), between
    # `between` is older than the first file; `late_b` is newer than it and older than its repetition.
    lake.landed = 15
    late_b = lake.land("products", products(("1", "late"), ("9", "new")))
    assert outcome(lake.load(again)["products"]) == {"read": 2, "unchanged": 2}
    assert lake.versions() == before
    assert outcome(lake.load(late_b)["products"]) == {"read": 2, "superseded": 1, "inserted": 1}
    assert outcome(lake.load(late)["products"]) == {"read": 1, "superseded": 1}
    assert lake.rows("products", "product_id", "product_name")[0] == ("1", "a")


def test_a_file_that_comes_again_in_part_is_written_so_that_its_rows_count_as_newer(
    spark: SparkSession, tmp_path: Path
) -> None:
    lake = Lake(spark, tmp_path)
    first = lake.land("products", products(("1", "a"), ("2", "b")))
    older = lake.land("products", products(("1", "older"), ("2", "older")))
    part = lake.land("products", products(("1", "a")))
    lake.load(first)
    result = lake.load(part)["products"]
    assert (outcome(result), result["confirmations"]) == ({"read": 1, "unchanged": 1}, {})
    assert lake.rows("products", "product_id", "_file") == [("1", part.file_id), ("2", first.file_id)]
    assert outcome(lake.load(older)["products"]) == {"read": 2, "superseded": 1, "updated": 1}
    assert lake.rows("products", "product_name") == [("a",), ("older",)]


def test_a_file_read_again_under_its_old_sequence_is_unchanged(spark: SparkSession, tmp_path: Path) -> None:
    lake = Lake(spark, tmp_path)
    file = lake.land("products", products(("1", "a"), ("1", "b"), ("1", "b"), ("2", "c"), ("", "x")))
    lake.load(file)
    before = lake.version("products")
    replay = outcome(lake.load(file)["products"])
    assert replay == {"read": 5, "unchanged": 2, "duplicate": 1, "superseded": 1, "rejected": 1}
    assert lake.version("products") == before
