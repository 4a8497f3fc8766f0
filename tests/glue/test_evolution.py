"""A contract that gets a column while its tables hold data, and one that may not."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from data import items, orders, outcome, outcomes, products
from lake import Lake
from lakehouse import contract as contract_module
from lakehouse.contract import load_contract
from lakehouse.errors import TableSchemaMismatch
from lakehouse.schema_files import read_schema_file
from lakehouse.tables import missing_columns, tables_of

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

COLOUR = {"type": ["string", "null"], "maxLength": 10, "description": 'The buyer\'s "favourite" \\ colour.'}
NEW_PRODUCTS = "product_id,colour,department_id,department,product_name\n"


def _change(monkeypatch: pytest.MonkeyPatch, dataset: str, columns: dict[str, Any]) -> None:
    """Deploys a copy of one contract file with these columns instead: the whole change."""

    def read(name: str) -> Any:
        document = read_schema_file(name)
        if name == f"datasets/{dataset}.schema.json":
            document = {**copy.deepcopy(document), "properties": columns}
        return document

    monkeypatch.setattr(contract_module, "read_schema_file", read)


def _with_colour(dataset: str) -> dict[str, Any]:
    """The contract's columns with a new one in the third place."""
    columns = list(read_schema_file(f"datasets/{dataset}.schema.json")["properties"].items())
    return dict([*columns[:2], ("colour", COLOUR), *columns[2:]])


def test_a_strict_table_with_data_refuses_a_new_column_by_name_and_nothing_is_written(
    spark: SparkSession, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lake = Lake(spark, tmp_path)
    lake.load(lake.land("order_items", items(("1", "10", "5", 1))))
    before = lake.versions()
    _change(monkeypatch, "order_items", _with_colour("order_items"))
    batch = lake.plan([lake.land("order_items", items(("2", "10", "5", 1), ("", "10", "5", 1)))])
    with pytest.raises(TableSchemaMismatch, match="order_items: colour is missing and may not be added"):
        lake.run(batch, "order_items")
    assert lake.versions() == before
    assert lake.documents.json(f"{batch['prefix']}failures/order_items.json")["error"]["family"] == "terminal"


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"colour": {**COLOUR, "type": "string"}}, "colour is missing and may not be added"),
        (
            {"department": {"type": "integer", "description": ""}},
            "department is string, the contract says int",
        ),
        ({"department": None}, "department is not in the contract"),
    ],
)
def test_an_additive_table_takes_no_other_change(
    spark: SparkSession,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    change: dict[str, dict[str, Any] | None],
    problem: str,
) -> None:
    lake = Lake(spark, tmp_path)
    stored = lake.table("products").schema
    columns = {**read_schema_file("datasets/products.schema.json")["properties"], **change}
    _change(monkeypatch, "products", {name: fields for name, fields in columns.items() if fields})
    table = tables_of(load_contract("products"), lake.warehouse, additive=True)[0]
    with pytest.raises(TableSchemaMismatch, match=problem):
        missing_columns(table, stored)


def test_a_new_nullable_column_reaches_a_table_with_data_by_the_next_batch(
    spark: SparkSession, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lake = Lake(spark, tmp_path, additive=True)
    first = lake.land("products", products(("1", "a"), ("2", "b")))
    lake.load(first)
    before = lake.version("products")
    _change(monkeypatch, "products", _with_colour("products"))

    new = lake.land("products", NEW_PRODUCTS + "2,red,1,Food,b\n3,blue,1,Food,c\n4,much too long,1,Food,d\n")
    old = lake.land("products", products(("5", "e"), ("1", "a")))
    result = lake.load(new, old)["products"]

    assert outcomes(result) == {
        new.file_id: {"read": 3, "inserted": 1, "updated": 1, "rejected": 1},
        old.file_id: {"read": 2, "inserted": 1, "unchanged": 1},
    }
    assert lake.rows("products", "product_id", "colour") == [
        ("1", None),
        ("2", "red"),
        ("3", "blue"),
        ("5", None),
    ]
    assert lake.rows("products_rejects", "raw", "reasons[0].rule", "reasons[0].column") == [
        ("4,much too long,1,Food,d", "TOO_LONG", "colour")
    ]
    # What the catalog is brought in line with.
    described = {column["name"]: column["type"] for column in result["tables"][0]["columns"]}
    assert list(described)[:4] == ["product_id", "department_id", "colour", "department"]
    assert described["colour"] == "string"
    comment = lake.table("products").schema["colour"].metadata["comment"]
    assert comment == COLOUR["description"]
    then = spark.read.format("delta").option("versionAsOf", before).load(f"{lake.warehouse}/products")
    assert "colour" not in then.columns
    assert sorted(row["product_id"] for row in then.collect()) == ["1", "2"]


def test_a_row_is_a_whole_so_a_newer_file_without_the_column_empties_it_in_any_order_of_arrival(
    spark: SparkSession, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_order = Lake(spark, tmp_path / "in-order", additive=True)
    _change(monkeypatch, "products", _with_colour("products"))
    reverse = in_order.copy(tmp_path / "reverse")
    for lake in (in_order, reverse):
        with_colour = lake.land("products", NEW_PRODUCTS + "1,red,1,Food,a\n2,red,1,Food,b\n")
        without = lake.land("products", products(("1", "a")))
        one, other = (with_colour, without) if lake is in_order else (without, with_colour)
        lake.load(one)
        lake.load(other)
    expected = [("1", None), ("2", "red")]
    assert in_order.rows("products", "product_id", "colour") == expected
    assert reverse.rows("products", "product_id", "colour") == expected
    again = in_order.land("products", products(("1", "a")))
    before = in_order.version("products")
    assert outcome(in_order.load(again)["products"]) == {"read": 1, "unchanged": 1}
    assert in_order.version("products") == before


def test_orphans_from_before_and_after_the_change_are_merged_when_their_parent_arrives(
    spark: SparkSession, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lake = Lake(spark, tmp_path, additive=True)
    lake.load(
        lake.land("order_items", items(("1", "10", "5", 1))), lake.land("products", products(("5", "x")))
    )
    _change(monkeypatch, "order_items", _with_colour("order_items"))
    header, line = items(("2", "10", "5", 1)).splitlines()
    lake.load(lake.land("order_items", f"{header},colour\n{line},red\n"))
    assert lake.rows("order_items_orphans", "id", "colour") == [("1", None), ("2", "red")]
    lake.load(lake.land("orders", orders(("10", "1"))))
    assert lake.rows("order_items", "id", "colour") == [("1", None), ("2", "red")]
    assert lake.rows("order_items_orphans", "id") == []
