"""Files that came again alike: their rows take the newer sequence without being rewritten.

If every row that is still stored from file F is met by an equal, newer row of one file X, the single
statement "F is confirmed by X" says the same as rewriting them all with X's sequence. The ledger keeps it,
and `_effective` (see candidates.py) counts with it. If one row of F is left out, or two files share the
work, the rows are written instead. So they are while rows of X itself wait for a parent: of two lines of X
the later one wins, and which line of X met a row of F is not kept.
"""

from collections import defaultdict
from collections.abc import Iterable

from lakehouse.candidates import ARRIVED, WAITING
from lakehouse.counts import StateCount


def repeated_files(counts: list[StateCount], batch_files: Iterable[str]) -> set[str]:
    """Files that the batch may confirm: stored rows of theirs came again alike, and they are not in the
    batch."""
    repeated = {count.base_file for count in counts if count.kind == ARRIVED and count.state == "repeated"}
    return {file for file in repeated if file is not None} - set(batch_files)


def decide_confirmations(
    counts: list[StateCount], candidates: set[str], rows_in_table: dict[str, int], sequences: dict[str, str]
) -> dict[str, str]:
    """Return {file: sequence of the file that confirms it}.

    `rows_in_table` counts the rows of each candidate in the dataset's table before the batch; `sequences`
    gives the sequence of each file of the batch.
    """
    matched: dict[str, int] = defaultdict(int)
    sources: dict[str, set[str]] = defaultdict(set)
    remaining = {file: rows_in_table.get(file, 0) for file in candidates}
    for count in counts:
        base = count.base_file
        if base in candidates and count.kind == ARRIVED and count.state == "repeated":
            matched[base] += count.rows
            sources[base].add(count.file)
        if base in candidates and count.complete and count.state in ("updated", "advanced"):
            remaining[base] -= count.rows
        if count.file in candidates and count.kind == WAITING:
            stays_or_moves = count.state in ("waiting", "repeated", "inserted", "updated", "advanced")
            remaining[count.file] += count.rows if stays_or_moves else 0
    return {
        file: sequences[next(iter(sources[file]))]
        for file in sorted(candidates)
        if len(sources[file]) == 1
        and matched[file] == remaining[file]
        and not any(count.file in sources[file] and _waits_beside(count, file) for count in counts)
    }


def _waits_beside(count: StateCount, file: str) -> bool:
    """Whether rows of a file of the batch wait as its own, not as the repetition of a row of `file`."""
    waits = count.state == "orphaned" or (count.state == "repeated" and count.base_file != file)
    return count.kind == ARRIVED and not count.complete and waits
