"""Every example of schemas/rules.json that concerns rows, run by the job."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from lake import START, File, Lake
from lakehouse.schema_files import read_schema_file

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

PROJECT = Path(__file__).resolve().parents[2]
RULES = json.loads((PROJECT / "schemas" / "rules.json").read_text())
ROWS = [(rule["name"], example) for rule in RULES if rule["scope"] == "row" for example in rule["examples"]]
FILES = [
    (rule["name"], example) for rule in RULES if rule["scope"] == "content" for example in rule["examples"]
]
DATASETS = ("products", "orders", "order_items")
Reason = tuple[str, str | None, str]


def _sound_row(dataset: str) -> dict[str, str]:
    """The first example of each column that a file must have."""
    contract = read_schema_file(f"datasets/{dataset}.schema.json")
    values = {name: contract["properties"][name]["examples"][0] for name in contract["required"]}
    return {name: value if isinstance(value, str) else json.dumps(value) for name, value in values.items()}


def _line(dataset: str, cells: dict[str, str]) -> str:
    row = _sound_row(dataset)
    assert cells.keys() <= row.keys()
    return ",".join({**row, **cells}.values())


def _land(lake: Lake, dataset: str, lines: list[str]) -> File:
    text = "\n".join([",".join(_sound_row(dataset)), *lines])
    return lake.land(dataset, text.encode("utf-8", "surrogateescape"), modified=START)


@pytest.fixture(scope="module")
def reasons(spark: SparkSession, tmp_path_factory: pytest.TempPathFactory) -> list[list[list[Reason]]]:
    """By example, by physical line: the reasons. All examples of a dataset are one file."""
    lake = Lake(spark, tmp_path_factory.mktemp("examples"))
    lake.load(*(_land(lake, dataset, [_line(dataset, {})]) for dataset in DATASETS))
    files, places = [], dict[int, tuple[str, list[int]]]()
    for dataset in DATASETS:
        lines: list[str] = []
        for number, (_, example) in enumerate(ROWS):
            if example["dataset"] == dataset:
                text = example["line"] if "line" in example else _line(dataset, example["cells"])
                first = len(lines) + 2
                lines += text.split("\n")
                places[number] = (dataset, list(range(first, len(lines) + 2)))
        if lines:
            files.append(_land(lake, dataset, lines))
    lake.load(*files)
    # Nothing arrives for so long that what waits for a parent is given up.
    later = START + timedelta(days=lake.orphan_max_age_days + 2)
    lake.run(lake.plan([], later), "order_items")
    found = {
        (dataset, row["line"]): [(one["rule"], one["column"], one["message"]) for one in row["reasons"]]
        for dataset in DATASETS
        for row in lake.table(f"{dataset}_rejects").collect()
    }
    return [
        [found.get((places[number][0], line), []) for line in places[number][1]]
        for number in range(len(ROWS))
    ]


@pytest.mark.parametrize("number", range(len(ROWS)), ids=lambda number: f"{ROWS[number][0]}-{number}")
def test_an_example_is_rejected_with_its_reason_and_no_other(
    reasons: list[list[list[Reason]]], number: int
) -> None:
    rule, example = ROWS[number]
    expected = [(rule, example["column"], example["message"])]
    assert reasons[number] == [expected for _ in reasons[number]]
    assert reasons[number]


@pytest.mark.parametrize(("rule", "example"), FILES)
def test_an_example_of_a_spoilt_file_is_rejected_as_a_whole(
    spark: SparkSession, tmp_path: Path, rule: str, example: dict[str, Any]
) -> None:
    dataset = example["dataset"]
    lake = Lake(spark, tmp_path, max_reject_rate=example["maxRejectRate"])
    file = _land(lake, dataset, [_line(dataset, cells) for cells in example["rows"]])
    assert lake.load(file)[dataset]["rejectedFiles"] == [
        {
            "fileId": file.file_id,
            "reasons": [{"rule": rule, "column": example["column"], "message": example["message"]}],
        }
    ]


def test_every_rule_that_the_job_applies_has_an_example() -> None:
    shown = {name for name, _ in ROWS + FILES}
    assert shown == {rule["name"] for rule in RULES if rule["scope"] in ("row", "content")}
