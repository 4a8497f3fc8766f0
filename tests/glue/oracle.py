"""What loading files has to come to, in plain Python and row by row; knows nothing of how the job does it."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from itertools import groupby, pairwise


@dataclass(frozen=True, order=True)
class Row:
    """A line of a file; rows are in the order of time. `cells` are the values that the tables keep, the first
    is the key; `parents` are (dataset, key)."""

    file: int
    line: int
    cells: tuple[str | int, ...]
    is_sound: bool = True
    parents: tuple[tuple[str, str], ...] = ()


def _key(row: Row) -> str:
    return str(row.cells[0])


@dataclass
class Oracle:
    """By dataset and key the row that a table holds; the rows that wait for parents; by dataset the refused
    rows; by file number what has become of its rows."""

    tables: dict[str, dict[str, Row]] = field(default_factory=lambda: defaultdict(dict))
    waiting: list[Row] = field(default_factory=list)
    refused: dict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))
    counts: dict[int, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    children: list[Row] = field(default_factory=list)

    def load(self, dataset: str, rows: list[Row]) -> None:
        """Take the rows of a dataset without parents, of one batch."""
        for key, of_key in groupby(sorted(self._sound(dataset, rows), key=_key), _key):
            self._take(dataset, key, list(of_key))

    def load_children(self, dataset: str, rows: list[Row]) -> None:
        """Take the rows of a dataset with parents, and decide anew, over all of its rows that have come,
        which are in the table and which wait: of each key the newest row with all its parents, and of the
        newer ones that lack some, the newest of those that lack the same."""
        self.children += self._sound(dataset, rows)
        table: dict[str, Row] = {}
        waiting: dict[tuple[str, object], Row] = {}
        for row in sorted(self.children):
            lacking = tuple(place for place in row.parents if place[1] not in self.tables[place[0]])
            if not lacking:
                table[_key(row)] = row
                waiting = {place: other for place, other in waiting.items() if place[0] != _key(row)}
            else:
                waiting[_key(row), lacking] = row
        self.tables[dataset], self.waiting = table, list(waiting.values())

    def _sound(self, dataset: str, rows: list[Row]) -> list[Row]:
        for row in rows:
            self.counts[row.file]["read"] += 1
            if not row.is_sound:
                self.counts[row.file]["rejected"] += 1
                self.refused[dataset].append(row)
        return [row for row in rows if row.is_sound]

    def _take(self, dataset: str, key: str, rows: list[Row]) -> None:
        table = self.tables[dataset]
        held = table.get(key)
        in_time = sorted([*rows, held] if held else rows)
        for row, newer in pairwise(in_time):
            if row is not held:
                is_twin = newer is not held and (newer.file, newer.cells) == (row.file, row.cells)
                self.counts[row.file]["duplicate" if is_twin else "superseded"] += 1
        newest = in_time[-1]
        if newest is not held:
            change = "inserted" if not held else "unchanged" if newest.cells == held.cells else "updated"
            self.counts[newest.file][change] += 1
            table[key] = newest
