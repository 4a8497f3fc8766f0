"""Maintenance on real tables: files get fewer, rows stay, readers and what may be undone lose nothing."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from data import items, orders, outcome, products
from lake import START, CrashAfter, File, HeldLease, Lake

from lakehouse.delta_log import Commit, commits_since, read_snapshot
from lakehouse.errors import InvalidDocument, JobInterrupted, LeaseLost

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

DAYS = ("2025-04-01", "2025-04-02")
LOADS = 3
DAY_SECONDS = 24 * 60 * 60


def _loads(spark: SparkSession, folder: Path) -> tuple[Lake, list[File]]:
    """A lake after as many loads of orders on two days, each with a row of its own and a changed one."""
    lake = Lake(spark, folder)
    files = list[File]()
    for load in range(LOADS):
        loaded = [
            lake.land("orders", orders((f"{load}-{day}", "1.00"), (f"last-{day}", f"{load}.00"), day=day))
            for day in DAYS
        ]
        lake.load(*loaded)
        files += loaded
    return lake, files


def _plan(
    lake: Lake,
    table: str = "orders",
    *,
    days: tuple[str | None, ...] = DAYS,
    z_order: bool = False,
    expired: int = 0,
    target: int = 1 << 20,
) -> dict[str, Any]:
    partitions = (
        [{"values": {"date": day}, "files": 9, "bytes": 9, "zOrder": z_order} for day in days]
        if table == "orders"
        else [{"values": {}, "files": 9, "bytes": 9, "zOrder": z_order}]
    )
    snapshot = _snapshot(lake, table)
    work = {"name": table, "files": snapshot.files, "bytes": snapshot.size}
    return lake.plan(
        [],
        maintenance={
            "deadline": (START + timedelta(minutes=15)).isoformat().replace("+00:00", "Z"),
            "targetFileBytes": target,
            "tables": [{**work, "partitions": partitions, "expired": expired}],
        },
    )


def _snapshot(lake: Lake, table: str = "orders") -> Any:
    return read_snapshot(lake.spark, f"{lake.warehouse}/{table}")


def _commits(lake: Lake, table: str = "orders", since: int = -1) -> list[Commit]:
    return commits_since(lake.spark, f"{lake.warehouse}/{table}", since)


def _operations(lake: Lake, since: int) -> list[str]:
    return [commit.operation for commit in _commits(lake, since=since)]


def _rows(lake: Lake, table: str = "orders") -> list[tuple[Any, ...]]:
    return lake.rows(table, "*")


def _age(lake: Lake, days: int, table: str = "orders") -> None:
    """Let everything that lies in the table's folders be written so many days ago."""
    moment = time.time() - days * DAY_SECONDS
    for path in (lake.root / "warehouse" / table).rglob("*.parquet"):
        os.utime(path, (moment, moment))


def _data_files(lake: Lake, table: str = "orders") -> int:
    return len(list((lake.root / "warehouse" / table).glob("date=*/*.parquet")))


@pytest.mark.parametrize("z_order", [False, True])
def test_each_partition_is_compacted_and_no_row_changes(
    z_order: bool, spark: SparkSession, tmp_path: Path
) -> None:
    lake, _ = _loads(spark, tmp_path)
    rows, before = _rows(lake), _snapshot(lake)
    done = lake.maintain(_plan(lake, z_order=z_order), "orders")["orders"]

    assert _rows(lake) == rows
    after = _snapshot(lake)
    assert before.files > len(DAYS)
    assert (done["filesBefore"], done["filesAfter"]) == (before.files, len(DAYS))
    assert (done["bytesBefore"], done["bytesAfter"]) == (before.size, after.size)
    assert after.size < before.size
    assert (done["partitionsDone"], done["partitionsLeft"]) == (2, 0)
    assert (done["vacuum"], done["filesRemoved"]) == ("NOT_DUE", 0)
    assert _operations(lake, before.version) == ["OPTIMIZE", "OPTIMIZE"]
    assert after.rows == before.rows == len(rows), "the statistics of the new files are whole"


def test_only_the_named_partitions_are_touched(spark: SparkSession, tmp_path: Path) -> None:
    lake, _ = _loads(spark, tmp_path)
    other = lake.table("orders").where("date = '2025-04-01'").inputFiles()
    lake.maintain(_plan(lake, days=("2025-04-02", None, "it's")), "orders")
    assert sorted(lake.table("orders").where("date = '2025-04-01'").inputFiles()) == sorted(other)
    assert len(lake.table("orders").where("date = '2025-04-02'").inputFiles()) == 1


def test_a_table_without_partitions_is_compacted_as_a_whole(spark: SparkSession, tmp_path: Path) -> None:
    lake = Lake(spark, tmp_path)
    for name in "abc":
        lake.load(lake.land("products", products((name, name))))
    rows = _rows(lake, "products")
    done = lake.maintain(_plan(lake, "products"), "products")["products"]
    assert (done["filesBefore"], done["filesAfter"]) == (3, 1)
    assert _rows(lake, "products") == rows


def test_files_of_the_wanted_size_stay_as_they_are(spark: SparkSession, tmp_path: Path) -> None:
    lake, _ = _loads(spark, tmp_path)
    before = _snapshot(lake)
    done = lake.maintain(_plan(lake, target=2), "orders")["orders"]
    assert (done["filesAfter"], _snapshot(lake).version) == (before.files, before.version)


def test_a_reader_of_an_older_version_reads_on_while_and_after_it_runs(
    spark: SparkSession, tmp_path: Path
) -> None:
    lake, _ = _loads(spark, tmp_path)
    _age(lake, days=29)
    reading = lake.table("orders")
    rows = sorted(map(tuple, reading.collect()), key=repr)
    seen = list[Any]()

    class Reads(CrashAfter):
        def done(self, step: str, **facts: object) -> None:
            seen.append(sorted(map(tuple, reading.collect()), key=repr))

    lake.maintain(_plan(lake, expired=1), "orders", progress=Reads())
    assert len(seen) == 4, "after each partition, the VACUUM and the document"
    assert all(read == rows for read in seen)


def test_vacuum_removes_what_no_version_of_the_undo_window_has_and_nothing_else(
    spark: SparkSession, tmp_path: Path
) -> None:
    lake, _ = _loads(spark, tmp_path)
    stray = tmp_path / "warehouse" / "orders" / "date=2025-04-01" / "part-of-a-run-that-died.parquet"
    stray.write_bytes(b"half a file")
    _age(lake, days=40)
    versions = {version: _version(lake, version) for version in range(_snapshot(lake).version + 1)}
    files = _data_files(lake)

    # written 40 days ago, but in the table until now: somebody may return to them for 30 days
    done = lake.maintain(_plan(lake, expired=1), "orders")["orders"]

    assert (done["vacuum"], done["filesRemoved"]) == ("DONE", 1)
    assert not stray.exists()
    assert _data_files(lake) == files - 1 + len(DAYS), "the compacted files are new"
    assert {version: _version(lake, version) for version in versions} == versions


def test_vacuum_goes_by_the_time_at_which_a_file_left_the_table(spark: SparkSession, tmp_path: Path) -> None:
    """With Delta's own seven days a checkpoint would have forgotten the removal, and VACUUM the file."""
    lake, _ = _loads(spark, tmp_path)
    table = _snapshot(lake)
    assert table.setting("delta.deletedFileRetentionDuration") == "interval 30 days"
    assert table.setting("delta.logRetentionDuration") == "interval 395 days"


def _version(lake: Lake, version: int) -> list[tuple[Any, ...]]:
    path = f"{lake.warehouse}/orders"
    frame = lake.spark.read.format("delta").option("versionAsOf", version).load(path)
    return sorted(map(tuple, frame.collect()), key=repr)


def test_a_table_that_kept_its_versions_for_another_time_keeps_them_as_long_as_promised(
    spark: SparkSession, tmp_path: Path
) -> None:
    lake, _ = _loads(spark, tmp_path)
    lake.undo_days = 90
    rows, version = _rows(lake), _snapshot(lake).version
    batch = _plan(lake, days=())
    lake.maintain(batch, "orders")
    assert _snapshot(lake).setting("delta.deletedFileRetentionDuration") == "interval 90 days"
    assert _operations(lake, version) == ["SET TBLPROPERTIES"]
    # the next load finds nothing to set
    lake.load(lake.land("orders", orders(("new", "1.00"))))
    assert _operations(lake, version)[1:] == ["MERGE"]
    assert len(_rows(lake)) == len(rows) + 1


def _clock(*minutes: int) -> Callable[[], datetime]:
    moments = iter(minutes)
    return lambda: START + timedelta(minutes=next(moments))


def test_the_budget_ends_it_between_two_partitions_and_what_is_left_is_told(
    spark: SparkSession, tmp_path: Path
) -> None:
    lake, _ = _loads(spark, tmp_path)
    rows, before = _rows(lake), _snapshot(lake)
    done = lake.maintain(_plan(lake, expired=1), "orders", now=_clock(14, 15, 16))["orders"]
    assert (done["partitionsDone"], done["partitionsLeft"], done["vacuum"]) == (1, 1, "LEFT")
    assert _operations(lake, before.version) == ["OPTIMIZE"]
    assert _rows(lake) == rows


def test_cut_anywhere_it_does_each_partition_once_and_tells_all_of_it(
    spark: SparkSession, tmp_path: Path
) -> None:
    origin, _ = _loads(spark, tmp_path / "origin")
    rows = _rows(origin)
    (tmp_path / "origin/warehouse/orders/date=2025-04-01/part-stray.parquet").write_bytes(b"x")
    _age(origin, days=40)
    for step in range(1, 5):
        lake = origin.copy(tmp_path / f"cut-{step}")
        _age(lake, days=40)
        before = _snapshot(lake)
        batch = _plan(lake, z_order=True, expired=1)
        with pytest.raises(JobInterrupted):
            lake.maintain(batch, "orders", progress=CrashAfter(step))
        done = lake.maintain(batch, "orders")["orders"]
        assert _operations(lake, before.version) == ["OPTIMIZE", "OPTIMIZE", "VACUUM START", "VACUUM END"]
        assert (done["partitionsDone"], done["filesRemoved"], done["vacuum"]) == (2, 1, "DONE"), step
        assert _rows(lake) == rows


def test_without_the_lease_nothing_is_committed(spark: SparkSession, tmp_path: Path) -> None:
    lake, _ = _loads(spark, tmp_path)
    batch, version = _plan(lake, expired=1), _snapshot(lake).version
    for checks in (0, 1, 2):
        with pytest.raises(LeaseLost):
            lake.maintain(batch, "orders", lease=HeldLease(LeaseLost("gone"), checks=checks))
        assert _snapshot(lake).version == version
    with pytest.raises(LeaseLost):
        lake.maintain(batch, "orders", lease=HeldLease(LeaseLost("gone"), checks=3))
    assert _operations(lake, version) == ["OPTIMIZE"], "each partition is guarded once more"


def test_what_came_before_it_can_be_rolled_back_withdrawn_and_loaded_again(
    spark: SparkSession, tmp_path: Path
) -> None:
    lake, files = _loads(spark, tmp_path)
    before_last = 1 + LOADS - 1  # as created, and the loads before the last
    wanted = _version(lake, before_last)
    lake.maintain(_plan(lake, z_order=True, expired=1), "orders")

    # the same files again change nothing
    version = _snapshot(lake).version
    again = lake.load(*files)["orders"]
    assert {name for file in again["files"] for name in outcome(again, again["files"].index(file))} <= {
        *("read", "unchanged", "superseded"),
    }
    assert _snapshot(lake).version == version

    # a batch that is withdrawn goes back to the compacted table
    compacted = _rows(lake)
    wrong = lake.plan([lake.land("orders", orders(("wrong", "9.99")))])
    lake.run(wrong, "orders")
    lake.withdraw(wrong, "orders")
    assert _rows(lake) == compacted

    # and a batch from before the compaction is rolled back over it
    rollback = lake.plan([], restore={"orders": before_last})
    lake.withdraw(rollback, "orders")
    assert _rows(lake) == wanted


def test_a_run_that_stood_still_keeps_nobody_from_withdrawing_the_batch_that_came_meanwhile(
    spark: SparkSession, tmp_path: Path
) -> None:
    lake, _ = _loads(spark, tmp_path)
    rows = _rows(lake)
    stale = _plan(lake, days=("2025-04-01",))
    batch = lake.plan([lake.land("orders", orders(("wrong", "9.99"), day="2025-04-02"))])
    lake.run(batch, "orders")
    lake.maintain(stale, "orders")
    lake.withdraw(batch, "orders")
    assert _rows(lake) == rows


def test_each_operation_refuses_the_manifest_of_another(spark: SparkSession, tmp_path: Path) -> None:
    lake, _ = _loads(spark, tmp_path)
    maintenance = _plan(lake)
    load = lake.plan([lake.land("orders", orders(("new", "1.00")))])
    attempts: list[Callable[[], object]] = [
        lambda: lake.run(maintenance, "orders"),
        lambda: lake.withdraw(maintenance, "orders"),
        lambda: lake.maintain(load, "orders"),
    ]
    versions = lake.versions()
    for attempt in attempts:
        with pytest.raises(InvalidDocument):
            attempt()
    assert lake.versions() == versions


def test_parents_that_were_compacted_are_found(spark: SparkSession, tmp_path: Path) -> None:
    lake, _ = _loads(spark, tmp_path)
    lake.load(lake.land("products", products(("p", "name"))))
    lake.maintain(_plan(lake), "orders")
    key = f"0-{DAYS[0]}"
    result = lake.load(lake.land("order_items", items(("1", key, "p", 1))))["order_items"]
    assert outcome(result) == {"read": 1, "inserted": 1}
