"""Spark sessions with Delta: as the local cloud sets its Glue jobs up, or with Spark's own defaults."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

PROJECT = Path(__file__).resolve().parents[2]
JARS = PROJECT / ".tools" / "jars"
# The jar of delta-spark holds the Python package `delta`.
sys.path.extend(str(jar) for jar in JARS.glob("delta-spark*.jar"))

# Without these Spark knows no Delta. The jobs have them from resources/jobs.yml.
_DELTA = {
    "spark.sql.extensions": "io.delta.sql.DeltaSparkSessionExtension",
    "spark.sql.catalog.spark_catalog": "org.apache.spark.sql.delta.catalog.DeltaCatalog",
    "spark.sql.session.timeZone": "UTC",
}


def start_session(scratch: Path, *, tuned: bool) -> SparkSession:
    """Start a session on local files. `tuned`: the settings are those of SPARK_CONF_DIR, which are a job's on
    the local cloud; else Spark's defaults on as many cores and with as much memory."""
    from pyspark.sql import SparkSession

    settings: dict[str, str] = {}
    if not tuned:
        settings = _DELTA | {
            "spark.master": "local[2]",
            "spark.driver.memory": "2g",
            "spark.driver.extraClassPath": f"{JARS}/*",
            "spark.driver.host": "127.0.0.1",
            "spark.driver.bindAddress": "127.0.0.1",
            "spark.local.dir": str(scratch / "tmp"),
            "spark.sql.warehouse.dir": str(scratch / "warehouse"),
            "spark.ui.enabled": "false",
            "spark.ui.showConsoleProgress": "false",
        }
    builder = SparkSession.builder
    for name, value in settings.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    return session
