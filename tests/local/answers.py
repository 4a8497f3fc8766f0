"""The answer of a query engine, and how it is held against an oracle's."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Answer:
    """``types``: Athena's names, without length or precision; ``rows``: the cells as text, None for NULL."""

    columns: list[str]
    types: list[str]
    rows: list[list[str | None]]


def as_expected(rows: list[list[str | None]], expected: list[list[Any]]) -> list[list[Any]]:
    """The rows with each cell of the type that the oracle gives it; they have to be as many."""
    return [
        [_cell(cell, wanted) for cell, wanted in zip(row, wanted_row, strict=True)]
        for row, wanted_row in zip(rows, expected, strict=True)
    ]


def _cell(actual: str | None, expected: Any) -> Any:
    return actual if actual is None or expected is None else type(expected)(actual)
