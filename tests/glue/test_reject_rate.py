"""Files of which too many rows break a rule."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from data import items, orders, outcome, outcomes, products
from fakes import CrashAfter
from lake import START, Lake
from lakehouse.errors import JobInterrupted
from lakehouse.reject_rate import BrokenRows, files_over_rate

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


def _rejected(result: dict[str, Any]) -> dict[str, list[tuple[str, str | None, str]]]:
    return {
        file["fileId"]: [(reason["rule"], reason["column"], reason["message"]) for reason in file["reasons"]]
        for file in result["rejectedFiles"]
    }


def test_a_file_over_the_rate_is_as_if_it_had_never_come_and_the_others_load(
    spark: SparkSession, tmp_path: Path
) -> None:
    lake = Lake(spark, tmp_path, max_reject_rate=0.5)
    older = lake.land("orders", orders(("1", "1"), ("2", "2"), ("", "3"), ("", "4")))
    # Newer, so its sound row 1 would win over the older file's.
    spoilt = lake.land("orders", orders(("1", "9"), ("", "1.234"), ("", "1.234"), ("4", "x")))
    result = lake.load(older, spoilt)["orders"]
    assert outcomes(result) == {older.file_id: {"read": 4, "inserted": 2, "rejected": 2}}
    assert _rejected(result) == {
        spoilt.file_id: [
            (
                "REJECT_RATE",
                None,
                "found 3 of 4 rows that break a rule (NULL_KEY in 2, SCALE in 2, BAD_DECIMAL in 1), expected "
                "a share of at most 0.5; no row was loaded: correct the rows and upload the file again",
            )
        ]
    }
    assert lake.rows("orders", "order_id", "cast(total_amount as int)") == [("1", 1), ("2", 2)]
    assert lake.rows("orders_rejects", "file_id", "line") == [(older.file_id, 4), (older.file_id, 5)]


def test_a_batch_of_nothing_but_spoilt_files_commits_nothing(spark: SparkSession, tmp_path: Path) -> None:
    lake = Lake(spark, tmp_path, max_reject_rate=0)
    before = lake.versions()
    result = lake.load(lake.land("products", products(("1", "a"), ("", "b"))))["products"]
    assert (result["files"], len(result["rejectedFiles"])) == ([], 1)
    assert lake.versions() == before


def test_duplicates_orphans_and_orphans_that_expire_do_not_count(spark: SparkSession, tmp_path: Path) -> None:
    lake = Lake(spark, tmp_path, max_reject_rate=0, orphan_max_age_days=7)
    same = ("1", "10", "5", 1)
    waiting = lake.land("order_items", items(same, same, ("2", "10", "5", 1)))
    result = lake.load(waiting)["order_items"]
    assert (outcome(result), result["rejectedFiles"]) == ({"read": 3, "duplicate": 1, "orphaned": 2}, [])
    late = lake.load(lake.land("products", products(("9", "x"))), planned_at=START + timedelta(days=9))
    assert outcomes(late["order_items"], "redriven") == {waiting.file_id: {"rejected": 2, "orphaned": -2}}
    assert late["order_items"]["rejectedFiles"] == []


def test_items_wait_for_a_parent_whose_file_was_rejected_until_the_corrected_file_comes(
    spark: SparkSession, tmp_path: Path
) -> None:
    lake = Lake(spark, tmp_path, max_reject_rate=0.4)
    parents = lake.land("orders", orders(("10", "1"), ("", "2")))
    rows = lake.land("order_items", items(("1", "10", "5", 1)))
    first = lake.load(parents, rows, lake.land("products", products(("5", "x"))))
    assert (outcome(first["order_items"]), first["orders"]["files"]) == ({"read": 1, "orphaned": 1}, [])
    done = lake.load(lake.land("orders", orders(("10", "1"), ("11", "2"))))
    assert outcomes(done["order_items"], "redriven") == {rows.file_id: {"inserted": 1, "orphaned": -1}}


def test_a_run_after_a_crash_rejects_the_same_files(spark: SparkSession, tmp_path: Path) -> None:
    lake = Lake(spark, tmp_path, max_reject_rate=0.5)
    files = [lake.land("products", products(("1", "a"), ("", "b"))) for _ in range(2)]
    files.append(lake.land("products", products(("", "a"), ("", "b"), ("2", "c"))))
    batch = lake.plan(files)
    progress = CrashAfter()
    undisturbed = lake.copy(tmp_path / "undisturbed")
    expected = undisturbed.run(undisturbed.plan(files), "products", progress=progress)
    for step in ("reject rates compared", "products_rejects written", "products written"):
        with pytest.raises(JobInterrupted):
            lake.run(batch, "products", progress=CrashAfter(progress.steps.index(step) + 1))
    result = lake.run(batch, "products")
    assert (result["files"], _rejected(result)) == (expected["files"], _rejected(expected))
    assert list(_rejected(result)) == [files[2].file_id]
    assert lake.rows("products_rejects", "file_id") == sorted((file.file_id,) for file in files[:2])


def test_a_file_that_was_loaded_before_the_rate_was_set_is_loaded_again_all_the_same(
    spark: SparkSession, tmp_path: Path
) -> None:
    lake = Lake(spark, tmp_path)
    file = lake.land("products", products(("1", "a"), ("", "b")))
    first = lake.load(file)["products"]
    before = lake.versions()
    lake.max_reject_rate = 0
    again = lake.load(file)["products"]
    assert (outcome(first), first["rejectedFiles"]) == ({"read": 2, "inserted": 1, "rejected": 1}, [])
    assert (outcome(again), again["rejectedFiles"]) == ({"read": 2, "unchanged": 1, "rejected": 1}, [])
    assert lake.versions() == before


def test_without_a_rate_no_file_is_rejected_and_nothing_more_is_counted(
    spark: SparkSession, tmp_path: Path
) -> None:
    lake = Lake(spark, tmp_path)
    progress = CrashAfter()
    batch = lake.plan([lake.land("products", products(("", "a"), ("", "b")))])
    result = lake.run(batch, "products", progress=progress)
    assert (outcome(result), result["rejectedFiles"]) == ({"read": 2, "rejected": 2}, [])
    assert "reject rates compared" not in progress.steps


@pytest.mark.parametrize(
    ("rejected", "read", "rate", "over"),
    [(1, 10, 0.1, False), (3, 10, 0.3, False), (4, 10, 0.3, True), (1, 1, 1, False), (1, 10**9, 0, True)],
)
def test_a_file_at_the_rate_is_accepted_one_above_it_is_not(
    rejected: int, read: int, rate: float, over: bool
) -> None:
    assert (
        bool(files_over_rate({"f": BrokenRows(rejected, {"NULL_KEY": rejected})}, {"f": read}, rate)) is over
    )


def test_the_message_names_the_most_frequent_rules_first_and_counts_the_rest() -> None:
    by_rule = {"A": 1, "B": 5, "C": 2, "D": 2, "E": 3, "F": 1, "G": 1}
    message = files_over_rate({"f": BrokenRows(9, by_rule)}, {"f": 10}, 0.1)["f"]
    assert "found 9 of 10 rows" in message
    assert "(B in 5, E in 3, C in 2, D in 2, A in 1 and 2 more rules)" in message
