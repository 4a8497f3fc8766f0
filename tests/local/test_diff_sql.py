"""The SQL of ``lakehouse diff`` on random versions of a table, against a comparison row by row."""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diff_sql import DiffSql, Roles, diff_sql
from localcloud.athena.engine import Engine
from localcloud.athena.translate import parse_query, to_duckdb

ROLES = Roles(["shop", "id"], ["amount", "tags"], ["_batch"])
TYPES = {
    "shop": "VARCHAR",
    "id": "BIGINT",
    "amount": "DECIMAL(12,2)",
    "tags": "VARCHAR[]",
    "_batch": "BIGINT",
}
COLUMNS = list(TYPES)
OLD = [name for name in COLUMNS if name != "tags"]
LIMIT = 2

# Texts whose Athena form is the same although the values differ: ['a, b'] and ['a', 'b'].
_values = st.tuples(
    st.sampled_from([None, "0.00", "12.50"]),
    st.sampled_from([None, [], ["a, b"], ["a", "b"], [None]]),
    st.integers(1, 2),
)
versions = st.dictionaries(st.tuples(st.sampled_from("NS"), st.integers(1, 4)), _values, max_size=8)
Version = dict[tuple[str, int], tuple[Any, ...]]
Ask = Callable[[str, Version, Version, list[str]], list[list[str | None]]]


@cache
def translated(sql: str) -> str:
    """DuckDB's text, reading the versions from two tables of the session."""
    readers = {"before": "v0", "after": "v1"}
    return to_duckdb(parse_query(sql), sql, "", lambda _database, name: readers[name])


@pytest.fixture(scope="module")
def ask(tmp_path_factory: pytest.TempPathFactory) -> Ask:
    """Runs a query as ``localcloud.time_travel`` does, on two versions given by their rows."""
    engine = Engine("http://127.0.0.1:9", tmp_path_factory.mktemp("duckdb"))
    session = engine.session()

    def run(sql: str, before: Version, after: Version, before_has: list[str]) -> list[list[str | None]]:
        for name, rows, has in (("v0", before, before_has), ("v1", after, COLUMNS)):
            declared = ", ".join(f"{column} {TYPES[column]}" for column in COLUMNS)
            session.execute(f"CREATE OR REPLACE TEMP TABLE {name} ({declared})")
            if rows:
                places = ", ".join(["(?, ?, ?, ?, ?)"] * len(rows))
                cells = [cell for key, values in rows.items() for cell in (*key, *values)]
                session.execute(f"INSERT INTO {name} VALUES {places}", cells)
            for column in set(COLUMNS) - set(has):
                session.execute(f"ALTER TABLE {name} DROP COLUMN {column}")
        return [list(row) for row in engine.run(session, translated(sql)).rows]

    return run


@pytest.fixture(scope="module", params=[COLUMNS, OLD], ids=["same columns", "a column was added"])
def before_has(request: pytest.FixtureRequest) -> list[str]:
    has: list[str] = request.param
    return has


@pytest.fixture(scope="module")
def sql(toolchain: Path, before_has: list[str]) -> DiffSql:
    return diff_sql(toolchain, ROLES, before_has, COLUMNS, LIMIT)


def kind_of(before: tuple[Any, ...] | None, after: tuple[Any, ...] | None) -> str | None:
    """What happened to a row; its last cell is lineage."""
    if before is None or after is None:
        return "added" if before is None else "removed"
    return "changed" if before[:-1] != after[:-1] else None


@settings(max_examples=40)
@given(before=versions, after=versions)
def test_the_diff_finds_what_a_comparison_row_by_row_finds(
    ask: Ask, sql: DiffSql, before_has: list[str], before: Version, after: Version
) -> None:
    if "tags" not in before_has:
        before = {key: (amount, None, batch) for key, (amount, _, batch) in before.items()}
    kinds: dict[str, list[tuple[str, int]]] = {}
    for key in sorted({*before, *after}):
        kind = kind_of(before.get(key), after.get(key))
        if kind is not None:
            kinds.setdefault(kind, []).append(key)

    counted = ask(sql.counts, before, after, before_has)
    assert {kind: int(n or 0) for kind, n in counted if kind} == {k: len(keys) for k, keys in kinds.items()}

    rows = ask(sql.rows, before, after, before_has)
    expected = [(kind, key) for kind in sorted(kinds) for key in kinds[kind][:LIMIT]]
    found = [(row[0], (row[1] or row[2], int(row[4] or row[5] or 0))) for row in rows]
    assert found == expected
    for row, (kind, key) in zip(rows, expected, strict=True):
        if kind != "changed":
            continue
        old, new = before[key], after[key]
        cells = [row[at : at + 3] for at in range(7, len(row), 3)]
        assert [cell[2] for cell in cells] == [
            "true" if was != becomes else "false" for was, becomes in zip(old, new, strict=True)
        ]
        assert cells[0][:2] == [old[0], new[0]]
        assert cells[2][:2] == [str(old[2]), str(new[2])]
