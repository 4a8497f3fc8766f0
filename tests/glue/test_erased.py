"""Rows about people who were erased: files that name them again bring nothing back, and their rows add up."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from data import ITEM_COLUMNS, ORDER_COLUMNS, outcome
from fakes import KEY, KEY_URI
from lake import Lake
from lakehouse.contract import load_contract
from lakehouse.erased import MARK, digest_column, digest_of
from lakehouse.errors import DocumentMissing
from lakehouse.local_rows import local_rows

if TYPE_CHECKING:
    from pathlib import Path

    from pyspark.sql import SparkSession


def order(key: str, person: str) -> str:
    return f"1,{key},{person},2025-04-01T10:00:00,1.00,2025-04-01"


def file_of(*lines: str, columns: str = ORDER_COLUMNS) -> str:
    return "\n".join([columns, *lines]) + "\n"


@pytest.mark.parametrize("key", [KEY, b"short", b"x" * 64, b"longer than a block " * 4])
def test_spark_computes_the_digest_that_python_does(spark: SparkSession, key: bytes) -> None:
    people = ["3081", "", 'Zoë, "the" person', "0"]
    rows = local_rows(spark, [{"person": person} for person in people], "person string")
    found = rows.select("person", digest_column(rows["person"], key).alias("digest")).collect()
    assert {row["person"]: row["digest"] for row in found} == {
        person: digest_of(person, key) for person in people
    }


def test_a_file_brings_nobody_back_who_was_erased_and_its_rows_add_up(
    spark: SparkSession, tmp_path: Path
) -> None:
    lake = Lake(spark, tmp_path, erased=[digest_of("u7", KEY)])
    file = lake.land("orders", file_of(order("1", "u7"), order("2", "u8"), order("3", ' "u7" ')))
    result = lake.load(file)["orders"]
    assert outcome(result) == {"read": 3, "inserted": 1, "erased": 2}
    assert lake.rows("orders", "order_id", "user_id") == [("2", "u8")]
    assert lake.rows("orders_rejects", "raw") == []


def test_a_line_that_does_not_split_is_left_out_when_any_of_its_values_is_the_id(
    spark: SparkSession, tmp_path: Path
) -> None:
    lake = Lake(spark, tmp_path, erased=[digest_of("u7", KEY)])
    broken = ['1,1,"u7",1,2,3,4,5', "u7", '1,2,"u7', "1,2,u8", "u77,1"]
    result = lake.load(lake.land("orders", file_of(*broken)))["orders"]
    assert outcome(result) == {"read": 5, "rejected": 2, "erased": 3}
    assert lake.rows("orders_rejects", "raw") == [("1,2,u8",), ("u77,1",)]


def test_only_the_column_of_the_person_counts_in_a_line_that_splits(
    spark: SparkSession, tmp_path: Path
) -> None:
    lake = Lake(spark, tmp_path, erased=[digest_of("7", KEY)])
    result = lake.load(lake.land("orders", file_of(order("7", "u8"), order("8", "u9"))))["orders"]
    assert outcome(result) == {"read": 2, "inserted": 2}


def test_a_mark_in_a_kept_file_is_read_as_an_erased_row_and_a_foreign_one_is_not(
    spark: SparkSession, tmp_path: Path
) -> None:
    digest = digest_of("u7", KEY)
    lake = Lake(spark, tmp_path, erased=[digest])
    marks = [MARK + digest, MARK + digest_of("u9", KEY)]
    result = lake.load(lake.land("orders", file_of(*marks, order("2", "u8"))))["orders"]
    assert outcome(result) == {"read": 3, "inserted": 1, "rejected": 1, "erased": 1}


def test_nothing_is_left_out_where_nobody_was_erased(spark: SparkSession, tmp_path: Path) -> None:
    lake = Lake(spark, tmp_path)
    lake.documents.bodies.clear()
    result = lake.load(lake.land("orders", file_of(order("1", "u7"))))["orders"]
    assert outcome(result) == {"read": 1, "inserted": 1}
    assert "erased" not in result["files"][0]["rows"]


def test_a_key_that_is_gone_stops_the_load_instead_of_bringing_people_back(
    spark: SparkSession, tmp_path: Path
) -> None:
    lake = Lake(spark, tmp_path, erased=[digest_of("u7", KEY)])
    del lake.documents.bodies[KEY_URI]
    with pytest.raises(DocumentMissing):
        lake.load(lake.land("orders", file_of(order("1", "u7"))))


def test_the_contracts_name_the_person_of_orders_and_items_and_of_no_product() -> None:
    subjects = {name: load_contract(name).subject for name in ("products", "orders", "order_items")}
    assert subjects["products"] is None
    assert subjects["orders"] in ORDER_COLUMNS.split(",")
    assert subjects["order_items"] in ITEM_COLUMNS.split(",")
