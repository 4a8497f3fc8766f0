"""VACUUM on real tables: what can be returned to, and what somebody reads, stays."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from data import orders
from fakes import CrashAfter
from upkeep import (
    DAY_SECONDS,
    DAYS,
    age,
    data_files,
    forget_tables,
    lake_of_loads,
    operations_since,
    plan_maintenance,
    removed_days_ago,
    rows_of,
    snapshot_of,
    version_of,
)

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


def test_a_reader_of_an_older_version_reads_on_while_and_after_it_runs(
    spark: SparkSession, tmp_path: Path
) -> None:
    lake, _ = lake_of_loads(spark, tmp_path)
    age(lake, days=29)
    reading = lake.table("orders")
    rows = sorted(map(tuple, reading.collect()), key=repr)
    seen = list[Any]()

    class Reads(CrashAfter):
        def done(self, step: str, **facts: object) -> None:
            seen.append(sorted(map(tuple, reading.collect()), key=repr))

    lake.maintain(plan_maintenance(lake, expired=1), "orders", progress=Reads())
    assert len(seen) == 4, "after each partition, the VACUUM and the document"
    assert all(read == rows for read in seen)


def test_vacuum_removes_what_no_version_of_the_undo_window_has_and_nothing_else(
    spark: SparkSession, tmp_path: Path
) -> None:
    lake, _ = lake_of_loads(spark, tmp_path)
    stray = tmp_path / "warehouse" / "orders" / "date=2025-04-01" / "part-of-a-run-that-died.parquet"
    stray.write_bytes(b"half a file")
    age(lake, days=40)
    versions = {version: version_of(lake, version) for version in range(snapshot_of(lake).version + 1)}
    files = data_files(lake)

    # written 40 days ago, but in the table until now: somebody may return to them for 30 days
    done = lake.maintain(plan_maintenance(lake, expired=1), "orders")["orders"]

    assert (done["vacuum"], done["filesRemoved"]) == ("DONE", 1)
    assert not stray.exists()
    assert data_files(lake) == files - 1 + len(DAYS), "the compacted files are new"
    assert {version: version_of(lake, version) for version in versions} == versions


def test_a_version_can_be_returned_to_however_long_ago_it_was_written(
    spark: SparkSession, tmp_path: Path
) -> None:
    """Delta cleans its log when it writes a checkpoint, every ten commits, by the age of the commits."""
    lake, _ = lake_of_loads(spark, tmp_path)
    rows, quiet = rows_of(lake), snapshot_of(lake).version
    folder = tmp_path / "warehouse" / "orders"
    for path in folder.rglob("*"):
        os.utime(path, (time.time() - 100 * DAY_SECONDS,) * 2)
    forget_tables(spark)
    for _ in range(11):
        lake.table("orders").limit(1).write.format("delta").mode("append").save(str(folder))
    assert list((folder / "_delta_log").glob("*.checkpoint.parquet"))
    assert version_of(lake, quiet) == rows


def test_vacuum_spares_a_file_for_as_long_as_promised_after_it_left_the_table(
    spark: SparkSession, tmp_path: Path
) -> None:
    """VACUUM knows of a removal by the table's state alone, and a checkpoint drops it by the table's setting:
    with Delta's own week this one would be forgotten."""
    lake, _ = lake_of_loads(spark, tmp_path)
    versions = {version: version_of(lake, version) for version in range(snapshot_of(lake).version + 1)}
    removed_days_ago(lake, 10)
    age(lake, days=40)
    session: Any = spark
    delta = session._jvm.org.apache.spark.sql.delta.DeltaLog
    delta.forTable(session._jsparkSession, f"{lake.warehouse}/orders").checkpoint()
    forget_tables(spark)
    assert lake.maintain(plan_maintenance(lake, expired=1), "orders")["orders"]["filesRemoved"] == 0
    assert {version: version_of(lake, version) for version in versions} == versions
    # past the window they go
    removed_days_ago(lake, 31)
    assert lake.maintain(plan_maintenance(lake, days=(), expired=1), "orders")["orders"]["filesRemoved"] > 0


def test_a_table_that_kept_its_versions_for_another_time_keeps_them_as_long_as_promised(
    spark: SparkSession, tmp_path: Path
) -> None:
    lake, _ = lake_of_loads(spark, tmp_path)
    lake.undo_days = 90
    rows, version = rows_of(lake), snapshot_of(lake).version
    batch = plan_maintenance(lake, days=())
    lake.maintain(batch, "orders")
    assert snapshot_of(lake).setting("delta.deletedFileRetentionDuration") == "interval 90 days"
    assert operations_since(lake, version) == ["SET TBLPROPERTIES"]
    # the next load finds nothing to set
    lake.load(lake.land("orders", orders(("new", "1.00"))))
    assert operations_since(lake, version)[1:] == ["MERGE"]
    assert len(rows_of(lake)) == len(rows) + 1
