"""The least and the greatest key of a batch. Delta keeps both for each data file (its statistics), so that a
table read between them is read without the files that hold none of the batch's keys, in whatever partition
they lie. Text compares by its bytes, here as in the statistics.
"""

from dataclasses import dataclass
from typing import Any

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from lakehouse.candidates import union_all
from lakehouse.contract import Contract


@dataclass(frozen=True)
class KeySpan:
    """Values of a key column from `least` to `greatest`, both of the column's type; None where there is no
    value."""

    least: Any
    greatest: Any


def key_spans(frames: list[DataFrame], contract: Contract) -> dict[str, KeySpan]:
    """Return the span of the primary key and of each foreign key over all frames; {} where there is no frame.
    At most one Spark action."""
    if not frames:
        return {}
    names = sorted(contract.key_names)
    rows = union_all([frame.select(names) for frame in frames])
    bounds = [
        bound.alias(f"{end}_{place}")
        for place, name in enumerate(names)
        for end, bound in (("least", F.min(name)), ("greatest", F.max(name)))
    ]
    (found,) = rows.agg(*bounds).collect()
    return {
        name: KeySpan(found[f"least_{place}"], found[f"greatest_{place}"]) for place, name in enumerate(names)
    }


def within(rows: DataFrame, column: str, spans: dict[str, KeySpan]) -> DataFrame:
    """Leave out rows whose `column` lies outside its span; none where `spans` does not name it."""
    span = spans.get(column)
    return rows if span is None else rows.where(F.col(column).between(span.least, span.greatest))
