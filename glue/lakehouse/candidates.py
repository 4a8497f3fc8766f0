"""All rows that compete in one batch, in one frame: stored rows, waiting orphans, rows of the files.

Columns of the frame: the contract's columns; `_file`, `_sequence`, `_line` of the file that brought the
row; `_raw`; `_reasons` (not null: the line is rejected); `_waiting_since`; `_held` and `_lost` (see
replay.py; null and false where a file comes for the first time); `_kind`; and `_effective`, the sequence that
counts: the greater of the row's own and the newest one that repeated its whole file alike (a confirmation).
"""

from datetime import datetime
from functools import reduce

from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as F

from lakehouse.contract import Contract
from lakehouse.local_rows import local_rows
from lakehouse.rules import REASONS_TYPE

# Their order is the order of preference among rows of one effective sequence: what is stored stays.
STORED, WAITING, ARRIVED = 0, 1, 2


def arrived_rows(judged: DataFrame, contract: Contract, planned_at: datetime) -> DataFrame:
    """Rows of the batch's files, sound or rejected. They wait from `planned_at` on, unless their file has
    been loaded before (see replay.recall)."""
    first_seen = F.lit(planned_at.isoformat()).cast("timestamp")
    since = F.coalesce("_waiting_since", first_seen) if "_waiting_since" in judged.columns else first_seen
    return _candidates(
        judged.withColumn("_waiting_since", since), contract, ARRIVED, effective=F.col("_sequence")
    )


def stored_rows(table: DataFrame, contract: Contract, confirmations: DataFrame | None) -> DataFrame:
    """Rows of the dataset's table."""
    table = table.withColumns(
        {"_raw": F.lit(None).cast("string"), "_reasons": F.lit(None).cast(REASONS_TYPE)}
    )
    return _with_confirmations(table, contract, STORED, confirmations)


def waiting_rows(orphans: DataFrame, contract: Contract, confirmations: DataFrame | None) -> DataFrame:
    """Rows of the orphans table."""
    orphans = orphans.withColumn("_reasons", F.lit(None).cast(REASONS_TYPE))
    return _with_confirmations(orphans, contract, WAITING, confirmations)


def confirmation_rows(spark: SparkSession, confirmations: dict[str, str]) -> DataFrame | None:
    """The dataset's confirmations as a frame to broadcast, or None."""
    if not confirmations:
        return None
    rows = [{"_file": file_id, "_confirmed": sequence} for file_id, sequence in confirmations.items()]
    return local_rows(spark, rows, "_file string, _confirmed string")


def union_all(frames: list[DataFrame]) -> DataFrame:
    """Union by name; at least one frame."""
    return reduce(lambda one, other: one.unionByName(other), frames)


def _with_confirmations(
    rows: DataFrame, contract: Contract, kind: int, confirmations: DataFrame | None
) -> DataFrame:
    if confirmations is None:
        return _candidates(rows, contract, kind, effective=F.col("_sequence"))
    joined = rows.join(F.broadcast(confirmations), on="_file", how="left")
    return _candidates(joined, contract, kind, effective=F.greatest("_sequence", F.col("_confirmed")))


def _candidates(rows: DataFrame, contract: Contract, kind: int, *, effective: Column) -> DataFrame:
    present = set(rows.columns)
    values = [
        (F.col(column.name) if column.name in present else F.lit(None))
        .cast(column.sql_type)
        .alias(column.name)
        for column in contract.columns
    ]
    waiting_since = F.col("_waiting_since") if "_waiting_since" in present else F.lit(None).cast("timestamp")
    held = F.col("_held") if "_held" in present else F.lit(None).cast("int")
    lost = F.col("_lost") if "_lost" in present else F.lit(False)
    return rows.select(
        *values,
        "_file",
        "_sequence",
        F.col("_line").cast("bigint").alias("_line"),
        "_raw",
        "_reasons",
        waiting_since.alias("_waiting_since"),
        held.alias("_held"),
        lost.alias("_lost"),
        effective.alias("_effective"),
        F.lit(kind).alias("_kind"),
    )
