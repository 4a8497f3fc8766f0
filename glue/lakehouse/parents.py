"""Which foreign keys of a row have no parent row yet."""

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from lakehouse.candidates import STORED
from lakehouse.contract import Contract


def missing_of(column: str) -> str:
    """Name of the internal column with a foreign key's value where its parent is missing, else null."""
    return f"_missing_{column}"


def find_missing_parents(
    candidates: DataFrame, parents: dict[str, DataFrame], contract: Contract
) -> DataFrame:
    """Add `_missing_<column>` for each foreign key and `_missing`, the array of those columns.

    `parents` gives for each foreign key column the frame of its parent's keys: one column, values unique. A
    stored row misses nothing: its parents were there when it was merged, and parents are never removed by a
    load.
    """
    for key in contract.foreign_keys:
        parent = parents[key.column].toDF("_parent").withColumn("_has_parent", F.lit(True))
        missing = F.col("_has_parent").isNull() & (F.col("_kind") != STORED)
        candidates = (
            candidates.join(parent, on=F.col(key.column) == F.col("_parent"), how="left")
            .withColumn(missing_of(key.column), F.when(missing, F.col(key.column)))
            .drop("_parent", "_has_parent")
        )
    names = [
        F.when(F.col(missing_of(key.column)).isNotNull(), F.lit(key.column)) for key in contract.foreign_keys
    ]
    empty = F.array().cast("array<string>")
    return candidates.withColumn("_missing", F.array_compact(F.array(*names)) if names else empty)
