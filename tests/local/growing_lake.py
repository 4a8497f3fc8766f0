"""Tables of the three datasets that grow by batches, whose keys grow with time as numbers of orders do."""

from pathlib import Path

from declared_tables import declare
from delta_tables import DeltaTable
from instances import Instance

_ROWS = 2_000
_OWN = {
    "orders": ("order_num", "order_id", "total_amount"),
    "products": ("product_id", "department_id", "department", "product_name"),
    "order_items": ("id", "order_id", "product_id", "days_since_prior_order", "add_to_cart_order"),
}
_VALUES = {
    "user_id": "'u' || key",
    "total_amount": "5",
    "department_id": "'1'",
    "department": "'Books'",
    "product_name": "'A book'",
    "days_since_prior_order": "3",
    "add_to_cart_order": "1",
    "reordered": "true",
    "order_timestamp": "TIMESTAMPTZ '2025-04-01 10:00:00+00'",
    "date": "DATE '2025-04-01'",
    "_file": "'f' || batch",
    "_sequence": "'s' || batch",
    "_line": "row",
    "_batch": "batch",
}
_LINEAGE = ("_file", "_sequence", "_line", "_batch")
# Of personal data and of a partition's column the jobs let Delta keep no statistics; those of moments are
# left out here as well.
_WITHOUT_STATISTICS = {
    "orders": ("user_id", "order_timestamp", "date"),
    "products": (),
    "order_items": ("user_id", "reordered", "order_timestamp", "date"),
}


class Lake:
    """Each batch brings as many orders, products and items, in a data file of its own for each table."""

    def __init__(self, cloud: Instance, folder: Path) -> None:
        self._tables = {name: DeltaTable(cloud, folder, name) for name in _OWN}
        self.database = declare(cloud, self._tables)
        self._batches = 0

    def load(self, last: int) -> None:
        """Load the batches up to number ``last``."""
        for batch in range(self._batches + 1, last + 1):
            for name, table in self._tables.items():
                table.append(_rows(name, batch), statistics=(*_OWN[name], *_LINEAGE))
        self._batches = last


def _rows(table: str, batch: int) -> str:
    names = (*_OWN[table], *_WITHOUT_STATISTICS[table], *_LINEAGE)
    columns = ", ".join(f'{_VALUES.get(name, "key")} AS "{name}"' for name in names)
    return (
        f"SELECT {columns} FROM (SELECT row, lpad(CAST({batch * _ROWS} + row AS VARCHAR), 9, '0') AS key, "
        f"CAST({batch} AS BIGINT) AS batch FROM range({_ROWS}) AS numbers(row))"
    )
