"""A batch that is resumed after its files were archived finds nothing to do."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from data import products
from fakes import CrashAfter
from lake import Lake
from lakehouse.documents import read_json, write_json
from lakehouse.errors import JobInterrupted
from lakehouse.published import is_published

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


def test_a_result_counts_once_it_is_published_and_only_for_its_manifest(
    spark: SparkSession, tmp_path: Path
) -> None:
    lake = Lake(spark, tmp_path)
    batch = lake.plan([lake.land("products", products(("1", "a")))])
    settings = lake.settings(batch, "products")
    before = is_published(lake.documents, settings)

    lake.run(batch, "products")

    assert (before, is_published(lake.documents, settings)) == (False, True)
    assert not is_published(lake.documents, replace(settings, manifest_hash="0" * 64))
    uri = f"{settings.prefix}results/products.json"
    write_json(lake.documents, uri, {**read_json(lake.documents, uri), "status": "prepared"})
    assert not is_published(lake.documents, settings)


def test_a_run_that_was_given_up_takes_nothing_back_that_another_has_published(
    spark: SparkSession, tmp_path: Path
) -> None:
    lake = Lake(spark, tmp_path)
    batch = lake.plan([lake.land("products", products(("1", "a")))])
    progress = CrashAfter()
    lake.run(batch, "products", progress=progress)

    with pytest.raises(JobInterrupted):
        lake.run(batch, "products", progress=CrashAfter(progress.steps.index("result prepared") + 1))

    assert is_published(lake.documents, lake.settings(batch, "products"))
