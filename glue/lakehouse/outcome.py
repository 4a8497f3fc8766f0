"""Which classified rows go into which table."""

from datetime import datetime

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from lakehouse.candidates import ARRIVED, WAITING
from lakehouse.contract import Contract, ForeignKey, load_system_columns
from lakehouse.replay import ORPHAN_EXPIRED
from lakehouse.rules import quoted, reason


def rows_to_merge(classified: DataFrame, contract: Contract, confirmed: set[str], number: int) -> DataFrame:
    """Rows to insert, update or advance: contract and lineage columns, `_effective`, `_base_effective`."""
    advance = _is_repeated() & F.col("_complete") & ~_is_in("_base_file", confirmed)
    wanted = F.col("_state").isin("inserted", "updated", "advanced") | advance
    return (
        classified.where(wanted)
        .withColumn("_batch", F.lit(number).cast("bigint"))
        .select(*contract.names, *_lineage(), "_effective", "_base_effective")
    )


def rows_to_wait(classified: DataFrame, contract: Contract, confirmed: set[str], number: int) -> DataFrame:
    """New orphans, with the columns of the orphans table."""
    takes_place = _is_repeated() & ~F.col("_complete") & ~_is_in("_base_file", confirmed)
    names = [column.name for column in load_system_columns("orphans")]
    return (
        classified.where((F.col("_state") == "orphaned") | takes_place)
        .withColumn("_batch", F.lit(number).cast("bigint"))
        .select(*contract.names, *_lineage(), *names)
    )


def orphans_to_remove(classified: DataFrame, confirmed: set[str]) -> DataFrame:
    """`_file` and `_line` of the waiting rows that were merged, rejected or superseded."""
    stays = (F.col("_state") == "waiting") | ((F.col("_state") == "repeated") & _is_in("_file", confirmed))
    return classified.where((F.col("_kind") == WAITING) & ~stays).select("_file", "_line")


def rows_to_reject(
    classified: DataFrame, contract: Contract, number: int, planned_at: datetime, orphan_max_age_days: int
) -> DataFrame:
    """Rejected lines and expired orphans, with the columns of the rejects table."""
    expired = F.col("_state") == "expired"
    reasons = F.col("_reasons")
    if contract.foreign_keys:
        late = [_late_reason(contract, key, orphan_max_age_days) for key in contract.foreign_keys]
        reasons = F.when(expired, F.array_compact(F.array(*late))).otherwise(reasons)
    return classified.where(expired | (F.col("_state") == "rejected")).select(
        F.lit(number).cast("bigint").alias("batch"),
        # The sequence ends with the object's key (see the ledger's order of files).
        F.regexp_replace("_sequence", r"\A[0-9]+-[0-9]+-", "").alias("file"),
        F.col("_file").alias("file_id"),
        F.col("_line").alias("line"),
        F.col("_raw").alias("raw"),
        reasons.alias("reasons"),
        _instant(planned_at).alias("rejected_at"),
    )


def _late_reason(contract: Contract, key: ForeignKey, days: int) -> Column:
    pii = contract.column(key.column).pii
    value = F.lit("a value that is not shown") if pii else quoted(F.col(key.column))
    message = F.concat(
        F.lit("found "),
        value,
        F.lit(f", expected a row of {key.dataset} with this {key.parent_key} within {days} days"),
    )
    return F.when(F.array_contains("_missing", key.column), reason(ORPHAN_EXPIRED, key.column, message))


def _is_repeated() -> Column:
    return (F.col("_kind") == ARRIVED) & (F.col("_state") == "repeated")


def _is_in(column: str, files: set[str]) -> Column:
    return F.coalesce(F.col(column).isin(*sorted(files)), F.lit(False)) if files else F.lit(False)


def _lineage() -> list[str]:
    return [column.name for column in load_system_columns("lineage")]


def _instant(moment: datetime) -> Column:
    return F.lit(moment.isoformat()).cast("timestamp")
