"""Maintenance on real tables: files get fewer, rows stay, readers and what may be undone lose nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from data import items, orders, outcome, products
from fakes import CrashAfter, HeldLease
from lake import START, Lake
from lakehouse.errors import InvalidDocument, JobInterrupted, LeaseLost
from upkeep import (
    DAYS,
    LOADS,
    age,
    lake_of_loads,
    operations_since,
    plan_maintenance,
    rows_of,
    snapshot_of,
    version_of,
)

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


@pytest.mark.parametrize("z_order", [False, True])
def test_each_partition_is_compacted_and_no_row_changes(
    z_order: bool, spark: SparkSession, tmp_path: Path
) -> None:
    lake, _ = lake_of_loads(spark, tmp_path)
    rows, before = rows_of(lake), snapshot_of(lake)
    done = lake.maintain(plan_maintenance(lake, z_order=z_order), "orders")["orders"]

    assert rows_of(lake) == rows
    after = snapshot_of(lake)
    assert before.files > len(DAYS)
    assert (done["filesBefore"], done["filesAfter"]) == (before.files, len(DAYS))
    assert (done["bytesBefore"], done["bytesAfter"]) == (before.size, after.size)
    assert after.size < before.size
    assert (done["partitionsDone"], done["partitionsLeft"]) == (2, 0)
    assert (done["vacuum"], done["filesRemoved"]) == ("NOT_DUE", 0)
    assert operations_since(lake, before.version) == ["OPTIMIZE", "OPTIMIZE"]
    found = [snapshot.contents(1).rows for snapshot in (before, after)]
    assert found == [len(rows)] * 2, "the statistics of the new files are whole"


def test_only_the_named_partitions_are_touched(spark: SparkSession, tmp_path: Path) -> None:
    lake, _ = lake_of_loads(spark, tmp_path)
    other = lake.table("orders").where("date = '2025-04-01'").inputFiles()
    lake.maintain(plan_maintenance(lake, days=("2025-04-02", None, "it's")), "orders")
    assert sorted(lake.table("orders").where("date = '2025-04-01'").inputFiles()) == sorted(other)
    assert len(lake.table("orders").where("date = '2025-04-02'").inputFiles()) == 1


def test_a_table_without_partitions_is_compacted_as_a_whole(spark: SparkSession, tmp_path: Path) -> None:
    lake = Lake(spark, tmp_path)
    for name in "abc":
        lake.load(lake.land("products", products((name, name))))
    rows = rows_of(lake, "products")
    done = lake.maintain(plan_maintenance(lake, "products"), "products")["products"]
    assert (done["filesBefore"], done["filesAfter"]) == (3, 1)
    assert rows_of(lake, "products") == rows


def test_files_of_the_wanted_size_stay_as_they_are(spark: SparkSession, tmp_path: Path) -> None:
    lake, _ = lake_of_loads(spark, tmp_path)
    before = snapshot_of(lake)
    done = lake.maintain(plan_maintenance(lake, target=2), "orders")["orders"]
    assert (done["filesAfter"], snapshot_of(lake).version) == (before.files, before.version)


def _clock(*minutes: int) -> Callable[[], datetime]:
    moments = iter(minutes)
    return lambda: START + timedelta(minutes=next(moments))


def test_the_budget_ends_it_between_two_partitions_and_what_is_left_is_told(
    spark: SparkSession, tmp_path: Path
) -> None:
    lake, _ = lake_of_loads(spark, tmp_path)
    rows, before = rows_of(lake), snapshot_of(lake)
    done = lake.maintain(plan_maintenance(lake, expired=1), "orders", now=_clock(14, 15, 16))["orders"]
    assert (done["partitionsDone"], done["partitionsLeft"], done["vacuum"]) == (1, 1, "LEFT")
    assert operations_since(lake, before.version) == ["OPTIMIZE"]
    assert rows_of(lake) == rows


def test_cut_anywhere_it_does_each_partition_once_and_tells_all_of_it(
    spark: SparkSession, tmp_path: Path
) -> None:
    origin, _ = lake_of_loads(spark, tmp_path / "origin")
    rows = rows_of(origin)
    (tmp_path / "origin/warehouse/orders/date=2025-04-01/part-stray.parquet").write_bytes(b"x")
    age(origin, days=40)
    for step in range(1, 5):
        lake = origin.copy(tmp_path / f"cut-{step}")
        age(lake, days=40)
        before = snapshot_of(lake)
        batch = plan_maintenance(lake, z_order=True, expired=1)
        with pytest.raises(JobInterrupted):
            lake.maintain(batch, "orders", progress=CrashAfter(step))
        done = lake.maintain(batch, "orders")["orders"]
        assert operations_since(lake, before.version) == [
            "OPTIMIZE",
            "OPTIMIZE",
            "VACUUM START",
            "VACUUM END",
        ]
        assert (done["partitionsDone"], done["filesRemoved"], done["vacuum"]) == (2, 1, "DONE"), step
        assert rows_of(lake) == rows


def test_without_the_lease_nothing_is_committed(spark: SparkSession, tmp_path: Path) -> None:
    lake, _ = lake_of_loads(spark, tmp_path)
    batch, version = plan_maintenance(lake, expired=1), snapshot_of(lake).version
    for checks in (0, 1, 2):
        with pytest.raises(LeaseLost):
            lake.maintain(batch, "orders", lease=HeldLease(LeaseLost("gone"), checks=checks))
        assert snapshot_of(lake).version == version
    with pytest.raises(LeaseLost):
        lake.maintain(batch, "orders", lease=HeldLease(LeaseLost("gone"), checks=3))
    assert operations_since(lake, version) == ["OPTIMIZE"], "each partition is guarded once more"


def test_what_came_before_it_can_be_rolled_back_withdrawn_and_loaded_again(
    spark: SparkSession, tmp_path: Path
) -> None:
    lake, files = lake_of_loads(spark, tmp_path)
    before_last = LOADS - 1  # version 0 is the table as created
    wanted = version_of(lake, before_last)
    lake.maintain(plan_maintenance(lake, z_order=True, expired=1), "orders")

    # the same files again change nothing
    version = snapshot_of(lake).version
    again = lake.load(*files)["orders"]
    assert {name for file in again["files"] for name in outcome(again, again["files"].index(file))} <= {
        *("read", "unchanged", "superseded"),
    }
    assert snapshot_of(lake).version == version

    # a batch that is withdrawn goes back to the compacted table
    compacted = rows_of(lake)
    wrong = lake.plan([lake.land("orders", orders(("wrong", "9.99")))])
    lake.run(wrong, "orders")
    lake.withdraw(wrong, "orders")
    assert rows_of(lake) == compacted

    # and a batch from before the compaction is rolled back over it
    rollback = lake.plan([], restore={"orders": before_last})
    lake.withdraw(rollback, "orders")
    assert rows_of(lake) == wanted


def test_a_run_that_stood_still_keeps_nobody_from_withdrawing_the_batch_that_came_meanwhile(
    spark: SparkSession, tmp_path: Path
) -> None:
    lake, _ = lake_of_loads(spark, tmp_path)
    rows = rows_of(lake)
    stale = plan_maintenance(lake, days=("2025-04-01",))
    batch = lake.plan([lake.land("orders", orders(("wrong", "9.99"), day="2025-04-02"))])
    lake.run(batch, "orders")
    lake.maintain(stale, "orders")
    lake.withdraw(batch, "orders")
    assert rows_of(lake) == rows


def test_each_operation_refuses_the_manifest_of_another(spark: SparkSession, tmp_path: Path) -> None:
    lake, _ = lake_of_loads(spark, tmp_path)
    maintenance = plan_maintenance(lake)
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
    lake, _ = lake_of_loads(spark, tmp_path)
    lake.load(lake.land("products", products(("p", "name"))))
    lake.maintain(plan_maintenance(lake), "orders")
    key = f"0-{DAYS[0]}"
    result = lake.load(lake.land("order_items", items(("1", key, "p", 1))))["order_items"]
    assert outcome(result) == {"read": 1, "inserted": 1}
