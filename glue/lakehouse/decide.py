"""What a batch does, decided from the counts alone before anything is written."""

from dataclasses import dataclass
from typing import Any

from lakehouse.arrivals import Arrivals
from lakehouse.candidates import ARRIVED, WAITING
from lakehouse.confirmations import decide_confirmations
from lakehouse.contract import Contract
from lakehouse.counts import (
    StateCount,
    count_files,
    count_orphans,
    count_redriven,
    count_rejects,
    fate,
    stays_orphan,
)
from lakehouse.manifest import Batch


@dataclass(frozen=True)
class Decision:
    """The counts to publish, and how many rows each write has. `repeated`: rows too many that the table has
    of the keys that the merge writes; somebody else left them there."""

    confirmations: dict[str, str]
    files: list[dict[str, Any]]
    redriven: list[dict[str, Any]]
    rejects: dict[str, int]
    orphans: dict[str, Any] | None
    to_reject: int
    to_wait: int
    to_insert: int
    to_update: int
    to_remove: int
    repeated: int


def decide(
    counts: list[StateCount],
    arrivals: Arrivals,
    candidates: set[str],
    rows_in_table: dict[str, int],
    batch: Batch,
    contract: Contract,
) -> Decision:
    """Decide confirmations, book every row and size the writes.

    Raises:
        RowsUnaccounted: if a file's outcomes do not add up to its number of data lines.
    """
    sequences = {file.file_id: file.sequence for file in batch.files}
    confirmations = decide_confirmations(counts, candidates, rows_in_table, sequences)
    confirmed = set(confirmations)

    def total(*wanted: bool) -> int:
        return sum(count.rows for count, want in zip(counts, wanted, strict=True) if want)

    advances = [
        count.kind == ARRIVED
        and count.state == "repeated"
        and count.complete
        and count.base_file not in confirmed
        for count in counts
    ]
    return Decision(
        confirmations=confirmations,
        files=count_files(counts, arrivals.read, confirmed, arrivals.erased),
        redriven=count_redriven(counts, arrivals.read, confirmed),
        rejects=count_rejects(counts),
        orphans=count_orphans(counts, confirmed) if contract.foreign_keys else None,
        to_reject=total(*(count.state in ("rejected", "expired") for count in counts)),
        to_wait=total(*(count.kind == ARRIVED and fate(count, confirmed) == "orphaned" for count in counts)),
        to_insert=total(*(count.state == "inserted" for count in counts)),
        to_update=total(*(count.state in ("updated", "advanced") for count in counts)) + total(*advances),
        to_remove=total(*(count.kind == WAITING and not stays_orphan(count, confirmed) for count in counts)),
        repeated=sum(
            count.repeated
            for count, advance in zip(counts, advances, strict=True)
            if advance or count.state in ("updated", "advanced")
        ),
    )
