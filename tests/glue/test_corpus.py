"""Every file of the corpus with an acceptable header in one batch through the real job: each row's fate
equals the table."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from corpus import AcceptedFile, accepted_files
from data import outcomes
from lake import File, Lake
from lakehouse.contract import load_contract

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

DATASETS = ("products", "orders", "order_items")
FILES = accepted_files()
every_file = pytest.mark.parametrize("file", FILES, ids=lambda file: file.key[:80])
Reasons = list[tuple[str, str | None, str]]


@dataclass
class Loaded:
    """What the jobs made of the corpus: by key of the file its outcomes, and its reasons by line; by dataset
    and primary key the table's row as text."""

    rows: dict[str, dict[str, int]]
    rejects: dict[str, dict[int, Reasons]]
    table: dict[str, dict[str, dict[str, str | None]]]


@pytest.fixture(scope="module")
def loaded(spark: SparkSession, tmp_path_factory: pytest.TempPathFactory) -> Loaded:
    lake = Lake(spark, tmp_path_factory.mktemp("corpus"))
    landed = {file.key: _land(lake, file) for file in FILES}
    results = lake.load(*landed.values())
    keys = {file.file_id: key for key, file in landed.items()}
    rows = {keys[id_]: found for result in results.values() for id_, found in outcomes(result).items()}
    rejects: dict[str, dict[int, Reasons]] = defaultdict(dict)
    table = {}
    for dataset in DATASETS:
        for row in lake.table(f"{dataset}_rejects").drop("raw").collect():
            reasons = [(reason["rule"], reason["column"], reason["message"]) for reason in row["reasons"]]
            rejects[keys[row["file_id"]]][row["line"]] = reasons
        contract = load_contract(dataset)
        texts = lake.table(dataset).selectExpr(*(f"CAST({name} AS string)" for name in contract.names))
        table[dataset] = {row[contract.primary_key]: row.asDict() for row in texts.collect()}
    return Loaded(rows, rejects, table)


def _land(lake: Lake, file: AcceptedFile) -> File:
    columns = file.columns or load_contract(file.dataset).names
    return lake.land(file.dataset, file.body, columns=columns)


@every_file
def test_every_row_of_a_file_ends_where_the_table_says(loaded: Loaded, file: AcceptedFile) -> None:
    assert {name: rows for name, rows in loaded.rows[file.key].items() if rows} == file.rows


@every_file
def test_each_refused_line_has_every_reason_under_its_number(loaded: Loaded, file: AcceptedFile) -> None:
    found = {
        line: [rule if column is None else f"{rule} {column}" for rule, column, _ in reasons]
        for line, reasons in loaded.rejects[file.key].items()
    }
    assert found == file.rejects


def test_every_message_says_what_was_found_and_what_is_expected(loaded: Loaded) -> None:
    messages = [
        message
        for lines in loaded.rejects.values()
        for reasons in lines.values()
        for _, _, message in reasons
    ]
    assert len(messages) > 100
    for message in messages:
        assert message.startswith("found ") and ", expected " in message
        assert len(message) < 400 and message.isprintable()


@pytest.mark.parametrize("file", [file for file in FILES if file.loaded], ids=lambda file: file.key)
def test_values_are_what_the_file_says_and_nothing_more(loaded: Loaded, file: AcceptedFile) -> None:
    table = loaded.table[file.dataset]
    found = {
        key: {name: table.get(key, {}).get(name) for name in values} for key, values in file.loaded.items()
    }
    assert found == file.loaded


def test_nothing_is_in_the_tables_but_what_the_files_inserted(loaded: Loaded) -> None:
    inserted: dict[str, Any] = dict.fromkeys(DATASETS, 0)
    for file in FILES:
        inserted[file.dataset] += file.rows.get("inserted", 0)
    assert {dataset: len(rows) for dataset, rows in loaded.table.items()} == inserted
