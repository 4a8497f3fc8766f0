"""From judged lines, stored rows, orphans and parent keys to the fate of every row: no I/O, one lineage."""

from dataclasses import dataclass
from datetime import datetime

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from lakehouse.candidates import arrived_rows, stored_rows, union_all, waiting_rows
from lakehouse.classify import classify_rows, oldest_waiting
from lakehouse.competition import part_by_rivals
from lakehouse.contract import Contract
from lakehouse.deduplicate import is_complete, rank_rows
from lakehouse.parents import find_missing_parents
from lakehouse.replay import Record, let_expired_go, recall


@dataclass(frozen=True)
class Inputs:
    """What a job reads. A frame that would be empty is None.

    `judged` comes from judge; `stored` and `orphans` are the tables at the pinned versions; `parents` gives
    each foreign key column its parent's keys; `confirmations` has `_file` and `_confirmed`; `record` is what
    the tables hold of files that come again. With `only_batch_keys` the stored rows are cut down to the
    batch's keys by a broadcast. `is_large` says that looking for rows without rivals is worth a query.
    """

    contract: Contract
    planned_at: datetime
    orphan_max_age_days: int
    judged: DataFrame | None
    stored: DataFrame | None
    orphans: DataFrame | None
    parents: dict[str, DataFrame]
    confirmations: DataFrame | None
    record: Record | None
    only_batch_keys: bool
    is_large: bool


def transform(inputs: Inputs) -> DataFrame | None:
    """Return every row of the files and every waiting orphan with its `_state` (see classify.py), or None
    if none. The rows are computed once, and plans of what follows start from them: planning the whole lineage
    anew for each write costs more than the writes of a daily batch."""
    contract = inputs.contract
    candidates = []
    if inputs.judged is not None:
        judged = recall(inputs.judged, inputs.record) if inputs.record else inputs.judged
        candidates.append(arrived_rows(judged, contract, inputs.planned_at))
    if inputs.orphans is not None:
        candidates.append(waiting_rows(inputs.orphans, contract, inputs.confirmations))
    if not candidates:
        return None
    if inputs.stored is not None:
        stored = inputs.stored
        if inputs.only_batch_keys:
            keys = union_all(candidates).select(contract.primary_key)
            stored = stored.join(F.broadcast(keys), on=contract.primary_key, how="left_semi")
        candidates.append(stored_rows(stored, contract, inputs.confirmations))
    complete = find_missing_parents(union_all(candidates), inputs.parents, contract)
    oldest = oldest_waiting(inputs.planned_at, inputs.orphan_max_age_days)
    if inputs.record:
        complete = let_expired_go(complete, oldest)
    alone, rivals = None, complete
    if inputs.is_large:
        # The text of a line is kept for a row that is rejected or waits; of the others nobody asks for it.
        is_settled = F.col("_reasons").isNull() & F.col("_held").isNull() & is_complete()
        complete = complete.withColumn("_raw", F.when(~is_settled, F.col("_raw")))
        alone, rivals = part_by_rivals(complete.localCheckpoint(eager=False), contract)
    ranked = classify_rows(rank_rows(rivals, contract), oldest).localCheckpoint(eager=False)
    return ranked if alone is None else classify_rows(alone, oldest).unionByName(ranked)
