"""Rows whose key no other row of the batch or table has: nothing need be sorted to know their place.

Sorting the rows of each key, with a view of each row's rivals, takes most of what a large load costs after
its lines are judged, and nearly all rows of a first load have no rival. With their keys counted first a third
of that is left (docs/adr/0033-rows-without-rivals.md).
"""

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from lakehouse.candidates import STORED
from lakehouse.contract import Contract
from lakehouse.deduplicate import identity, is_base, is_complete, is_lost, place_in_time, slot_of

# They are broadcast. Where more of them are contested, little is saved by telling them apart.
_MOST_CONTESTED_KEYS = 1_000_000


def part_by_rivals(candidates: DataFrame, contract: Contract) -> tuple[DataFrame | None, DataFrame]:
    """Return the candidates (from find_missing_parents) without rivals, ranked as rank_rows would, and the
    others, unranked; None and all candidates where too many have rivals. Stored rows without rivals are left
    out, because nothing happens to them. One Spark action, which computes the candidates: keep them."""
    slot = slot_of(contract)
    contested = candidates.groupBy(slot.alias("_slot")).count().where("count > 1").select("_slot")
    contested = contested.localCheckpoint(eager=False)
    if contested.count() > _MOST_CONTESTED_KEYS:
        return None, candidates
    keys, rows = F.broadcast(contested), candidates.withColumn("_slot", slot)
    alone = rows.where(F.col("_kind") != STORED).join(keys, "_slot", "left_anti")
    return _rank_alone(alone), rows.join(keys, "_slot", "left_semi")


def _rank_alone(rows: DataFrame) -> DataFrame:
    """Add the columns of rank_rows to rows that are first and only in their place."""
    return rows.withColumns(
        {
            "_rank": F.lit(1).cast("bigint"),
            "_newer": F.when(F.lit(False), identity()),
            "_head": F.when(~is_lost(), identity()),
            "_base": F.when(is_base(), identity()),
            "_table_newest": F.when(is_complete(), place_in_time()),
            "_copies": F.lit(0).cast("bigint"),
            "_equals_newer": F.lit(False),
            "_equals_head": ~is_lost(),
            "_equals_base": is_base(),
        }
    )
