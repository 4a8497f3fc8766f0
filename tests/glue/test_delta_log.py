"""What a job asks a table's log is answered alike with and without Delta's checksum file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlparse

from data import products
from lake import EPOCH, Lake
from lakehouse.contract import load_contract
from lakehouse.delta_log import Contents, Snapshot, read_snapshot
from lakehouse.tables import describe_table, tables_of

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

MERGE = f"{EPOCH}/products/merge"


def _forget(spark: SparkSession, table: Path) -> None:
    for checksum in (table / "_delta_log").glob("*.crc"):
        checksum.unlink()
    session: Any = spark
    session._jvm.org.apache.spark.sql.delta.DeltaLog.clearCache()


def _live_files(table: DataFrame) -> list[Path]:
    return [Path(unquote(urlparse(file).path)) for file in table.inputFiles()]


def _told(snapshot: Snapshot) -> tuple[int, int, int | None, int | None]:
    return snapshot.version, snapshot.size, snapshot.marker(MERGE), snapshot.marker("another")


def test_the_checksum_of_a_version_says_what_the_log_says(spark: SparkSession, tmp_path: Path) -> None:
    lake = Lake(spark, tmp_path)
    lake.load(lake.land("products", products(("1", "a"), ("2", "b"))))
    lake.load(lake.land("products", products(("2", "c"), ("3", "d"))))
    table = tables_of(load_contract("products"), lake.warehouse, additive=False)[0]
    snapshot = read_snapshot(spark, table.path)
    with_checksum, described = _told(snapshot), describe_table(spark, table)
    assert snapshot.marker(MERGE) == lake.number
    sizes = [file.stat().st_size for file in _live_files(lake.table("products"))]
    assert described["files"] == {"count": len(sizes), "small": len(sizes), "bytes": sum(sizes)}
    largest = max(sizes)
    contents = snapshot.contents(largest)
    assert contents == Contents(len(sizes), sum(size < largest for size in sizes), sum(sizes), rows=3)

    _forget(spark, tmp_path / "warehouse" / "products")

    snapshot = read_snapshot(spark, table.path)
    assert (_told(snapshot), describe_table(spark, table)) == (with_checksum, described)
    assert snapshot.contents(largest) == contents
    assert snapshot.schema == lake.table("products").schema


def test_a_table_of_no_rows_and_one_of_rows_that_nobody_counted_say_so(
    spark: SparkSession, tmp_path: Path
) -> None:
    empty, uncounted = (str(tmp_path / name) for name in ("empty", "uncounted"))
    spark.sql(f"CREATE TABLE delta.`{empty}` (id STRING) USING delta")
    spark.conf.set("spark.databricks.delta.stats.collect", "false")
    try:
        spark.range(5).write.format("delta").save(uncounted)
    finally:
        spark.conf.unset("spark.databricks.delta.stats.collect")
    for _ in range(2):
        assert read_snapshot(spark, empty).contents(1) == Contents(0, 0, 0, rows=0)
        assert read_snapshot(spark, uncounted).contents(1).rows is None
        for name in ("empty", "uncounted"):
            _forget(spark, tmp_path / name)


def test_a_batch_that_died_before_its_checksum_was_written_is_resumed_by_its_markers(
    spark: SparkSession, tmp_path: Path
) -> None:
    lake = Lake(spark, tmp_path)
    batch = lake.plan([lake.land("products", products(("1", "a"), ("2", "b")))])
    lake.run(batch, "products")
    version = lake.version("products")

    _forget(spark, tmp_path / "warehouse" / "products")

    assert [table["rows"] for table in lake.run(batch, "products")["tables"]] == [2, 0]
    assert lake.version("products") == version
