"""Files that are loaded again under their old identity and sequence."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from data import items, orders, outcome, products
from lake import START, File, Lake

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

DAY = timedelta(days=1)


def _history(lake: Lake) -> list[File]:
    """Files with every fate that a row can meet: after it the lake has rejects, waiting and expired orphans,
    superseded and duplicate rows, a repeated file and one that was late."""
    files = [
        lake.land("products", products(("5", "x"), ("6", "y"), ("6", "z"), ("", "no key"))),
        lake.land("orders", orders(("10", "1"), ("11", "2"), ("11", "2"))),
        lake.land("order_items", items(("1", "10", "5", 1), ("2", "10", "99", 1), ("3", "10", "77", 1))),
    ]
    late = lake.land("orders", orders(("11", "7"), ("12", "9"), ("13", "nine")))
    files += [
        lake.land("order_items", items(("3", "10", "77", 2), ("1", "10", "5", 3), ("", "10", "5", 1))),
        lake.land("orders", orders(("10", "1"), ("11", "2"), ("11", "2"))),
    ]
    for file in files:
        lake.load(file)
    lake.load(late)
    # the two orphans of the first two files expire, a third one waits
    waiting = lake.land("order_items", items(("4", "10", "88", 1), ("4", "10", "88", 1)))
    again = lake.land("order_items", items(("4", "10", "88", 1), ("4", "10", "88", 1)))
    lake.load(waiting, planned_at=START + 40 * DAY)
    lake.load(again, planned_at=START + 41 * DAY)
    return [*files, late, waiting, again]


def test_loading_everything_again_changes_no_table(spark: SparkSession, tmp_path: Path) -> None:
    lake = Lake(spark, tmp_path)
    files = _history(lake)
    assert {rule for _, _, rule, _ in lake.rejects()} == {"NULL_KEY", "ORPHAN_EXPIRED"}
    assert lake.rows("order_items_orphans", "id") == [("4",)]
    before = lake.versions()
    lake.load(*files, planned_at=START + 42 * DAY)
    assert lake.versions() == before
    for file in files:
        counts = lake.booked(file)
        assert counts.pop("read") == sum(counts.values()) and min(counts.values()) > 0
    for file in files:
        lake.load(file, planned_at=START + 43 * DAY)
        assert (file.key, lake.versions()) == (file.key, before)


def test_a_row_that_waits_is_still_counted_as_waiting_and_is_booked_right_when_its_parent_comes(
    spark: SparkSession, tmp_path: Path
) -> None:
    lake = Lake(spark, tmp_path)
    parents = [lake.land("products", products(("5", "x"))), lake.land("orders", orders(("10", "1")))]
    file = lake.land("order_items", items(("1", "10", "5", 1), ("2", "10", "7", 1), ("3", "10", "8", 1)))
    lake.load(file, *parents)
    result = lake.load(file, planned_at=START + 2 * DAY)["order_items"]
    assert outcome(result) == {"read": 3, "unchanged": 1, "orphaned": 2}
    assert result["redriven"] == []
    assert result["orphans"] == {"waiting": 2, "oldestSince": "2025-05-02T00:00:00.000Z", "expired": 0}
    lake.load(lake.land("products", products(("7", "late"))))
    assert lake.booked(file) == {"read": 3, "unchanged": 1, "inserted": 1, "orphaned": 1}
    # the last parent comes in the batch that loads the file a third time
    result = lake.load(file, lake.land("products", products(("8", "later"))))["order_items"]
    assert lake.booked(file) == {"read": 3, "unchanged": 2, "inserted": 1}
    assert (result["redriven"], lake.rows("order_items_orphans", "id")) == ([], [])


def test_an_expired_row_stays_rejected_until_its_parent_comes(spark: SparkSession, tmp_path: Path) -> None:
    lake = Lake(spark, tmp_path, orphan_max_age_days=7)
    lake.load(lake.land("orders", orders(("10", "1"))))
    file = lake.land("order_items", items(("1", "10", "7", 1)))
    lake.load(file)
    lake.load(lake.land("products", products(("1", "x"))), planned_at=START + 9 * DAY)
    before = lake.versions()
    result = lake.load(file, planned_at=START + 10 * DAY)["order_items"]
    assert outcome(result) == {"read": 1, "rejected": 1}
    assert result["orphans"] == {"waiting": 0, "oldestSince": None, "expired": 0}, "nobody is told again"
    assert lake.versions() == before
    lake.load(lake.land("products", products(("7", "late"))), planned_at=START + 11 * DAY)
    assert outcome(lake.load(file, planned_at=START + 12 * DAY)["order_items"]) == {"read": 1, "inserted": 1}
    assert (lake.rejects(), lake.rows("order_items", "id")) == ([], [("1",)])


def test_a_line_that_has_expired_takes_no_place_from_rows_that_were_loaded_since(
    spark: SparkSession, tmp_path: Path
) -> None:
    lake = Lake(spark, tmp_path, orphan_max_age_days=7)
    parents = [lake.land("products", products(("5", "x"))), lake.land("orders", orders(("10", "1")))]
    older = lake.land("order_items", items(("1", "10", "7", 1)))
    # the first line of key 1 loses to the last, which then expires; key 2 expires too
    newer = lake.land("order_items", items(("1", "10", "7", 2), ("1", "10", "7", 3), ("2", "10", "8", 1)))
    lake.load(newer, *parents)
    lake.load(lake.land("products", products(("1", "y"))), planned_at=START + 9 * DAY)
    complete = lake.land("order_items", items(("2", "10", "5", 1)))
    lake.load(complete, planned_at=START + 10 * DAY)
    lake.load(older, planned_at=START + 10 * DAY)
    assert lake.rows("order_items_orphans", "id", "_file") == [("1", older.file_id)]
    assert [line for _, line, rule, _ in lake.rejects() if rule == "ORPHAN_EXPIRED"] == [3, 4]
    before, counts = lake.versions(), lake.booked(newer)

    for files in ([newer, older, complete, *parents], [newer], [older, complete]):
        lake.load(*files, planned_at=START + 11 * DAY)
        assert lake.versions() == before
    assert lake.booked(newer) == counts

    lake.load(lake.land("products", products(("7", "late"))), planned_at=START + 12 * DAY)
    assert lake.rows("order_items", "id", "_file") == [("1", older.file_id), ("2", complete.file_id)]
    # judged like any other line, now that nothing is missing
    lake.load(newer, planned_at=START + 13 * DAY)
    assert lake.rows("order_items", "id", "_file", "_line") == [
        ("1", newer.file_id, 3),
        ("2", complete.file_id, 2),
    ]


def test_a_row_that_expires_in_the_batch_that_loads_its_file_again_is_rejected_once(
    spark: SparkSession, tmp_path: Path
) -> None:
    lake = Lake(spark, tmp_path, orphan_max_age_days=7)
    file = lake.land("order_items", items(("1", "10", "7", 1)))
    lake.load(file)
    result = lake.load(file, planned_at=START + 9 * DAY)["order_items"]
    assert outcome(result) == {"read": 1, "rejected": 1}
    assert result["orphans"]["expired"] == 1
    assert lake.rejects() == [(file.file_id, 2, "ORPHAN_EXPIRED", 2)]


def test_with_a_corrected_file_in_the_same_batch_the_correction_wins(
    spark: SparkSession, tmp_path: Path
) -> None:
    lake = Lake(spark, tmp_path)
    parents = [lake.land("products", products(("5", "x"))), lake.land("orders", orders(("10", "1")))]
    file = lake.land("order_items", items(("1", "10", "5", 1), ("2", "10", "7", 1), ("", "10", "5", 1)))
    lake.load(file, *parents)
    corrected = lake.land("order_items", items(("2", "10", "5", 2), ("3", "10", "5", 2)))
    results = lake.load(file, corrected)["order_items"]
    assert lake.booked(file) == {"read": 3, "unchanged": 1, "superseded": 1, "rejected": 1}
    assert lake.booked(corrected) == {"read": 2, "inserted": 2}
    assert (results["redriven"], lake.rows("order_items_orphans", "id")) == ([], [])
    assert lake.rows("order_items", "id", "_file") == [
        ("1", file.file_id),
        ("2", corrected.file_id),
        ("3", corrected.file_id),
    ]


def test_a_parent_that_was_rejected_first_and_corrected_later_brings_its_items(
    spark: SparkSession, tmp_path: Path
) -> None:
    lake = Lake(spark, tmp_path)
    bad = lake.land("orders", orders(("10", "one")))
    file = lake.land("order_items", items(("1", "10", "5", 1)))
    lake.load(lake.land("products", products(("5", "x"))), bad, file)
    assert (lake.booked(bad), lake.booked(file)) == (
        {"read": 1, "rejected": 1},
        {"read": 1, "orphaned": 1},
    )
    lake.load(lake.land("orders", orders(("10", "1"))))
    assert lake.booked(file) == {"read": 1, "inserted": 1}
    lake.load(bad, file)
    assert lake.booked(file) == {"read": 1, "unchanged": 1}
    assert lake.rejects("orders") == [(bad.file_id, 2, "BAD_DECIMAL", 1)]


def test_in_the_middle_of_a_repeated_file_and_a_late_one_the_repetition_still_wins(
    spark: SparkSession, tmp_path: Path
) -> None:
    lake = Lake(spark, tmp_path)
    text = products(("1", "a"), ("2", "b"))
    first, late = lake.land("products", text), lake.land("products", products(("1", "late")))
    again = lake.land("products", text)
    lake.load(first)
    lake.load(again)
    before = lake.versions()
    for files in ([first], [late], [late], [first, late, again], [again], [late, first]):
        lake.load(*files)
        assert lake.versions() == before
        assert lake.rows("products", "product_name") == [("a",), ("b",)]
    assert lake.booked(first) == {"read": 2, "unchanged": 2}


def test_an_orphan_of_a_file_that_was_repeated_stays_when_the_repetition_is_loaded_again(
    spark: SparkSession, tmp_path: Path
) -> None:
    lake = Lake(spark, tmp_path)
    lake.load(lake.land("products", products(("5", "x"))))
    text = items(("1", "10", "5", 1), ("1", "11", "5", 2))
    first, again = lake.land("order_items", text), lake.land("order_items", text)
    lake.load(first)
    lake.load(again)
    lake.load(lake.land("orders", orders(("10", "1"))))
    assert lake.rows("order_items", "id", "order_id") == [("1", "10")]
    before = lake.versions()
    lake.load(again)
    assert (lake.versions(), lake.rows("order_items_orphans", "order_id")) == (before, [("11",)])
    # of two lines of one file the later one wins as soon as it can
    lake.load(lake.land("orders", orders(("11", "1"))))
    assert lake.rows("order_items", "id", "order_id") == [("1", "11")]


def test_files_loaded_again_into_lost_tables_build_them_up(spark: SparkSession, tmp_path: Path) -> None:
    lake = Lake(spark, tmp_path)
    file = lake.land("order_items", items(("1", "10", "7", 1), ("", "10", "7", 1)))
    lake.load(file)
    rebuilt = Lake(spark, tmp_path / "rebuilt", ledger=lake.ledger, landed=lake.landed)
    path = rebuilt.root / "landing" / "processing" / f"{file.file_id}.csv"
    path.parent.mkdir(parents=True)
    path.write_bytes(file.body)
    assert outcome(rebuilt.load(file)["order_items"]) == {"read": 2, "orphaned": 1, "rejected": 1}
    assert rebuilt.rows("order_items_orphans", "id") == [("1",)]
