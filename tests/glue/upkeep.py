"""Tables with many small files, and maintenance of them, as the tests of maintenance need both."""

from __future__ import annotations

import os
import re
import time
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from data import orders
from lake import START, File, Lake
from lakehouse.delta_log import Commit, Snapshot, commits_since, read_snapshot

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

DAYS = ("2025-04-01", "2025-04-02")
LOADS = 3
DAY_SECONDS = 24 * 60 * 60


def lake_of_loads(spark: SparkSession, folder: Path) -> tuple[Lake, list[File]]:
    """A lake after as many loads of orders on two days, each of new rows; the second also changes rows of the
    first, whose files it replaces."""
    lake = Lake(spark, folder)
    files = list[File]()
    for load in range(LOADS):
        changed = [("0", "2.00")] if load == 1 else []
        loaded = [
            lake.land("orders", orders(*_of_day(day, (str(load), "1.00"), *changed), day=day)) for day in DAYS
        ]
        lake.load(*loaded)
        files += loaded
    return lake, files


def _of_day(day: str, *rows: tuple[str, str]) -> list[tuple[str, str]]:
    """The rows, with keys that no other day has."""
    return [(f"{key}-{day}", amount) for key, amount in rows]


def plan_maintenance(
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
    snapshot = snapshot_of(lake, table)
    work = {"name": table, "files": snapshot.files, "bytes": snapshot.size}
    return lake.plan(
        [],
        maintenance={
            "deadline": (START + timedelta(minutes=15)).isoformat().replace("+00:00", "Z"),
            "targetFileBytes": target,
            "smallBytes": target // 2,
            "tables": [{**work, "partitions": partitions, "expired": expired}],
        },
    )


def snapshot_of(lake: Lake, table: str = "orders") -> Snapshot:
    return read_snapshot(lake.spark, f"{lake.warehouse}/{table}")


def commits_of(lake: Lake, table: str = "orders", since: int = -1) -> list[Commit]:
    return commits_since(lake.spark, f"{lake.warehouse}/{table}", since)


def operations_since(lake: Lake, since: int) -> list[str]:
    return [commit.operation for commit in commits_of(lake, since=since)]


def rows_of(lake: Lake, table: str = "orders") -> list[tuple[Any, ...]]:
    return lake.rows(table, "*")


def age(lake: Lake, days: int, table: str = "orders") -> None:
    """Let everything that lies in the table's folders be written so many days ago."""
    moment = time.time() - days * DAY_SECONDS
    for path in (lake.root / "warehouse" / table).rglob("*.parquet"):
        os.utime(path, (moment, moment))


def data_files(lake: Lake, table: str = "orders") -> int:
    return len(list((lake.root / "warehouse" / table).glob("date=*/*.parquet")))


def version_of(lake: Lake, version: int) -> list[tuple[Any, ...]]:
    path = f"{lake.warehouse}/orders"
    frame = lake.spark.read.format("delta").option("versionAsOf", version).load(path)
    return sorted(map(tuple, frame.collect()), key=repr)


def removed_days_ago(lake: Lake, days: int, table: str = "orders") -> None:
    """Let everything that left the table have left it so many days ago."""
    moment = str(int((time.time() - days * DAY_SECONDS) * 1000))
    for path in (lake.root / "warehouse" / table / "_delta_log").glob("*.json"):
        text = re.sub(r'"deletionTimestamp":\d+', f'"deletionTimestamp":{moment}', path.read_text())
        path.write_text(text)
        path.with_name(f".{path.name}.crc").unlink(missing_ok=True)
    forget_tables(lake.spark)


def forget_tables(spark: SparkSession) -> None:
    """Let Delta read the tables' logs anew, as the driver of another run does."""
    session: Any = spark
    session._jvm.org.apache.spark.sql.delta.DeltaLog.clearCache()
