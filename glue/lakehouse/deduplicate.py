"""Orders the rows of each key from newest to oldest and lets each row see the rows it competes with.

The order is total and depends on nothing but the rows: effective sequence, then the later line of the file,
then stored before arrived. Rows compete in groups: those with all parents for the place in the table, those
that miss the same parents for the place among the orphans. A row cannot displace one that misses other
parents, because either may be complete first; that makes the end state independent of how files fall into
batches.
"""

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

from lakehouse.candidates import STORED, WAITING
from lakehouse.contract import Contract
from lakehouse.parents import missing_of


def rank_rows(candidates: DataFrame, contract: Contract) -> DataFrame:
    """Add what classify_rows needs and drop nothing.

    - `_rank`: 1 for the newest row of the group; a line that lost before and still misses a parent is passed
      over, since what it lost to may have gone (expired) and it must not win after all.
    - `_newer`, `_head`, `_base`: identity of the next newer row, of the row of rank 1, and of the row that is
      stored in the group's place (in the table, or among the orphans), each a struct as `identity()` or
      null; `_equals_newer`, `_equals_head`, `_equals_base`: whether the contract's columns are equal to
      that row's.
    - `_table_newest`: place in time of the newest row of the key that has all parents.
    - `_copies`: stored rows of the key; more than one where somebody else broke the table.

    Rejected and expired lines and lines whose row is held compete with nobody: each has a group of its own.
    """
    rows = candidates.withColumn("_slot", slot_of(contract)).repartition("_slot")

    group = ["_slot", *(missing_of(key.column) for key in contract.foreign_keys)]
    # Lines compare within one file. A row that borrows its sequence from a repetition of its file competes
    # with rows of other files at one sequence: what is stored stays then, but for a later line of its file.
    is_own = F.col("_effective") == F.col("_sequence")
    stored_file = F.max(F.when(F.col("_kind") == STORED, F.col("_file"))).over(Window.partitionBy("_slot"))
    rows = rows.withColumn("_of_stored_file", F.coalesce(stored_file == F.col("_file"), F.lit(False)))
    newest_first = [
        F.desc("_effective"),
        F.when(is_own, F.col("_line")).desc_nulls_first(),
        F.desc("_of_stored_file"),
        F.when(F.col("_of_stored_file"), F.col("_line")).desc(),
        F.asc("_kind"),
        F.desc("_line"),
        F.desc("_file"),
    ]
    ordered = Window.partitionBy(*group).orderBy(*newest_first)
    so_far = ordered.rowsBetween(Window.unboundedPreceding, Window.currentRow)
    whole = ordered.rowsBetween(Window.unboundedPreceding, Window.unboundedFollowing)
    values = F.struct(*contract.names)
    lost = is_lost()

    rows = rows.withColumns(
        {
            "_rank": F.count(F.when(~lost, True)).over(so_far) + lost.cast("int"),
            "_newer": F.lag(identity()).over(ordered),
            "_newer_values": F.lag(values).over(ordered),
            "_head": F.first(F.when(~lost, identity()), ignorenulls=True).over(whole),
            "_head_values": F.first(F.when(~lost, values), ignorenulls=True).over(whole),
            "_base": F.first(F.when(is_base(), identity()), ignorenulls=True).over(whole),
            "_base_values": F.first(F.when(is_base(), values), ignorenulls=True).over(whole),
            "_table_newest": F.max(F.when(is_complete(), place_in_time())).over(Window.partitionBy("_slot")),
            "_copies": F.count(F.when(F.col("_kind") == STORED, True)).over(Window.partitionBy("_slot")),
        }
    )
    names = ("newer", "head", "base")
    equal = {f"_equals_{name}": F.col(f"_{name}_values").eqNullSafe(values) for name in names}
    return rows.withColumns(equal).drop("_of_stored_file", *(f"_{name}_values" for name in names))


def slot_of(contract: Contract) -> Column:
    """What rows compete for: their key, and for a line that competes with nobody something of its own."""
    # No valid key contains a control character.
    alone = F.concat(F.lit("\u0000"), F.col("_file"), F.lit(":"), F.col("_line"))
    competes = F.col("_reasons").isNull() & F.col("_held").isNull()
    return F.when(competes, F.col(contract.primary_key)).otherwise(alone)


def is_complete() -> Column:
    """Whether a row has all its parents."""
    return F.size("_missing") == 0


def is_lost() -> Column:
    """Whether a row lost before and still misses a parent."""
    return F.col("_lost") & ~is_complete()


def is_base() -> Column:
    """Whether a row is stored in the place that its group competes for."""
    return F.when(is_complete(), F.col("_kind") == STORED).otherwise(F.col("_kind") == WAITING)


def identity() -> Column:
    """A row's file, line, effective sequence, kind, place in time and waiting time."""
    return F.struct(
        "_file", "_line", "_effective", "_kind", place_in_time().alias("_place"), "_waiting_since"
    )


def place_in_time() -> Column:
    """Effective sequence and line; no line where a repetition of the file lent the sequence."""
    own = F.col("_effective") == F.col("_sequence")
    line = F.when(own, F.col("_line")).otherwise(F.lit(0).cast("bigint"))
    return F.struct(F.col("_effective").alias("sequence"), line.alias("line"))
