"""The named queries that the stack deploys, and what the masked views among them have to show."""

import json
from collections.abc import Callable
from typing import Any

from answers import Answer
from instances import PROJECT


def _resources(generated: str) -> list[dict[str, Any]]:
    resources = json.loads((PROJECT / "generated" / generated).read_text())["Resources"]
    return [resource["Properties"] for resource in resources.values()]


DEPLOYED: dict[str, str] = {query["Name"]: query["QueryString"] for query in _resources("queries.json")}
MASKED = [name for name in DEPLOYED if name.endswith("_masked")]
_TABLES = [properties["TableInput"] for properties in _resources("catalog.json")]
_COLUMNS: dict[str, list[str]] = {
    table["Name"]: [column["Name"] for column in table["StorageDescriptor"]["Columns"]] for table in _TABLES
}
PERSONAL: dict[str, list[str]] = {
    table["Name"]: table["Parameters"]["lakehouse.pii"].split(",")
    for table in _TABLES
    if "lakehouse.pii" in table["Parameters"]
}


def check_masked_view(name: str, run: Callable[[str], Answer], row_count: Callable[[str], int]) -> None:
    """The view of a query has every column and row of its table, and nothing of the personal ones."""
    table = name.removeprefix("create_").removesuffix("_masked")
    personal, others = PERSONAL[table], [c for c in _COLUMNS[table] if c not in PERSONAL[table]]

    def rows_of(source: str, columns: list[str]) -> list[list[str | None]]:
        listed = ", ".join(f'"{column}"' for column in columns)
        return run(f"SELECT {listed} FROM {source} ORDER BY {listed}").rows

    assert rows_of(f"{table}_masked", others) == rows_of(table, others)
    assert rows_of(f"{table}_masked", personal) == [["***"] * len(personal)] * row_count(table)
