"""A batch that is taken back, wherever the taking back is cut, and what may be loaded after it."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from data import items, orders, outcome, outcomes, products
from fakes import CrashAfter, HeldLease
from lake import File, Lake
from lake_manifest import TABLES
from lakehouse.contract import Column, load_contract
from lakehouse.errors import BatchNumberReused, InvalidDocument, JobInterrupted, LeaseLost

if TYPE_CHECKING:
    from collections.abc import Callable

    from pyspark.sql import SparkSession

UNTOUCHED = ["orders", "orders_rejects", "products_rejects"]


def _lake(spark: SparkSession, folder: Path) -> Lake:
    """One item stored, one that waits for product 7, one line rejected."""
    lake = Lake(spark, folder)
    rows = items(("1", "10", "5", 1), ("2", "10", "7", 1), ("", "10", "5", 1))
    parents = [lake.land("products", products(("5", "x"))), lake.land("orders", orders(("10", "1")))]
    lake.load(lake.land("order_items", rows), *parents)
    return lake


def _files(lake: Lake) -> list[File]:
    """Files that let a batch merge, reject, add an orphan and remove the one that waits."""
    rows = items(("1", "10", "5", 2), ("3", "10", "8", 1), ("", "10", "5", 9))
    return [lake.land("products", products(("5", "y"), ("7", "z"))), lake.land("order_items", rows)]


def _load(lake: Lake, files: list[File]) -> dict[str, Any]:
    """Load the files as a batch whose confirmations nobody books; its documents' names."""
    batch = lake.plan(files)
    for dataset in ("products", "order_items"):
        lake.run(batch, dataset)
    return batch


def _rows(lake: Lake) -> dict[str, list[tuple[Any, ...]]]:
    return {name: lake.rows(name, "*") for name in TABLES}


def test_the_tables_are_as_before_the_batch_and_the_others_were_not_touched(
    spark: SparkSession, tmp_path: Path
) -> None:
    lake = _lake(spark, tmp_path)
    before, versions = _rows(lake), lake.versions()
    batch = _load(lake, _files(lake))
    changed = {name for name, rows in _rows(lake).items() if rows != before[name]}
    assert changed == set(TABLES) - set(UNTOUCHED), "the batch does what the withdrawal has to undo"
    loaded = lake.versions()

    for dataset in ("products", "order_items"):
        lake.withdraw(batch, dataset)

    assert _rows(lake) == before
    restored = {name: version for name, version in lake.versions().items() if version != loaded[name]}
    assert restored == {name: (loaded[name] or 0) + 1 for name in changed}, "one commit for each"
    assert {name: lake.versions()[name] for name in UNTOUCHED} == {name: versions[name] for name in UNTOUCHED}
    document = lake.documents.json(f"{batch['prefix']}restored/order_items.json")
    assert [(table["name"], table["version"], table["rows"]) for table in document["tables"]] == [
        (name, lake.version(name), len(before[name]))
        for name in ("order_items", "order_items_rejects", "order_items_orphans")
    ]


def test_a_withdrawal_that_is_cut_anywhere_ends_like_an_undisturbed_one(
    spark: SparkSession, tmp_path: Path
) -> None:
    lake = _lake(spark, tmp_path)
    before = _rows(lake)
    batch = _load(lake, _files(lake))
    loaded = lake.versions()
    # cut after the first table, resumed and cut after the second, and so on until nothing is left to do
    steps = ["order_items", "order_items_rejects", "order_items_orphans"]
    for step in range(1, len(steps) + 2):
        progress = CrashAfter(step)
        with pytest.raises(JobInterrupted):
            lake.withdraw(batch, "order_items", progress=progress)
        assert [lake.version(name) for name in steps[:step]] == [
            (loaded[name] or 0) + 1 for name in steps[:step]
        ], "restored once, however often it is resumed"
    lake.withdraw(batch, "order_items")
    lake.withdraw(batch, "products")
    assert _rows(lake) == before
    assert {lake.version(name) for name in steps} == {(loaded[name] or 0) + 1 for name in steps}


def test_what_is_loaded_after_a_withdrawal_finds_the_tables_as_if_the_batch_had_never_been(
    spark: SparkSession, tmp_path: Path
) -> None:
    lake = _lake(spark, tmp_path / "withdrawn")
    other = lake.copy(tmp_path / "never")
    files = _files(lake)
    batch = _load(lake, files)
    for dataset in ("products", "order_items"):
        lake.withdraw(batch, dataset)
    other.number += 1
    other.landed = lake.landed

    for each in (lake, other):
        late = each.load(each.land("products", products(("8", "w"))))["order_items"]
        assert (late["redriven"], late["orphans"]["waiting"]) == ([], 1), "only what waited before"
        result = each.load(each.land("order_items", items(("4", "10", "8", 1))))
        assert outcome(result["order_items"]) == {"read": 1, "inserted": 1}
    assert _rows(lake) == _rows(other)

    # the same files again, under a new number and with their old sequences
    for each in (lake, other):
        for file in files:
            path = each.root / "landing" / "processing" / f"{file.file_id}.csv"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(file.body)
    again, first = lake.load(*files), other.load(*files)
    assert outcomes(again["order_items"]) == outcomes(first["order_items"])
    assert outcome(again["order_items"]) == {"read": 3, "inserted": 1, "updated": 1, "rejected": 1}
    assert _rows(lake) == _rows(other)


def test_tables_that_the_batch_created_are_empty_again_and_load_later(
    spark: SparkSession, tmp_path: Path
) -> None:
    lake = Lake(spark, tmp_path, new=True)
    file = lake.land("products", products(("1", "a"), ("", "b")))
    batch = lake.plan([file])
    lake.run(batch, "products")
    lake.withdraw(batch, "products")
    assert (lake.rows("products", "*"), lake.rows("products_rejects", "*")) == ([], [])
    assert lake.version("orders") is None
    assert outcome(lake.load(file)["products"]) == {"read": 2, "inserted": 1, "rejected": 1}
    assert lake.rows("products", "product_id", "_batch") == [("1", 2)]


def test_a_column_that_came_with_the_batch_goes_with_it_and_comes_again(
    spark: SparkSession, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lake = Lake(spark, tmp_path, additive=True)
    lake.load(lake.land("products", products(("1", "a"))))
    columns = lake.table("products").columns
    contract = load_contract("products")
    extra = Column("colour", "string", nullable=True, description="", max_length=10)
    grown = dataclasses.replace(contract, columns=(*contract.columns, extra))
    monkeypatch.setattr("lakehouse.job.load_contract", lambda dataset: grown)
    file = lake.land("products", "product_id,department_id,department,product_name,colour\n2,1,Food,b,red\n")
    batch = lake.plan([file])
    lake.run(batch, "products")
    lake.withdraw(batch, "products")
    assert lake.table("products").columns == columns
    lake.load(file)
    assert lake.rows("products", "product_id", "colour") == [("1", None), ("2", "red")]


def test_without_the_lease_nothing_is_restored(spark: SparkSession, tmp_path: Path) -> None:
    lake = _lake(spark, tmp_path)
    batch = _load(lake, _files(lake))
    loaded = lake.versions()
    for checks in (0, 1):
        with pytest.raises(LeaseLost):
            lake.withdraw(batch, "order_items", lease=HeldLease(LeaseLost("gone"), checks=checks))
        assert lake.versions() == loaded
    with pytest.raises(LeaseLost):
        lake.withdraw(batch, "order_items", lease=HeldLease(LeaseLost("gone"), checks=2))
    restored = [name for name, version in lake.versions().items() if version != loaded[name]]
    assert restored == ["order_items"], "each table is guarded once more"


def test_a_table_that_holds_a_later_batch_is_not_taken_back(spark: SparkSession, tmp_path: Path) -> None:
    lake = _lake(spark, tmp_path)
    batch = _load(lake, _files(lake))
    lake.load(lake.land("products", products(("9", "later"))))
    versions = lake.versions()
    with pytest.raises(BatchNumberReused, match="commit of batch 3"):
        lake.withdraw(batch, "products")
    assert lake.versions() == versions


class Standstill(HeldLease):
    """A lease that is held when it is looked at; then the job stands still while others go on."""

    def __init__(self, goes_on: Callable[[], object], at: int) -> None:
        super().__init__()
        self.goes_on, self.at = goes_on, at

    def check(self) -> None:
        super().check()
        if self.checks == -self.at:
            self.goes_on()


@pytest.mark.parametrize("at", [2, 3, 4])
def test_a_run_that_stood_still_for_a_whole_batch_puts_back_what_it_went_back_over(
    at: int, spark: SparkSession, tmp_path: Path
) -> None:
    lake = _lake(spark, tmp_path)
    batch = _load(lake, _files(lake))
    later = lake.land("order_items", items(("9", "10", "5", 4), ("8", "10", "8", 1), ("", "10", "5", 9)))

    def others_go_on() -> None:
        lake.withdraw(batch, "order_items")
        lake.withdraw(batch, "products")
        lake.load(later)

    with pytest.raises(LeaseLost, match="is there again"):
        lake.withdraw(batch, "order_items", lease=Standstill(others_go_on, at))

    assert lake.rows("order_items", "id", "_batch") == [("1", 1), ("9", 3)]
    assert [row for (row,) in lake.rows("order_items_orphans", "id")] == ["2", "8"]
    assert len(lake.rows("order_items_rejects", "*")) == 2
    # the next load finds every row where it belongs
    result = lake.load(later)["order_items"]
    assert outcome(result)["unchanged"] == 1


def _rollback_over_two_batches(
    spark: SparkSession, folder: Path
) -> tuple[Lake, dict[str, list[tuple[Any, ...]]], dict[str, Any], list[File]]:
    """A lake, its rows before two batches, the rollback of both, and the files of the second."""
    lake = _lake(spark, folder)
    before, pinned = _rows(lake), lake.versions()
    lake.load(*_files(lake))
    later = [lake.land("orders", orders(("11", "2"))), lake.land("order_items", items(("4", "11", "7", 1)))]
    lake.load(*later)
    changed = {name for name, version in lake.versions().items() if version != pinned[name]}
    rollback = lake.plan([], restore={name: pinned[name] or 0 for name in changed})
    return lake, before, rollback, later


def test_a_rollback_returns_every_table_to_before_several_batches_and_is_done_once(
    spark: SparkSession, tmp_path: Path
) -> None:
    lake, before, rollback, later = _rollback_over_two_batches(spark, tmp_path)
    planned = lake.versions()
    steps = ["order_items", "order_items_rejects", "order_items_orphans"]
    for step in range(1, len(steps) + 2):
        with pytest.raises(JobInterrupted):
            lake.withdraw(rollback, "order_items", progress=CrashAfter(step))
    for dataset in ("products", "orders", "order_items"):
        lake.withdraw(rollback, dataset)
    assert _rows(lake) == before
    untouched = {"orders_rejects", "products_rejects"}
    assert lake.versions() == {
        name: version if name in untouched else (version or 0) + 1 for name, version in planned.items()
    }

    # files of a later batch load again under a new number, as if the batch before it had never been
    for file in later:
        path = lake.root / "landing" / "processing" / f"{file.file_id}.csv"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(file.body)
        del lake.ledger[file.file_id]["rows"]
    again = lake.load(*later)
    assert outcome(again["orders"]) == {"read": 1, "inserted": 1}
    assert outcome(again["order_items"]) == {"read": 1, "orphaned": 1}, "product 7 came with the first batch"


def test_a_rollback_restores_nothing_over_a_commit_that_came_after_its_plan(
    spark: SparkSession, tmp_path: Path
) -> None:
    lake, _, rollback, _ = _rollback_over_two_batches(spark, tmp_path)
    lake.load(lake.land("products", products(("9", "late"))))
    versions = lake.versions()
    with pytest.raises(BatchNumberReused):
        lake.withdraw(rollback, "products")
    assert lake.versions() == versions


def test_a_rollback_has_nothing_to_load(spark: SparkSession, tmp_path: Path) -> None:
    lake, _, rollback, _ = _rollback_over_two_batches(spark, tmp_path)
    with pytest.raises(InvalidDocument):
        lake.run(rollback, "products")
