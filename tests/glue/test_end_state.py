"""The tables after many batches equal what a few lines of Python say, however the files were split into
batches."""

from __future__ import annotations

import os
import random
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from data import items, orders, products
from lake import File, Lake

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

Row = tuple[str, str, str, int]
SEEDS = [int(seed) for seed in os.environ.get("END_STATE_SEEDS", "1").split(",")]


def _history(seed: int) -> list[tuple[str, list[Row]]]:
    """Files in the order of their sequence: ("products", ids) or ("order_items", rows), some of them
    repeated."""
    random_ = random.Random(seed)
    files: list[tuple[str, list[Row]]] = []
    for _ in range(7):
        if files and random_.random() < 0.3:
            files.append(random_.choice(files))
            continue
        if random_.random() < 0.25:
            files.append(("products", [(str(random_.randint(1, 4)), "", "", 0)]))
            continue
        keys = [str(random_.randint(1, 6)) for _ in range(random_.randint(1, 6))]
        files.append(
            ("order_items", [(key, "10", str(random_.randint(1, 4)), random_.randint(1, 2)) for key in keys])
        )
    return files


def _expected(files: list[tuple[str, list[Row]]], arrived: list[int]) -> tuple[dict[str, Row], set[Row]]:
    """The newest row with parents of each key, and the rows without a parent that are newer."""
    parents = {row[0] for number in arrived if files[number][0] == "products" for row in files[number][1]}
    table: dict[str, Row] = {}
    waiting: dict[tuple[str, str], Row] = {}
    for number in sorted(arrived):
        for row in files[number][1] if files[number][0] == "order_items" else []:
            if row[2] in parents:
                table[row[0]] = row
                waiting = {place: other for place, other in waiting.items() if place[0] != row[0]}
            else:
                waiting[row[0], row[2]] = row
    return table, set(waiting.values())


def _splits(seed: int, count: int) -> list[list[list[int]]]:
    """All files in one batch; and shuffled into two batches, so that older files come after newer ones."""
    shuffled = list(range(count))
    random.Random(seed).shuffle(shuffled)
    return [[list(range(count))], [shuffled[0::2], shuffled[1::2]]]


@pytest.mark.parametrize("seed", SEEDS)
def test_the_end_state_does_not_depend_on_batches(spark: SparkSession, tmp_path: Path, seed: int) -> None:
    history = _history(seed)
    base = Lake(spark, tmp_path / "base")
    base.load(base.land("orders", orders(("10", "1"))))
    for split_number, split in enumerate(_splits(seed, len(history))):
        lake = base.copy(tmp_path / str(split_number))
        landed: list[File] = []
        for dataset, rows in history:
            text = products(*((row[0], "x") for row in rows)) if dataset == "products" else items(*rows)
            landed.append(lake.land(dataset, text))
        booked: dict[str, dict[str, int]] = {}
        arrived: list[int] = []
        for batch in split:
            results = lake.load(*(landed[number] for number in batch))
            arrived += batch
            for result in results.values():
                for file in result["files"] + result["redriven"]:
                    rows_of_file = booked.setdefault(file["fileId"], {})
                    for name, rows in file["rows"].items():
                        rows_of_file[name] = rows_of_file.get(name, 0) + rows
            table, waiting = _expected(history, arrived)
            columns = ("id", "order_id", "product_id", "add_to_cart_order")
            if "order_items" in results:
                assert lake.rows("order_items", *columns) == sorted(table.values())
                assert lake.rows("order_items_orphans", *columns) == sorted(waiting)
        for counts in booked.values():
            assert counts.pop("read") == sum(counts.values()) and min(counts.values()) >= 0
        before = lake.versions()
        lake.load(*landed)
        assert lake.versions() == before, "loading everything again changes nothing"
        for file in random.Random(seed).sample(landed, 2):
            lake.load(file)
        assert lake.versions() == before, "nor does loading a part of it again"
