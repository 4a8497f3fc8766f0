"""Rows that break what the derived validation checks, for empty tables, and what it has to count then."""

from pathlib import Path

_GENERATED = Path(__file__).parents[2] / "generated"
_DAY = "TIMESTAMP '2025-04-01 10:00:00', {}DATE '2025-04-01'"


def validation_of(batch: int) -> str:
    """The query that the publish gate asks about a batch."""
    return (_GENERATED / "batchValidation.sql").read_text().replace(":batch", str(batch))


def _insert(table: str, batch: int, *cells: str) -> str:
    return f"INSERT INTO {table} VALUES ({', '.join(cells)}, 'f', 's', 2, {batch})"


def _order(batch: int, key: str, number: str = "'1'", amount: str = "5") -> str:
    return _insert("orders", batch, number, f"'{key}'", "'u'", _DAY.format(f"{amount}, "))


def _product(batch: int, key: str, department: str = "'1'") -> str:
    return _insert("products", batch, f"'{key}'", department, "'Books'", "'A book'")


def _item(
    batch: int, key: str, order: str, product: str = "sound", user: str = "'u'", place: str = "1"
) -> str:
    cells = (f"'{key}'", f"'{order}'", user, "NULL", f"'{product}'", place, "true", _DAY.format(""))
    return _insert("order_items", batch, *cells)


def _violations(batch: int) -> tuple[str, ...]:
    """A row for each check that breaks it alone, and sound ones beside them."""
    return (
        *(_order(batch, f"{batch}-twice") for _ in range(2)),
        _order(batch, f"{batch}-empty", number="NULL"),
        _order(batch, f"{batch}-low", amount="-1"),
        *(_product(batch, f"{batch}-twice") for _ in range(2)),
        _product(batch, f"{batch}-empty", department="NULL"),
        *(_item(batch, f"{batch}-twice", "sound") for _ in range(2)),
        _item(batch, f"{batch}-empty", "sound", user="NULL"),
        _item(batch, f"{batch}-low", "sound", place="0"),
        _item(batch, f"{batch}-orderless", "absent"),
        _item(batch, f"{batch}-unsold", "sound", product="absent"),
    )


# A sound batch that brought the parents of the others' items; two that break every check; then an order that
# two batches have written, and a second item of an order that is not there.
STATEMENTS = (
    *(_order(1, "sound"), _product(1, "sound"), _item(1, "sound", "sound")),
    *_violations(2),
    *_violations(3),
    *(_order(2, "both"), _order(3, "both"), _item(3, "3-orderless-too", "absent")),
)
_EACH = {
    "orders_primary_key_unique": 1,
    "orders_required_present": 1,
    "orders_within_range": 1,
    "products_primary_key_unique": 1,
    "products_required_present": 1,
    "order_items_primary_key_unique": 1,
    "order_items_required_present": 1,
    "order_items_within_range": 1,
    "order_items_order_id_exists": 1,
    "order_items_product_id_exists": 1,
}
# The order that both have written is too many for either; an order that is not there counts once.
_OF_ONE = {**_EACH, "orders_primary_key_unique": 2}
FOUND_IN_BATCH = {1: {}, 2: _OF_ONE, 3: _OF_ONE, 4: {}}
FOUND_IN_TABLES = {
    **{name: 2 * count for name, count in _EACH.items()},
    "orders_primary_key_unique": 3,
    "order_items_order_id_exists": 3,
}
