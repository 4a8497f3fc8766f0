"""How many rows of each file met which fate, and the proof that they add up."""

from collections.abc import Collection
from dataclasses import dataclass

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from lakehouse.candidates import ARRIVED, WAITING
from lakehouse.errors import RowsUnaccounted
from lakehouse.replay import ORPHAN_EXPIRED

FATES = ("inserted", "updated", "unchanged", "superseded", "duplicate", "rejected", "orphaned")
ERASED = "erased"
_INSTANT = "yyyy-MM-dd'T'HH:mm:ss.SSS'Z'"
_FATE_OF_STATE = {"advanced": "unchanged", "expired": "rejected"}


@dataclass(frozen=True)
class StateCount:
    """Number of rows of one kind, file, state, stored counterpart and set of broken rules. `oldest`: least
    `_waiting_since`, ISO 8601. `rules`: those that rejected rows break, each once; () for other rows.
    `repeated`: rows too many that the table has of the rows' keys."""

    kind: int
    file: str
    state: str
    complete: bool
    base_file: str | None
    rows: int
    oldest: str | None
    rules: tuple[str, ...] = ()
    repeated: int = 0


def count_states(classified: DataFrame) -> list[StateCount]:
    """Count the rows by everything that later decisions need. One Spark action."""
    oldest = F.date_format(F.min("_waiting_since"), _INSTANT)
    rules = F.array_sort(F.array_distinct(F.transform("_reasons", lambda reason: reason["rule"])))
    repeated = F.sum(F.greatest(F.col("_copies") - 1, F.lit(0)))
    groups = classified.groupBy(
        "_kind",
        "_file",
        "_state",
        "_complete",
        "_base_file",
        F.when(F.col("_state") == "rejected", rules).alias("rules"),
    ).agg(F.count(F.lit(1)).alias("rows"), oldest.alias("oldest"), repeated.alias("repeated"))
    return [
        StateCount(
            row["_kind"],
            row["_file"],
            row["_state"],
            row["_complete"],
            row["_base_file"],
            row["rows"],
            row["oldest"],
            (ORPHAN_EXPIRED,) if row["_state"] == "expired" else tuple(row["rules"] or ()),
            row["repeated"],
        )
        for row in groups.collect()
    ]


def stays_orphan(count: StateCount, confirmed: Collection[str | None]) -> bool:
    """Whether these waiting orphans remain as they are."""
    return count.kind == WAITING and (
        count.state == "waiting" or (count.state == "repeated" and count.file in confirmed)
    )


def fate(count: StateCount, confirmed: Collection[str | None]) -> str:
    """The published outcome of rows that do not stay orphans."""
    if count.state == "repeated":
        if count.kind == WAITING:
            return "superseded"
        return "unchanged" if count.complete or count.base_file in confirmed else "orphaned"
    return _FATE_OF_STATE.get(count.state, count.state)


def count_files(
    counts: list[StateCount],
    read: dict[str, int],
    confirmed: Collection[str | None],
    erased: dict[str, list[int]] | None = None,
) -> list[dict[str, object]]:
    """Return the outcome of each file of the batch: [{fileId, rows: {read, inserted, ...}}].

    `erased` names the lines of a file that are left out, because they are about people who were erased. Only
    files with such lines have that outcome.

    A line whose row waited already when the batch began is counted by what becomes of that row.

    Raises:
        RowsUnaccounted: naming the first file whose outcomes do not add up to its rows read.
    """
    confirmed = set(confirmed)
    fates = {file_id: dict.fromkeys(FATES, 0) for file_id in read}
    for count in counts:
        if count.kind == ARRIVED and count.state != "held":
            fates.setdefault(count.file, dict.fromkeys(FATES, 0))[fate(count, confirmed)] += count.rows
        if count.kind == WAITING and count.file in read:
            stays = stays_orphan(count, confirmed)
            fates[count.file]["orphaned" if stays else fate(count, confirmed)] += count.rows
    for file_id, lines in (erased or {}).items():
        if file_id in read:
            fates[file_id][ERASED] = len(lines)
    for file_id, rows in fates.items():
        if sum(rows.values()) != read.get(file_id, 0):
            raise RowsUnaccounted(
                f"file {file_id}: {read.get(file_id, 0)} rows read, but the outcomes are {rows}; "
                "nothing was merged"
            )
    return [
        {"fileId": file_id, "rows": {"read": read[file_id], **rows}}
        for file_id, rows in sorted(fates.items())
    ]


def count_redriven(
    counts: list[StateCount], read: Collection[str], confirmed: Collection[str | None]
) -> list[dict[str, object]]:
    """Return the changes to the outcomes of earlier files whose orphans moved; each file's changes sum to
    zero. A file of the batch (`read`) is none of them: its outcome is counted anew."""
    confirmed = set(confirmed)
    changes: dict[str, dict[str, int]] = {}
    for count in counts:
        if count.kind == WAITING and count.file not in read and not stays_orphan(count, confirmed):
            rows = changes.setdefault(count.file, dict.fromkeys(("read", *FATES), 0))
            rows["orphaned"] -= count.rows
            rows[fate(count, confirmed)] += count.rows
    return [{"fileId": file_id, "rows": rows} for file_id, rows in sorted(changes.items())]


def count_rejects(counts: list[StateCount]) -> dict[str, int]:
    """Return how many rows the batch rejects under each rule. A row that breaks several counts under each of
    them, so the sum can exceed the rows; orphans of earlier files that expire count too."""
    rejects: dict[str, int] = {}
    for count in counts:
        for rule in count.rules:
            rejects[rule] = rejects.get(rule, 0) + count.rows
    return dict(sorted(rejects.items()))


def count_orphans(counts: list[StateCount], confirmed: Collection[str | None]) -> dict[str, int | str | None]:
    """Return {waiting, oldestSince} as the orphans table is after the batch, and {expired}: rows that left it
    for the rejects."""
    confirmed = set(confirmed)
    staying = [count for count in counts if stays_orphan(count, confirmed)]
    fresh = [count for count in counts if count.kind == ARRIVED and fate(count, confirmed) == "orphaned"]
    since = [count.oldest for count in staying + fresh if count.oldest]
    return {
        "waiting": sum(count.rows for count in staying + fresh),
        "oldestSince": min(since, default=None),
        "expired": sum(count.rows for count in counts if count.kind == WAITING and count.state == "expired"),
    }
