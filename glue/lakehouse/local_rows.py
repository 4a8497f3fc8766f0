"""Small driver-side rows as a DataFrame that Catalyst evaluates itself: no Python worker, no RDD job."""

import json
from typing import Any

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F


def local_rows(spark: SparkSession, rows: list[dict[str, Any]], schema: str) -> DataFrame:
    """Return `rows` with the DDL `schema`; meant to be broadcast."""
    return spark.range(1, numPartitions=1).select(
        F.inline(F.from_json(F.lit(json.dumps(rows)), f"array<struct<{schema}>>"))
    )
