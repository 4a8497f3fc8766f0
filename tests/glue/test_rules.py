"""Each row rule, by example: the cell that breaks it, and what the message says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from lake import Lake

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

PROJECT = Path(__file__).resolve().parents[2]
ITEM = {
    "id": "1",
    "order_id": "10",
    "user_id": "u1",
    "days_since_prior_order": "3",
    "product_id": "5",
    "add_to_cart_order": "1",
    "reordered": "0",
    "order_timestamp": "2025-04-01T11:27:00",
    "date": "2025-04-01",
}
ORDER = {
    "order_num": "1",
    "order_id": "10",
    "user_id": "u1",
    "order_timestamp": "2025-04-01T11:27:00",
    "total_amount": "12.5",
    "date": "2025-04-01",
}
# dataset, changed cells, the reasons expected as (rule, column)
BROKEN: list[tuple[str, dict[str, str], list[tuple[str, str | None]]]] = [
    ("order_items", {"id": ""}, [("NULL_KEY", "id")]),
    ("order_items", {"product_id": "\u00a0 "}, [("NULL_KEY", "product_id")]),
    ("order_items", {"user_id": ""}, [("NULL_VALUE", "user_id")]),
    ("order_items", {"add_to_cart_order": "1.0"}, [("BAD_INTEGER", "add_to_cart_order")]),
    ("order_items", {"add_to_cart_order": "2147483648"}, [("BAD_INTEGER", "add_to_cart_order")]),
    ("order_items", {"add_to_cart_order": "\uff11"}, [("BAD_INTEGER", "add_to_cart_order")]),
    ("order_items", {"add_to_cart_order": "0"}, [("RANGE", "add_to_cart_order")]),
    ("order_items", {"days_since_prior_order": "-1"}, [("NEGATIVE", "days_since_prior_order")]),
    ("order_items", {"reordered": "TRUE"}, [("BAD_BOOLEAN", "reordered")]),
    ("order_items", {"reordered": "yes"}, [("BAD_BOOLEAN", "reordered")]),
    ("order_items", {"order_timestamp": "2025-02-30T10:00:00"}, [("BAD_TIMESTAMP", "order_timestamp")]),
    ("order_items", {"order_timestamp": "12:00:00"}, [("BAD_TIMESTAMP", "order_timestamp")]),
    ("order_items", {"order_timestamp": "2025-04-01T24:00:00"}, [("BAD_TIMESTAMP", "order_timestamp")]),
    (
        "order_items",
        {"order_timestamp": "1999-12-31T23:59:59", "date": "1999-12-31"},
        [("TIMESTAMP_RANGE", "order_timestamp")],
    ),
    (
        "order_items",
        {"order_timestamp": "2025-05-03T00:00:00", "date": "2025-05-03"},
        [("TIMESTAMP_RANGE", "order_timestamp")],
    ),
    ("order_items", {"date": "2025-04-02"}, [("DATE_MISMATCH", "date")]),
    ("order_items", {"date": "2025-4-1"}, [("BAD_DATE", "date")]),
    ("order_items", {"date": "2025-04-31"}, [("BAD_DATE", "date")]),
    ("orders", {"total_amount": "1e3"}, [("BAD_DECIMAL", "total_amount")]),
    ("orders", {"total_amount": ".5"}, [("BAD_DECIMAL", "total_amount")]),
    ("orders", {"total_amount": "5."}, [("BAD_DECIMAL", "total_amount")]),
    ("orders", {"total_amount": '"1,5"'}, [("BAD_DECIMAL", "total_amount")]),
    ("orders", {"total_amount": "1.230"}, [("SCALE", "total_amount")]),
    ("orders", {"total_amount": "12345678901.00"}, [("RANGE", "total_amount")]),
    ("orders", {"total_amount": "-0.01"}, [("NEGATIVE", "total_amount")]),
    ("orders", {"total_amount": "-12.345"}, [("SCALE", "total_amount"), ("NEGATIVE", "total_amount")]),
    ("orders", {"order_num": "x" * 65}, [("TOO_LONG", "order_num")]),
    ("orders", {"order_num": "a\x00b"}, [("CONTROL_CHARACTER", "order_num")]),
    ("orders", {"order_num": "a\u0085"}, [("CONTROL_CHARACTER", "order_num")]),
    ("orders", {"order_num": 'a"b'}, [("MALFORMED", None)]),
    ("orders", {"order_num": '"a"b'}, [("MALFORMED", None)]),
    ("orders", {"order_num": '"a'}, [("MALFORMED", None)]),
    ("orders", {"order_num": "1,2"}, [("MALFORMED", None)]),
    ("orders", {"order_num": "\udcff"}, [("ENCODING", None)]),
    ("orders", {name: name for name in ORDER}, [("REPEATED_HEADER", None)]),
    (
        "orders",
        {"order_id": "", "total_amount": "x", "date": "never"},
        [("NULL_KEY", "order_id"), ("BAD_DECIMAL", "total_amount"), ("BAD_DATE", "date")],
    ),
]
SOUND: list[tuple[str, dict[str, str]]] = [
    ("order_items", {"days_since_prior_order": ""}),
    ("order_items", {"add_to_cart_order": "+007"}),
    ("order_items", {"add_to_cart_order": "2147483647"}),
    ("order_items", {"reordered": "true"}),
    ("order_items", {"user_id": "null"}),
    ("order_items", {"order_timestamp": "2025-04-01 11:27"}),
    ("order_items", {"order_timestamp": "2025-04-01T23:30-05:00"}),
    ("order_items", {"order_timestamp": "2025-04-01T11:27:00.123456+0530"}),
    ("order_items", {"order_timestamp": "2025-05-02T00:00:00Z", "date": "2025-05-02"}),
    ("orders", {"order_num": ' "say ""hi"", please" '}),
    ("orders", {"order_num": "\u00fcml\u00e4ut \U0001f600\tx"}),
    ("orders", {"order_num": "\u3000x\u00a0"}),
    ("orders", {"order_num": "=1+1"}),
    ("orders", {"order_num": "\U0001f600" * 64}),
    ("orders", {"total_amount": "-0.00"}),
    ("orders", {"total_amount": "0009999999999.99"}),
]
Rejects = dict[str, dict[int, list[tuple[str, str | None, str]]]]
SOUND_ROW = {"order_items": ITEM, "orders": ORDER}


def _line(dataset: str, key: int, cells: dict[str, str]) -> str:
    row = dict(SOUND_ROW[dataset])
    row["id" if dataset == "order_items" else "order_id"] = f"k{key}"
    return ",".join({**row, **cells}.values())


@pytest.fixture(scope="module")
def rejects(spark: SparkSession, tmp_path_factory: pytest.TempPathFactory) -> Rejects:
    """Reasons by dataset and line; all lines of a dataset are one file."""
    lake = Lake(spark, tmp_path_factory.mktemp("rules"))
    found: Rejects = {}
    batch_files = []
    for dataset, row in SOUND_ROW.items():
        cases = [cells for name, cells, _ in BROKEN if name == dataset]
        cases += [cells for name, cells in SOUND if name == dataset]
        lines = [",".join(row), *(_line(dataset, number, cells) for number, cells in enumerate(cases))]
        batch_files.append(lake.land(dataset, "\n".join(lines).encode("utf-8", "surrogateescape")))
    lake.load(*batch_files)
    for dataset in SOUND_ROW:
        rows = lake.table(f"{dataset}_rejects").collect()
        found[dataset] = {
            row["line"]: [(reason["rule"], reason["column"], reason["message"]) for reason in row["reasons"]]
            for row in rows
        }
    return found


@pytest.mark.parametrize(
    "number", range(len(BROKEN)), ids=lambda number: f"{BROKEN[number][2][0][0]}-{number}"
)
def test_a_broken_row_is_rejected_with_all_its_reasons(rejects: Rejects, number: int) -> None:
    dataset, _, expected = BROKEN[number]
    line = 2 + sum(1 for name, _, _ in BROKEN[:number] if name == dataset)
    reasons = rejects[dataset][line]
    assert [(rule, column) for rule, column, _ in reasons] == expected
    assert all("found" in message and "expected" in message for _, _, message in reasons)


@pytest.mark.parametrize("number", range(len(SOUND)))
def test_a_sound_row_is_not_rejected(rejects: Rejects, number: int) -> None:
    dataset, _ = SOUND[number]
    broken = sum(1 for name, _, _ in BROKEN if name == dataset)
    line = 2 + broken + sum(1 for name, _ in SOUND[:number] if name == dataset)
    assert rejects[dataset].get(line) is None


def test_a_row_counts_once_under_each_rule_that_it_breaks(spark: SparkSession, tmp_path: Path) -> None:
    lake = Lake(spark, tmp_path)
    cases = [
        {"total_amount": "-12.345"},
        {"order_num": "x" * 65, "user_id": "u" * 65},
        {"total_amount": "1.999"},
        {},
    ]
    lines = [",".join(ORDER), *(_line("orders", number, cells) for number, cells in enumerate(cases))]
    results = lake.load(lake.land("orders", "\n".join(lines)), lake.land("order_items", ",".join(ITEM)))
    assert results["orders"]["rejectedByRule"] == {"NEGATIVE": 1, "SCALE": 2, "TOO_LONG": 1}
    assert results["order_items"]["rejectedByRule"] == {}


def test_every_row_rule_of_the_list_has_an_example() -> None:
    rules = json.loads((PROJECT / "schemas" / "rules.json").read_text())
    named = {rule["name"] for rule in rules if rule["scope"] == "row"}
    shown = {rule for _, _, reasons in BROKEN for rule, _ in reasons}
    assert named - shown == {"ORPHAN_EXPIRED"}, "test_orphans.py has the example of ORPHAN_EXPIRED"
    assert shown <= named


def test_a_message_shows_what_was_found_but_nothing_that_identifies_a_person(
    rejects: Rejects,
) -> None:
    messages = {
        message for lines in rejects.values() for reasons in lines.values() for _, _, message in reasons
    }
    assert 'found "1e3", expected a plain decimal number such as 12.50' in messages
    assert not any("u1" in message for message in messages)
