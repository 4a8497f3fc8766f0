"""A job that is cut between any two of its writes, and one that may not write at all."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from data import items, orders, products
from fakes import CrashAfter, HeldLease
from lake import Lake
from lakehouse.errors import (
    BatchNumberReused,
    DocumentMissing,
    JobInterrupted,
    LeaseLost,
    ManifestMismatch,
    RowsUnaccounted,
)

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

WRITES = [
    "order_items_rejects written",
    "order_items_orphans written",
    "result prepared",
    "order_items written",
]
WRITES += ["order_items_orphans written", "result published"]


def _lake_with_orphan(spark: SparkSession, folder: Path) -> Lake:
    """One item stored, one waiting; the next batch rejects, adds an orphan, merges and removes the waiting
    one."""
    lake = Lake(spark, folder)
    rows = items(("1", "10", "5", 1), ("2", "10", "7", 1))
    parents = [lake.land("products", products(("5", "x"))), lake.land("orders", orders(("10", "1")))]
    lake.load(lake.land("order_items", rows), *parents)
    return lake


def _batch(lake: Lake) -> dict[str, Any]:
    rows = items(("1", "10", "5", 2), ("2", "10", "5", 1), ("3", "10", "8", 1), ("", "10", "5", 1))
    return lake.plan([lake.land("order_items", rows)])


def _end_state(lake: Lake, result: dict[str, Any]) -> tuple[Any, ...]:
    columns = {
        "order_items": ["id", "add_to_cart_order", "_line", "_batch"],
        "order_items_orphans": ["id", "_line"],
    }
    columns["order_items_rejects"] = ["line", "batch", "raw"]
    published = {name: value for name, value in result.items() if name != "manifestHash"}  # names the folders
    return lake.versions(), {name: lake.rows(name, *found) for name, found in columns.items()}, published


def test_a_run_after_a_crash_ends_as_an_undisturbed_one(spark: SparkSession, tmp_path: Path) -> None:
    undisturbed = _lake_with_orphan(spark, tmp_path / "0")
    lake = undisturbed.copy(tmp_path / "1")
    progress = CrashAfter()
    expected = _end_state(undisturbed, undisturbed.run(_batch(undisturbed), "order_items", progress=progress))
    assert [step for step in progress.steps if step in WRITES] == WRITES
    # The same lake, cut after the 1st write, resumed and cut after the 2nd, and so on: six runs of one batch.
    batch = _batch(lake)
    first_write = progress.steps.index(WRITES[0]) + 1
    for step in range(first_write, len(progress.steps)):
        with pytest.raises(JobInterrupted):
            lake.run(batch, "order_items", progress=CrashAfter(step))
    assert _end_state(lake, lake.run(batch, "order_items")) == expected


def test_a_number_that_a_table_holds_from_another_manifest_is_refused(
    spark: SparkSession, tmp_path: Path
) -> None:
    lake = Lake(spark, tmp_path)
    lake.load(lake.land("products", products(("1", "a"))))
    lake.number = 0
    file = lake.land("products", products(("2", "b")))
    with pytest.raises(BatchNumberReused, match="products already holds batch 1"):
        lake.load(file)
    assert lake.rows("products", "product_id") == [("1",)]
    prefix = f"s3://artefacts/batches/{lake.epoch}/000001/"
    failure = lake.documents.json(f"{prefix}failures/products.json")
    assert (failure["error"]["name"], failure["error"]["family"]) == ("BatchNumberReused", "terminal")


def test_without_the_lease_nothing_is_written(spark: SparkSession, tmp_path: Path) -> None:
    lake = Lake(spark, tmp_path, new=True)
    batch = lake.plan([lake.land("products", products(("1", "a"), ("", "b")))])
    with pytest.raises(LeaseLost):
        lake.run(batch, "products", lease=HeldLease(LeaseLost("gone")))
    assert lake.version("products") is None
    with pytest.raises(LeaseLost):
        lake.run(batch, "products", lease=HeldLease(LeaseLost("gone"), checks=2))
    assert (lake.version("products"), lake.version("products_rejects")) == (0, 1), (
        "the merge is guarded once more"
    )


def test_documents_that_do_not_fit_stop_the_job_by_name(
    spark: SparkSession, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lake = Lake(spark, tmp_path)
    batch = lake.plan([lake.land("products", products(("1", "a")))])
    with pytest.raises(ManifestMismatch, match="restore that version"):
        lake.run({**batch, "hash": "0" * 64}, "products")
    monkeypatch.setattr("lakehouse.arrivals.rows_read", lambda blocks, files: {files[0].file_id: 2})
    with pytest.raises(RowsUnaccounted, match="2 rows read"):
        lake.run(batch, "products")
    assert lake.version("products") == 0
    del lake.documents.bodies[f"{batch['prefix']}verdicts/0000.json"]
    with pytest.raises(DocumentMissing):
        lake.run(batch, "products")


def test_an_attempt_after_a_crash_sees_the_parents_that_the_first_one_saw(
    spark: SparkSession, tmp_path: Path
) -> None:
    lake = Lake(spark, tmp_path)
    parents = [lake.land("products", products(("5", "x"))), lake.land("orders", orders(("10", "1")))]
    item = lake.land("order_items", items(("1", "10", "5", 1)))
    batch = lake.plan([item, *parents])
    lake.run(batch, "products")
    # The job of the orders fails at first, and succeeds when the batch is resumed.
    with pytest.raises(JobInterrupted):
        lake.run(batch, "order_items", progress=CrashAfter("order_items_orphans written"))
    orders_result = lake.run(batch, "orders")
    resumed = lake.run(batch, "order_items")
    assert resumed["files"][0]["rows"]["orphaned"] == 1
    assert lake.rows("order_items_orphans", "id") == [("1",)]
    assert lake.rows("order_items", "id") == []
    # which tells the service that the next batch has to look again
    assert resumed["parents"]["orders"] < orders_result["tables"][0]["version"]
    looked_again = lake.run(lake.plan([]), "order_items")
    assert looked_again["redriven"][0]["rows"]["inserted"] == 1
    assert (lake.rows("order_items", "id"), lake.rows("order_items_orphans", "id")) == ([("1",)], [])
