"""Rejects of files that are loaded again: they follow the contract, and are there once."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from data import items, orders, outcome
from fakes import CrashAfter
from lake import Lake
from lakehouse.errors import JobInterrupted

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


def test_rejects_follow_a_rule_that_changed_and_rows_that_were_loaded_stay(
    spark: SparkSession, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lake = Lake(spark, tmp_path)
    file = lake.land("orders", orders(("1", "1"), ("2", "5000"), ("3", "-1"), ("4", "x")))
    other = lake.land("orders", orders(("9", "x")))
    lake.load(file, other)
    assert [(line, rule) for file_id, line, rule, _ in lake.rejects("orders") if file_id == file.file_id] == [
        (4, "NEGATIVE"),
        (5, "BAD_DECIMAL"),
    ]
    _change_amount(monkeypatch, minimum=-5, maximum=100)
    assert outcome(lake.load(file)["orders"]) == {"read": 4, "unchanged": 2, "inserted": 1, "rejected": 1}
    assert lake.rows("orders", "order_id") == [("1",), ("2",), ("3",)]
    assert lake.rejects("orders") == sorted(
        [(file.file_id, 5, "BAD_DECIMAL", 1), (other.file_id, 2, "BAD_DECIMAL", 1)], key=repr
    )
    # tightened again: what is loaded stays, and an unloaded line is rejected for another reason
    before = lake.version("orders_rejects")
    _change_amount(monkeypatch, minimum=0, maximum=100)
    assert outcome(lake.load(file)["orders"]) == {"read": 4, "unchanged": 3, "rejected": 1}
    assert lake.version("orders_rejects") == before


def _change_amount(monkeypatch: pytest.MonkeyPatch, minimum: int, maximum: int) -> None:
    """Let the contract of orders have other limits for its amount."""
    from lakehouse.contract import Contract, load_contract

    def changed(dataset: str) -> Contract:
        contract = load_contract(dataset)
        columns = tuple(
            dataclasses.replace(column, minimum=minimum, maximum=maximum)
            if column.kind == "decimal"
            else column
            for column in contract.columns
        )
        return dataclasses.replace(contract, columns=columns)

    monkeypatch.setattr("lakehouse.job.load_contract", changed)


def test_a_reject_whose_reasons_change_is_replaced_and_the_step_is_not_repeated(
    spark: SparkSession, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lake = Lake(spark, tmp_path / "cut")
    file = lake.land("orders", orders(("1", "-1"), ("2", "x"), ("3", "-2")))
    lake.load(file)
    _change_amount(monkeypatch, minimum=-1, maximum=100)
    undisturbed = CrashAfter()
    twin = lake.copy(tmp_path / "undisturbed")
    twin.run(twin.plan([file]), "orders", progress=undisturbed)
    batch = lake.plan([file])
    first = undisturbed.steps.index("orders_rejects written")
    for step in range(first + 1, len(undisturbed.steps)):
        with pytest.raises(JobInterrupted):
            lake.run(batch, "orders", progress=CrashAfter(step))
    assert outcome(lake.run(batch, "orders")) == {"read": 3, "inserted": 1, "rejected": 2}
    assert lake.version("orders_rejects") == 2
    assert lake.rejects("orders") == [
        (file.file_id, 3, "BAD_DECIMAL", 1),
        (file.file_id, 4, "RANGE", 2),
    ]


def test_rejects_of_a_batch_that_failed_half_way_are_not_doubled_by_the_next(
    spark: SparkSession, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lake = Lake(spark, tmp_path)
    lake.load(lake.land("orders", orders(("10", "1"))))
    file = lake.land("order_items", items(("1", "10", "7", 1), ("", "10", "7", 1)))

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("no space left")

    with monkeypatch.context() as patch, pytest.raises(Exception, match="no space left"):
        patch.setattr("lakehouse.job.Job._merge", fail)
        lake.load(file)
    assert outcome(lake.load(file)["order_items"]) == {"read": 2, "orphaned": 1, "rejected": 1}
    assert lake.rejects() == [(file.file_id, 3, "NULL_KEY", 2)]
    assert lake.rows("order_items_orphans", "id") == [("1",)]
