"""Erasing a person: no file, row, reject, orphan or older version names them, and everybody else's stay."""

from __future__ import annotations

import gzip
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from data import ITEM_COLUMNS, ORDER_COLUMNS, outcome, products
from fakes import KEY, CrashAfter, HeldLease
from kept import erase, keep, plan_erasure, take_back
from lake import File, Lake
from lakehouse.delta_log import commits_since
from lakehouse.erased import MARK, digest_of
from lakehouse.errors import DocumentMissing, InvalidDocument, JobInterrupted, LeaseLost

if TYPE_CHECKING:
    from pathlib import Path

    from pyspark.sql import SparkSession

PERSON = "planted-7f3a9c"
DIGEST = digest_of(PERSON, KEY)


def order(key: str, person: str, amount: str = "1.00") -> str:
    return f"1,{key},{person},2025-04-01T10:00:00,{amount},2025-04-01"


def item(key: str, order: str, person: str, product: str = "1") -> str:
    return f"{key},{order},{person},3,{product},1,0,2025-04-01T10:00:00,2025-04-01"


def text_of(columns: str, *lines: str) -> str:
    return "\n".join([columns, *lines]) + "\n"


@pytest.fixture(scope="module")
def origin(spark: SparkSession, tmp_path_factory: pytest.TempPathFactory) -> tuple[Lake, list[File]]:
    """A lake in which the person is in every place there is: tables, their older versions, rejects, orphans,
    and kept files, one of them packed. A log has a checkpoint."""
    lake = Lake(spark, tmp_path_factory.mktemp("lake") / "origin")
    files = [
        lake.land("products", products(("1", "Tea"))),
        lake.land(
            "orders",
            text_of(ORDER_COLUMNS, order("1", PERSON), order("2", "other"), order("3", PERSON, "none")),
        ),
        lake.land(
            "order_items",
            text_of(
                ITEM_COLUMNS,
                item("1", "1", PERSON),
                item("2", "2", "other"),
                item("3", "1", "someone-else"),
                item("4", "9", PERSON),
                item("5", "9", "other"),
                f'6,"2,{PERSON}',
            ),
        ),
    ]
    lake.load(*files)
    newer = lake.land(
        "orders", text_of(ORDER_COLUMNS, order("1", PERSON, "2.00"), order("2", "other", "2.00"))
    )
    lake.load(newer)
    files.append(newer)
    for file in files:
        keep(lake, file)
    packed = lake.root / "landing" / "archived" / "orders" / "packed.csv.gz"
    packed.write_bytes(gzip.compress(files[1].body))
    session: Any = spark
    delta = session._jvm.org.apache.spark.sql.delta.DeltaLog
    delta.forTable(session._jsparkSession, f"{lake.warehouse}/orders").checkpoint()
    return lake, files


@pytest.fixture
def lived_in(origin: tuple[Lake, list[File]], tmp_path: Path) -> tuple[Lake, list[File]]:
    """The same in a folder of the test's own."""
    lake, files = origin
    return lake.copy(tmp_path / "lived-in"), files


def places_of(lake: Lake, person: str = PERSON) -> list[str]:
    """Every file under the lake that holds the text, Parquet decoded."""
    found, checkpoints = [], 0
    for path in sorted(lake.root.rglob("*")):
        if not path.is_file() or "processing" in path.parts or path.name.startswith("."):
            continue
        body = path.read_bytes()
        if path.suffix == ".parquet":
            rows = lake.spark.read.parquet(f"file:{path}").collect()
            body = repr(rows).encode()
            checkpoints += ".checkpoint." in path.name
        elif path.suffix == ".gz":
            body = gzip.decompress(body)
        if person.encode() in body:
            found.append(str(path.relative_to(lake.root)))
    assert checkpoints, "the scan decodes no checkpoint"
    return found


def rows_of(lake: Lake) -> dict[str, list[Any]]:
    return {
        "orders": lake.rows("orders", "order_id", "user_id", "total_amount"),
        "order_items": lake.rows("order_items", "id", "user_id"),
        "order_items_orphans": lake.rows("order_items_orphans", "id", "user_id"),
        "rejects": lake.rows("orders_rejects", "raw") + lake.rows("order_items_rejects", "raw"),
    }


def test_a_person_is_found_everywhere_before_and_nowhere_after(lived_in: tuple[Lake, list[File]]) -> None:
    lake, files = lived_in
    before = places_of(lake)
    for place in (
        "orders/",
        "order_items/",
        "orders_rejects/",
        "order_items_orphans/",
        "archived/",
        ".csv.gz",
    ):
        assert any(place in found for found in before), f"the scan does not look into {place}"
    assert not any("_delta_log" in found for found in before), "a log has held a person from the beginning"

    documents = erase(lake, PERSON)
    assert places_of(lake) == []
    assert places_of(lake, "other") != []
    assert rows_of(lake) == {
        "orders": [("2", "other", Decimal("2.00"))],
        "order_items": [("2", "other")],
        "order_items_orphans": [("5", "other")],
        "rejects": [],
    }
    assert documents["orders"]["erased"] == [
        {"name": "orders", "rows": 1},
        {"name": "orders_rejects", "rows": 1},
    ]
    assert {table["name"]: table["rows"] for table in documents["order_items"]["erased"]} == {
        "order_items": 2,
        "order_items_rejects": 1,
        "order_items_orphans": 1,
    }
    assert sorted(len(file["lines"]) for file in documents["orders"]["files"]) == [1, 2, 2]
    assert lake.booked(files[2]) == {"read": 6, "inserted": 3, "orphaned": 1, "erased": 2}


def test_files_that_are_loaded_again_change_nothing_and_count_the_erased_rows(
    lived_in: tuple[Lake, list[File]],
) -> None:
    lake, files = lived_in
    erase(lake, PERSON)
    rows, versions = rows_of(lake), lake.versions()
    for file in files:
        take_back(lake, file)
    results = lake.load(*files)
    assert (rows_of(lake), lake.versions()) == (rows, versions)
    counts = {file["fileId"]: file["rows"] for result in results.values() for file in result["files"]}
    assert {file.file_id: counts[file.file_id].get("erased", 0) for file in files} == {
        file.file_id: number for file, number in zip(files, (0, 2, 3, 1), strict=True)
    }


def test_a_copy_that_somebody_kept_brings_the_person_back_no_more_than_the_kept_one(
    lived_in: tuple[Lake, list[File]],
) -> None:
    lake, files = lived_in
    erase(lake, PERSON)
    again = lake.land("orders", files[1].body)
    assert outcome(lake.load(again)["orders"])["erased"] == 2
    copy = lake.root / "landing" / "processing" / f"{again.file_id}.csv"
    assert copy.read_text().splitlines()[1:] == [
        MARK + DIGEST,
        order("2", "other"),
        MARK + DIGEST,
    ], "what is archived names nobody who was erased"
    assert PERSON not in {person for _, person, _ in rows_of(lake)["orders"]}


STEPS = ["archived/order_items/ searched", "erasure prepared"]
STEPS += ["order_items erased", "order_items_rejects erased", "order_items_orphans vacuumed"]


def test_a_run_that_is_cut_off_again_and_again_is_ended_by_the_next_with_the_same_counts(
    spark: SparkSession, lived_in: tuple[Lake, list[File]], tmp_path: Path
) -> None:
    lake, _ = lived_in
    undisturbed = lake.copy(tmp_path / "undisturbed")
    batch = plan_erasure(lake, PERSON)
    for step in STEPS:
        with pytest.raises(JobInterrupted, match=step):
            lake.erase(batch, "order_items", progress=CrashAfter(step))
    document = lake.erase(batch, "order_items")
    whole = undisturbed.erase(plan_erasure(undisturbed, PERSON), "order_items")
    for part in ("erased", "redriven", "files"):
        assert document[part] == whole[part]
    assert rows_of(lake)["order_items"] == rows_of(undisturbed)["order_items"]
    own = [
        commit.operation
        for commit in commits_since(spark, f"{lake.warehouse}/order_items", 1)
        if commit.metadata.get("manifestHash") == batch["hash"]
    ]
    assert own == ["MERGE"]


def test_a_parent_waits_for_its_children_since_they_look_for_its_keys(
    lived_in: tuple[Lake, list[File]],
) -> None:
    lake, _ = lived_in
    batch = plan_erasure(lake, PERSON)
    with pytest.raises(DocumentMissing, match="order_items"):
        lake.erase(batch, "orders")
    assert PERSON in {person for _, person, _ in rows_of(lake)["orders"]}


def test_nothing_is_erased_without_the_lease_or_by_the_plan_of_a_load(
    lived_in: tuple[Lake, list[File]],
) -> None:
    lake, files = lived_in
    before = places_of(lake)
    with pytest.raises(LeaseLost):
        lake.erase(plan_erasure(lake, PERSON), "order_items", lease=HeldLease(LeaseLost("gone"), checks=1))
    with pytest.raises(InvalidDocument, match="nobody in it to erase"):
        lake.erase(lake.plan(files), "order_items")
    assert places_of(lake) == before
    assert MARK + DIGEST not in str(rows_of(lake))
