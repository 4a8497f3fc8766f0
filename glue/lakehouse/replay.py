"""Files that come again: what an earlier batch left of them, so that loading them once more changes nothing.

Each line of such a file may have its place already. A row that is held stands for its line, whatever today's
rules say of the line: loading never takes a row out of a table. A line among the rejects is judged anew, and
its reject is replaced, removed or left alone, whichever the new judgement asks for. One that has expired
stays expired while its parent is missing: it takes no place from rows that were loaded since.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import reduce

from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as F

from lakehouse.local_rows import local_rows
from lakehouse.manifest import SourceFile

# Values of `_held`. Where a line has more than one, the greatest speaks for it: a batch that failed between
# its two merges leaves a row in table and orphans, and the waiting one takes part in the competition.
EXPIRED, IN_TABLE, AMONG_ORPHANS = 1, 2, 3
# The rule of a row that no parent came for.
ORPHAN_EXPIRED = "ORPHAN_EXPIRED"


@dataclass(frozen=True)
class Record:
    """What the pinned tables hold of the files that come again.

    `files`: `_file`, `_since_ms` (when it was first loaded), `_rejected`, `_orphaned` (rows that the ledger
    counts; -1 where it counts none). `stored`, `orphans` and `rejects` hold nothing of other files; a frame
    that would be empty is None.
    """

    files: DataFrame
    stored: DataFrame | None
    orphans: DataFrame | None
    rejects: DataFrame | None


def read_record(
    spark: SparkSession,
    files: Iterable[SourceFile],
    planned_at: datetime,
    *,
    stored: DataFrame | None,
    orphans: DataFrame | None,
    rejects: DataFrame | None,
) -> Record | None:
    """Cut the pinned tables down to the files that come again; None if none does."""
    rows = [
        {
            "_file": file.file_id,
            "_since_ms": _milliseconds(file.loaded.first_at if file.loaded else planned_at),
            "_rejected": file.loaded.rejected if file.loaded else -1,
            "_orphaned": file.loaded.orphaned if file.loaded else -1,
        }
        for file in files
        if file.comes_again
    ]
    if not rows:
        return None
    again = local_rows(spark, rows, "_file string, _since_ms bigint, _rejected bigint, _orphaned bigint")
    ids = again.select("_file")

    def of_files(table: DataFrame | None, column: str = "_file") -> DataFrame | None:
        if table is None:
            return None
        return table.join(F.broadcast(ids.withColumnRenamed("_file", column)), on=column, how="left_semi")

    return Record(again, of_files(stored), of_files(orphans), of_files(rejects, "file_id"))


def recall(judged: DataFrame, record: Record) -> DataFrame:
    """Add to each line what is on record of it.

    - `_held`: where a row of the line is: IN_TABLE, AMONG_ORPHANS, EXPIRED (among the rejects) or null.
    - `_waiting_since`: when its file was first loaded; null for a file that comes for the first time.
    - `_lost`: the record of its file is complete, and has neither a row nor a reject of the line. So when the
      file was loaded the line lost to another row, and must not wait for a parent now.
    """
    held = _held_lines(record)
    rejected = _lines(record.rejects, "file_id", "line", F.lit(True).alias("_has_reject"))
    lines = judged
    for known, column, kind in ((held, "_held", "int"), (rejected, "_has_reject", "boolean")):
        nothing = F.lit(None).cast(kind)
        lines = (
            lines.withColumn(column, nothing)
            if known is None
            else lines.join(known, ["_file", "_line"], "left")
        )
    unknown = F.col("_held").isNull() & F.col("_has_reject").isNull()
    return (
        lines.join(F.broadcast(_completeness(record)), "_file", "left")
        .withColumn("_waiting_since", F.timestamp_millis("_since_ms"))
        .withColumn("_lost", unknown & F.coalesce("_complete_record", F.lit(False)))
        .drop("_has_reject", "_complete_record", "_since_ms")
    )


def let_expired_go(candidates: DataFrame, oldest_allowed: Column) -> DataFrame:
    """Forget that a line has expired if its parents (`_missing`) are there by now, or if it may wait longer
    than it could when it expired: it is judged like any other."""
    stays = (F.size("_missing") > 0) & (F.col("_waiting_since") < oldest_allowed)
    goes = (F.col("_held") == EXPIRED) & ~stays
    return candidates.withColumn("_held", F.when(~F.coalesce(goes, F.lit(False)), F.col("_held")))


def reject_changes(rejects: DataFrame, record: Record) -> DataFrame:
    """What the rejects table needs to hold `rejects` (from rows_to_reject) and nothing else of the files that
    come again: the columns of that table and `_change`, one of add, replace and remove.

    A reject that says the same of the same line stays as it is, with its batch and moment.
    """
    wanted = rejects.select("*", F.lit(True).alias("_wanted"))
    if record.rejects is None:
        return rejects.withColumn("_change", F.lit("add"))
    before = record.rejects.select(
        F.col("file_id").alias("_file_before"),
        F.col("line").alias("_line_before"),
        F.struct("raw", "reasons").alias("_before"),
    )
    same_line = (F.col("file_id") == F.col("_file_before")) & (F.col("line") == F.col("_line_before"))
    change = (
        F.when(F.col("_wanted").isNull(), "remove")
        .when(F.col("_before").isNull(), "add")
        .when(~F.col("_before").eqNullSafe(F.struct("raw", "reasons")), "replace")
    )
    return (
        wanted.join(before, same_line, "full_outer")
        .withColumn("_change", change)
        .where(F.col("_change").isNotNull())
        .withColumn("file_id", F.coalesce("file_id", "_file_before"))
        .withColumn("line", F.coalesce("line", "_line_before"))
        .select(*rejects.columns, "_change")
    )


def _held_lines(record: Record) -> DataFrame | None:
    """`_file`, `_line` and `_held`, each line once."""
    has_expired = F.exists("reasons", lambda reason: reason["rule"] == ORPHAN_EXPIRED)
    expired = None if record.rejects is None else record.rejects.where(has_expired)
    known = [
        _lines(expired, "file_id", "line", F.lit(EXPIRED).alias("_held")),
        _lines(record.stored, "_file", "_line", F.lit(IN_TABLE).alias("_held")),
        _lines(record.orphans, "_file", "_line", F.lit(AMONG_ORPHANS).alias("_held")),
    ]
    frames = [frame for frame in known if frame is not None]
    if len(frames) < 2:
        return frames[0] if frames else None
    held = F.max("_held").alias("_held")
    return reduce(DataFrame.unionByName, frames).groupBy("_file", "_line").agg(held)


def _lines(rows: DataFrame | None, file: str, line: str, fact: Column) -> DataFrame | None:
    if rows is None:
        return None
    return rows.select(F.col(file).alias("_file"), F.col(line).alias("_line"), fact)


def _completeness(record: Record) -> DataFrame:
    """`_file`, `_since_ms`, `_complete_record`: as many rejects and orphans as the ledger counts are there.

    They are not after a table was lost or a batch failed half-way; then nothing can be concluded from a line
    that is in none of them.
    """
    files = record.files
    for name, rows, column in (
        ("_rejects_found", record.rejects, "file_id"),
        ("_orphans_found", record.orphans, "_file"),
    ):
        if rows is None:
            files = files.withColumn(name, F.lit(0))
            continue
        counts = rows.groupBy(F.col(column).alias("_file")).agg(F.count(F.lit(1)).alias(name))
        files = files.join(counts, "_file", "left").withColumn(name, F.coalesce(name, F.lit(0)))
    complete = (F.col("_rejects_found") == F.col("_rejected")) & (
        F.col("_orphans_found") == F.col("_orphaned")
    )
    return files.select("_file", "_since_ms", complete.alias("_complete_record"))


def _milliseconds(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)
