"""What becomes of each row, judged against the tables as they were before the batch.

A row of a file becomes exactly one of
- held: the row that waits since an earlier batch had the file stands for it, and takes its fate;
- rejected: it breaks a rule;
- inserted, updated: it is the newest complete row of its key, and new, or different from the stored one;
- unchanged: the stored row is of this very line, or equal and of the same place in time (replay);
- repeated: it is newer than the stored row (of the table, or waiting) and equal. Whether it is written is
  decided for the whole file that the stored row came from, see confirmations.py; it counts as unchanged, or
  as orphaned where it takes an orphan's place;
- orphaned: it misses a parent and no newer row has taken its place;
- expired: it would be orphaned, but its file was first loaded too long ago; or it has expired before;
- duplicate: the next newer row it competes with is equal and of the same file;
- superseded: any other row that lost to a newer one.

A waiting orphan becomes inserted, updated, advanced (complete, and equal to an older stored row, which
takes its sequence; counts as unchanged), duplicate, superseded, expired, repeated, or waiting (nothing
happens to it).
"""

from datetime import datetime, timedelta

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from lakehouse.candidates import ARRIVED, STORED, WAITING
from lakehouse.deduplicate import is_complete, place_in_time
from lakehouse.replay import AMONG_ORPHANS, EXPIRED, IN_TABLE


def oldest_waiting(planned_at: datetime, orphan_max_age_days: int) -> Column:
    """The moment since when an orphan may have waited for its parents."""
    return F.lit((planned_at - timedelta(days=orphan_max_age_days)).isoformat()).cast("timestamp")


def classify_rows(ranked: DataFrame, oldest_allowed: Column) -> DataFrame:
    """Replace the ranking by `_state`, `_base_file` and `_base_effective` (the stored row that is met or
    replaced).

    Stored rows have served and are dropped. An orphan expires when it has waited since before
    `oldest_allowed` and still misses a parent; the time of a file that is loaded again counts from its first
    load.
    """
    arrived, waiting = F.col("_kind") == ARRIVED, F.col("_kind") == WAITING
    newer, base = F.col("_newer"), F.col("_base")

    may_wait = _may_wait(place_in_time())
    expired = F.col("_waiting_since") < oldest_allowed
    base_stays = _may_wait(base["_place"]) & ~(base["_waiting_since"] < oldest_allowed)
    read_again = arrived & F.col("_equals_newer") & (newer["_kind"] != ARRIVED)
    read_again &= (newer["_effective"] == F.col("_effective")) & (newer["_file"] != F.col("_file"))
    is_base = (base["_file"] == F.col("_file")) & (base["_line"] == F.col("_line"))
    repeated_orphan = waiting & is_base & (F.col("_head")["_kind"] == ARRIVED) & F.col("_equals_head")

    newest_complete = (
        F.when(base.isNull(), "inserted")
        .when(~F.col("_equals_base"), "updated")
        .when(arrived, "repeated")
        .otherwise("advanced")
    )
    newest_orphan = (
        F.when(~may_wait | F.col("_lost"), "superseded")
        .when(expired, "expired")
        .when(waiting, "waiting")
        .when(F.col("_equals_base") & base_stays, "repeated")
        .otherwise("orphaned")
    )
    beaten = (
        F.when(read_again, "unchanged")
        .when(~is_complete() & repeated_orphan & base_stays, "repeated")
        .when((newer["_file"] == F.col("_file")) & F.col("_equals_newer"), "duplicate")
        .otherwise("superseded")
    )
    state = (
        F.when(F.col("_held") == IN_TABLE, "unchanged")
        .when(F.col("_held") == AMONG_ORPHANS, "held")
        .when(F.col("_reasons").isNotNull(), "rejected")
        .when(F.col("_held") == EXPIRED, "expired")
        .when(F.col("_rank") > 1, beaten)
        .when(is_complete(), newest_complete)
        .otherwise(newest_orphan)
    )
    return (
        ranked.where(F.col("_kind") != STORED)
        .withColumns(
            {
                "_state": state,
                "_complete": is_complete(),
                "_base_file": base["_file"],
                "_base_effective": base["_effective"],
            }
        )
        .drop("_slot", "_rank", "_newer", "_head", "_base", "_table_newest")
        .drop("_equals_newer", "_equals_head", "_equals_base")
    )


def _may_wait(place: Column) -> Column:
    """Whether an incomplete row is newer than what the table has or gets for its key.

    At the same place in time the orphan was judged newer when it was loaded, and nothing has changed since.
    A lent sequence has no line (0), so beside the lines of the file that lent it, which come again, the place
    is the same.
    """
    newest = F.col("_table_newest")
    is_lent = (place["line"] == 0) & (place["sequence"] == newest["sequence"])
    return newest.isNull() | (place >= newest) | is_lent
