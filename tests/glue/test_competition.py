"""A row without rivals gets what sorting it beside its rivals would give it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lakehouse.candidates import ARRIVED, STORED, WAITING
from lakehouse.competition import part_by_rivals
from lakehouse.contract import load_contract
from lakehouse.deduplicate import rank_rows
from lakehouse.parents import missing_of
from lakehouse.rules import REASONS_TYPE

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, Row, SparkSession

ITEMS = load_contract("order_items")
FOREIGN_KEYS = [key.column for key in ITEMS.foreign_keys]
SINCE = datetime(2025, 5, 1)
REASONS = [("NULL_VALUE", None, "found nothing, expected a value")]


@st.composite
def _rows(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Rows of three files, so few or so many that most keys come once or several times."""
    return [_row(draw, line) for line in range(draw(st.integers(1, 30)))]


def _row(draw: st.DrawFn, line: int) -> dict[str, Any]:
    file, kind = draw(st.integers(1, 3)), draw(st.sampled_from([ARRIVED, ARRIVED, ARRIVED, WAITING, STORED]))
    missing = [] if kind == STORED else draw(st.lists(st.sampled_from(FOREIGN_KEYS), max_size=2, unique=True))
    fate = draw(st.sampled_from(["sound"] * 5 + ["rejected", "held"])) if kind == ARRIVED else "sound"
    return {
        ITEMS.primary_key: None if fate == "rejected" else str(draw(st.integers(1, 15))),
        **{key: draw(st.sampled_from("ab")) for key in FOREIGN_KEYS},
        "_file": f"file-{file}",
        "_sequence": f"{file}",
        "_line": line,
        "_reasons": REASONS if fate == "rejected" else None,
        "_waiting_since": SINCE,
        "_held": draw(st.integers(1, 3)) if fate == "held" else None,
        "_lost": draw(st.booleans()),
        "_effective": f"{file + draw(st.integers(0, 1))}",
        "_kind": kind,
        "_missing": missing,
    }


def _frame(spark: SparkSession, rows: list[dict[str, Any]]) -> DataFrame:
    internal = (
        f"_file string, _sequence string, _line bigint, _reasons {REASONS_TYPE}, _waiting_since timestamp, "
        "_held int, _lost boolean, _effective string, _kind int, _missing array<string>"
    )
    columns = ", ".join(f"`{column.name}` {column.sql_type}" for column in ITEMS.columns)
    missing = ", ".join(f"{missing_of(key)} string" for key in FOREIGN_KEYS)
    names = [
        *ITEMS.names,
        *(part.split()[0] for part in internal.split(", ")),
        *map(missing_of, FOREIGN_KEYS),
    ]
    for row in rows:
        row |= {missing_of(key): row[key] for key in row["_missing"]}
    values = [tuple(row.get(name) for name in names) for row in rows]
    return spark.createDataFrame(values, f"{columns}, {internal}, {missing}")


def _ranked(rows: DataFrame) -> list[Row]:
    return sorted(rows.select(*sorted(rows.columns)).collect(), key=str)


@settings(max_examples=6, deadline=None, database=None, suppress_health_check=list(HealthCheck))
@given(rows=_rows())
def test_a_row_is_ranked_alike_with_and_without_a_look_for_rivals(
    spark: SparkSession, rows: list[dict[str, Any]]
) -> None:
    candidates = _frame(spark, rows).localCheckpoint()
    alone, rivals = part_by_rivals(candidates, ITEMS)
    assert alone is not None
    everything = rank_rows(candidates, ITEMS)
    told_apart = alone.unionByName(rank_rows(rivals, ITEMS))
    # A stored row that nothing competes with has served: it is left out.
    stored_alone = {row["_slot"] for row in everything.groupBy("_slot").count().where("count = 1").collect()}
    expected = [
        row for row in _ranked(everything) if row["_kind"] != STORED or row["_slot"] not in stored_alone
    ]
    assert _ranked(told_apart) == expected


def test_too_many_keys_with_rivals_are_not_told_apart(
    spark: SparkSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    twice: list[dict[str, Any]] = [
        {
            ITEMS.primary_key: "1",
            "_file": "f",
            "_line": line,
            "_kind": ARRIVED,
            "_lost": False,
            "_missing": [],
        }
        for line in (1, 2)
    ]
    monkeypatch.setattr("lakehouse.competition._MOST_CONTESTED_KEYS", 0)
    candidates = _frame(spark, twice)
    assert part_by_rivals(candidates, ITEMS) == (None, candidates)
