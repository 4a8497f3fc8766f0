"""After every batch each row is where a few lines of Python (oracle.py) say, and counted as what became of
it, however the files were split into batches."""

from __future__ import annotations

import os
from collections import Counter, defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st

from data import ITEM_COLUMNS, ORDER_COLUMNS, PRODUCT_COLUMNS
from lake import Lake
from oracle import Oracle, Row

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

# An example is some eight Spark jobs. HISTORY_EXAMPLES=50 searches longer, HISTORY_SHRINK=1 shows the
# smallest history that fails.
EXAMPLES = int(os.environ.get("HISTORY_EXAMPLES", "2"))
PHASES = [Phase.generate, *([Phase.shrink] if os.environ.get("HISTORY_SHRINK") else [])]
DATASETS = ("products", "orders", "order_items")
COLUMNS = {
    "products": ("product_id", "CAST(department_id AS string)", "product_name"),
    "orders": ("order_id", "CAST(total_amount AS string)", "CAST(date AS string)"),
    "order_items": ("id", "order_id", "product_id", "CAST(add_to_cart_order AS string)"),
}
HEADERS = {"products": PRODUCT_COLUMNS, "orders": ORDER_COLUMNS, "order_items": ITEM_COLUMNS}
# What the tables make of a value; None is refused.
NUMBERS = {"1": "1", "+2": "2", "02": "2", "x": None}
AMOUNTS = {"1": "1.00", "1.0": "1.00", "2": "2.00", "2.345": None}
PLACES = {"1": "1", "2": "2", "0": None}
DAYS = ("2025-04-01", "2025-04-02")

Cells = tuple[str, ...]
Content = tuple[str, tuple[Cells, ...]]


def _rows(*cells: st.SearchStrategy[str]) -> st.SearchStrategy[tuple[Cells, ...]]:
    return st.lists(st.tuples(*cells), min_size=1, max_size=6).map(tuple)


def _value(known: dict[str, str | None]) -> st.SearchStrategy[str]:
    """A value, most of them sound."""
    return st.sampled_from([text for text, kept in known.items() for _ in range(3 if kept else 1)])


_parent, _item = st.sampled_from("123"), st.sampled_from("abcd")
_contents: st.SearchStrategy[Content] = st.one_of(
    st.tuples(st.just("products"), _rows(_parent, _value(NUMBERS), st.sampled_from("xy"))),
    st.tuples(st.just("orders"), _rows(_parent, _value(AMOUNTS), st.sampled_from(DAYS))),
    st.tuples(st.just("order_items"), _rows(_item, _parent, _parent, _value(PLACES))),
    st.tuples(st.just("order_items"), _rows(_item, _parent, _parent, _value(PLACES))),
)


@st.composite
def _histories(draw: st.DrawFn) -> list[Content]:
    """Files in the order of their sequence, some of them with the content of an earlier one."""
    history = draw(st.lists(_contents, min_size=6, max_size=9))
    for earlier, later in draw(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), max_size=2)):
        history[max(earlier, later)] = history[min(earlier, later)]
    return history


def _splits(count: int) -> st.SearchStrategy[list[list[int]]]:
    """The numbers of the files in up to three batches, so that older files may come after newer ones."""
    places = st.lists(st.integers(0, 2), min_size=count, max_size=count)
    return places.map(
        lambda batches: [[n for n in range(count) if batches[n] == batch] for batch in sorted(set(batches))]
    )


def _text(content: Content) -> str:
    dataset, rows = content
    lines = {
        "products": lambda row: f"{row[0]},{row[1]},Food,{row[2]}",
        "orders": lambda row: f"1,{row[0]},u1,{row[2]}T10:00:00,{row[1]},{row[2]}",
        "order_items": lambda row: (
            f"{row[0]},{row[1]},u1,3,{row[2]},{row[3]},0,2025-04-01T10:00:00,2025-04-01"
        ),
    }[dataset]
    return "\n".join([HEADERS[dataset], *map(lines, rows)]) + "\n"


def _expected_rows(number: int, content: Content) -> list[Row]:
    dataset, rows = content
    expected = []
    for line, cells in enumerate(rows, start=2):
        place, known = {"products": (1, NUMBERS), "orders": (1, AMOUNTS), "order_items": (3, PLACES)}[dataset]
        value = known[cells[place]]
        kept = tuple(value or "" if index == place else cell for index, cell in enumerate(cells))
        is_child = dataset == "order_items"
        parents = (("orders", cells[1]), ("products", cells[2])) if is_child else ()
        expected.append(Row(number, line, kept, value is not None, parents))
    return expected


@pytest.fixture(scope="module")
def base(spark: SparkSession, tmp_path_factory: pytest.TempPathFactory) -> Lake:
    return Lake(spark, tmp_path_factory.mktemp("base"))


def test_every_row_is_where_the_oracle_says_after_every_batch(
    base: Lake, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = 0

    @settings(
        max_examples=EXAMPLES,
        phases=PHASES,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(st.data())
    def check(data: st.DataObject) -> None:
        nonlocal made
        history = data.draw(_histories(), label="history")
        split = data.draw(_splits(len(history)), label="split")
        # One batch of one dataset is no history worth the seconds.
        assume({dataset for dataset, _ in history} == set(DATASETS) and len(split) > 1)
        made += 1
        # One history with tables that are read whole, the next with what holds the batch's keys.
        monkeypatch.setattr("lakehouse.job._SMALL_TABLE_BYTES", (1 << 20) * (made % 2))
        # And by turns with rows that are told apart by whether they have rivals, which large batches are.
        monkeypatch.setattr("lakehouse.job._LARGE_BATCH_BYTES", (1 << 20) * (1 - made // 2 % 2))
        _load_and_compare(base.copy(tmp_path / str(made)), history, split)

    check()


def _load_and_compare(lake: Lake, history: list[Content], split: list[list[int]]) -> None:
    oracle, booked = Oracle(), defaultdict[int, Counter[str]](Counter)
    landed = [lake.land(dataset, _text((dataset, rows))) for dataset, rows in history]
    numbers = {file.file_id: number for number, file in enumerate(landed)}
    for batch in split:
        results = lake.load(*(landed[number] for number in batch))
        _book(booked, results, numbers)
        rows: dict[str, list[Row]] = {dataset: [] for dataset in DATASETS}
        for number in batch:
            rows[history[number][0]] += _expected_rows(number, history[number])
        oracle.load("products", rows["products"])
        oracle.load("orders", rows["orders"])
        oracle.load_children("order_items", rows["order_items"])
        _compare_places(lake, oracle, numbers)
        _compare_counts(oracle, booked, history)


def _book(
    booked: dict[int, Counter[str]], results: dict[str, dict[str, Any]], numbers: dict[str, int]
) -> None:
    for result in results.values():
        for file in result["files"] + result["redriven"]:
            booked[numbers[file["fileId"]]].update(file["rows"])


def _compare_places(lake: Lake, oracle: Oracle, numbers: dict[str, int]) -> None:
    for dataset in DATASETS:
        held = sorted(row.cells for row in oracle.tables[dataset].values())
        assert lake.rows(dataset, *COLUMNS[dataset]) == held
        refused = [(numbers[file], line) for file, line in lake.rows(f"{dataset}_rejects", "file_id", "line")]
        assert sorted(refused) == sorted((row.file, row.line) for row in oracle.refused[dataset])
    waiting = sorted(row.cells for row in oracle.waiting)
    assert lake.rows("order_items_orphans", *COLUMNS["order_items"]) == waiting


def _compare_counts(oracle: Oracle, booked: dict[int, Counter[str]], history: list[Content]) -> None:
    children: Counter[str] = Counter()
    for number, found in booked.items():
        assert found["read"] == sum(found.values()) - found["read"] and min(found.values()) >= 0
        expected = oracle.counts[number]
        if history[number][0] != "order_items":
            assert +found == +expected
            continue
        assert (found["read"], found["rejected"]) == (expected["read"], expected["rejected"])
        children.update(found)
    assert children["inserted"] == len(oracle.tables["order_items"])
    assert children["orphaned"] == len(oracle.waiting)
