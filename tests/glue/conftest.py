"""One Spark session with Delta for the whole suite, on local files."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

PROJECT = Path(__file__).resolve().parents[2]
JARS = PROJECT / ".tools" / "jars"
# The jar of delta-spark holds the Python package `delta`.
sys.path.extend(str(jar) for jar in JARS.glob("delta-spark*.jar"))


@pytest.fixture(scope="session")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SparkSession]:
    from pyspark.sql import SparkSession

    scratch = tmp_path_factory.mktemp("spark")
    settings = {
        "spark.driver.extraClassPath": f"{JARS}/*",
        # The second compiler costs more CPU than its code saves where every frame is tiny.
        "spark.driver.extraJavaOptions": (
            "-XX:+UseSerialGC -XX:TieredStopAtLevel=1 -XX:ReservedCodeCacheSize=256m"
        ),
        "spark.driver.memory": "1g",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.local.dir": str(scratch),
        "spark.sql.warehouse.dir": str(scratch / "warehouse"),
        "spark.sql.extensions": "io.delta.sql.DeltaSparkSessionExtension",
        "spark.sql.catalog.spark_catalog": "org.apache.spark.sql.delta.catalog.DeltaCatalog",
        # The frames are tiny: planning them anew after each stage only costs time.
        "spark.sql.adaptive.enabled": "false",
        "spark.sql.shuffle.partitions": "1",
        "spark.sql.codegen.cache.maxEntries": "2000",
        "spark.databricks.delta.snapshotPartitions": "1",
        # Nobody looks at what has run, and the plans of 1,000 queries take a good part of the heap.
        "spark.sql.ui.retainedExecutions": "1",
        "spark.ui.retainedJobs": "1",
        "spark.ui.retainedStages": "1",
    }
    builder = SparkSession.builder.master("local[2]")
    for name, value in settings.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    yield session
    session.stop()


@pytest.fixture(autouse=True)
def forget_tables(request: pytest.FixtureRequest) -> Iterator[None]:
    """Delta keeps the log of each of the last 10,000 tables with the plans that read it: after some hundred
    tests, with seven tables each, they filled 1 GB and the collector ran all the time."""
    yield
    if "spark" in request.fixturenames:
        session: Any = request.getfixturevalue("spark")
        session._jvm.org.apache.spark.sql.delta.DeltaLog.clearCache()
