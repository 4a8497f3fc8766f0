"""The project's generated sample as Delta tables in the local cloud, and its rows for an oracle."""

import csv
import json
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from delta_tables import DeltaTable
from instances import PROJECT, Instance

DATASETS = ("products", "orders", "order_items")
_DUCKDB_TYPES = {
    "string": "VARCHAR",
    "int": "INTEGER",
    "timestamp": "TIMESTAMP WITH TIME ZONE",
    "array<string>": "VARCHAR[]",
    "array<struct<rule:string,column:string,message:string>>": (
        'STRUCT("rule" VARCHAR, "column" VARCHAR, message VARCHAR)[]'
    ),
}
# What the generator makes none of: an order without lines, a line on another day than its order, a product
# that nobody buys, a customer who was away for long.
_EXTRA = {
    "products": ["99999998,77,Never sold,Shelf warmer"],
    "orders": [
        "1,90000001,u1,2025-05-03T23:59:59,10.05,2025-05-03",
        "2,90000002,u2,2025-05-02T00:00:00,0.10,2025-05-02",
    ],
    "order_items": ["90000001,90000002,u2,365,00000001,1,1,2025-05-04T01:00:00,2025-05-04"],
}


@dataclass(frozen=True)
class Warehouse:
    """``rows``: of each table, the cells as text ('' for NULL) or lists, by column."""

    database: str
    tables: dict[str, DeltaTable]
    rows: dict[str, list[dict[str, Any]]]


def build(cloud: Instance, folder: Path) -> Warehouse:
    """Generate the sample, plant rejects and orphans, and write every table of the catalog."""
    sample = folder / "sample"
    node = PROJECT / "node_modules" / "node" / "bin" / "node"
    size = ["--defects", "0", "--orders", "240", "--products", "30", "--days", "9"]
    command = [str(node), str(PROJECT / "bin" / "lakehouse.cjs"), "sample", str(sample), *size]
    subprocess.run(command, check=True, capture_output=True, cwd=PROJECT)
    rows: dict[str, list[dict[str, Any]]] = {name: _read(sample, name) for name in DATASETS}
    rows |= {f"{name}_rejects": _rejects(name) for name in DATASETS}
    rows["order_items_orphans"] = _orphans(rows["order_items"])
    tables: dict[str, DeltaTable] = {}
    database: str | None = None
    for name, columns in _columns().items():
        tables[name] = DeltaTable(cloud, folder, name, database)
        database = tables[name].database
        tables[name].append(_select(folder, name, columns, rows[name]))
    assert database is not None
    return Warehouse(database, tables, rows)


def _columns() -> dict[str, dict[str, str]]:
    catalog = json.loads((PROJECT / "generated" / "catalog.json").read_text())
    inputs = [resource["Properties"]["TableInput"] for resource in catalog["Resources"].values()]
    return {
        table["Name"]: {
            column["Name"]: _DUCKDB_TYPES.get(column["Type"], column["Type"])
            for column in table["StorageDescriptor"]["Columns"]
        }
        for table in inputs
    }


def _read(sample: Path, dataset: str) -> list[dict[str, Any]]:
    """The rows of a dataset's files with the service's columns; each file is a batch of its own."""
    rows = []
    files = sorted((sample / dataset).glob("*.csv"))
    extra = sample / dataset / "extra.csv"
    header = files[0].read_text(encoding="utf-8-sig").split("\n")[0]
    extra.write_text("\n".join([header, *_EXTRA[dataset]]) + "\n")
    for batch, file in enumerate([*files, extra], start=1):
        with file.open(newline="", encoding="utf-8-sig") as lines:
            for line, row in enumerate(csv.DictReader(lines), start=2):
                lineage = {"_file": f"{dataset}-{file.stem}", "_sequence": str(batch), "_line": str(line)}
                rows.append({**row, **lineage, "_batch": str(batch)})
    return rows


def _rejects(dataset: str) -> list[dict[str, Any]]:
    """Lines of batches 1 and 2, one that breaks two rules; batch 40 brought only the reject of an order."""
    lines = [(1, ["SCALE"]), (1, ["SCALE"]), (2, ["SCALE", "NULL_KEY"]), (2, ["RANGE"]), (40, ["ENCODING"])]
    return [
        {
            "batch": str(batch),
            "file": f"raw/{dataset}/x.csv",
            "file_id": "x",
            "line": str(number),
            "raw": f'{dataset},"{number}",'.ljust(20, "z"),
            "reasons": [{"rule": rule, "column": None, "message": "m"} for rule in rules],
            "rejected_at": "2025-05-01 10:00:00",
        }
        for number, (batch, rules) in enumerate(lines[: 5 if dataset == "orders" else 4], start=2)
    ]


def _orphans(items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    missing = [["order_id"], ["order_id", "product_id"], ["product_id"], ["order_id"]]
    return [
        {
            **item,
            "id": f"w{index}",
            "_missing": columns,
            "_waiting_since": f"2025-05-0{index + 1} 08:00:00",
            "_raw": "r",
        }
        for index, (item, columns) in enumerate(zip(items[:4], missing, strict=True))
    ]


def _select(folder: Path, table: str, columns: dict[str, str], rows: list[dict[str, Any]]) -> str:
    file = folder / f"{table}.json"
    file.write_text(
        "\n".join(json.dumps({name: row[name] or None for name in columns}) for row in rows) + "\n"
    )
    shape = ", ".join(
        f"'{name}': '{kind if kind.endswith('[]') else 'VARCHAR'}'".replace('"rule"', "rule")
        for name, kind in columns.items()
    )
    casts = ", ".join(f'{_cast(name, kind)} AS "{name}"' for name, kind in columns.items())
    return f"SELECT {casts} FROM read_json('{file}', format = 'newline_delimited', columns = {{{shape}}})"


def _cast(name: str, kind: str) -> str:
    # the files have 0 and 1 as well as true and false
    number = f"""CASE "{name}" WHEN '1' THEN 'true' WHEN '0' THEN 'false' ELSE "{name}" END"""
    value = number if kind == "boolean" else f'"{name}"'
    plain = f"CAST({value} AS TIMESTAMP)" if kind.startswith("TIMESTAMP") else value
    return f"CAST({plain} AS {kind})"
