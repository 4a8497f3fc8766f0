"""Rows that break what the derived validation checks, for empty tables, and what it has to count then."""

_LINEAGE = "'f', 's', 2, 1"
_ORDER = "'1', '{key}', 'u', TIMESTAMP '2025-04-01 10:00:00', {amount}, DATE '2025-04-01'"
_ITEM = "'1', 'absent', 'u', NULL, '1', 0, true, TIMESTAMP '2025-04-01 10:00:00', DATE '2025-04-01'"

STATEMENTS = (
    *(
        f"INSERT INTO orders VALUES ({_ORDER.format(key=key, amount=amount)}, {_LINEAGE})"
        for key, amount in (("1", "5"), ("1", "5"), ("2", "-1"))
    ),
    f"INSERT INTO products VALUES ('1', NULL, 'Books', 'A book', {_LINEAGE})",
    f"INSERT INTO order_items VALUES ({_ITEM}, {_LINEAGE})",
)
FOUND = {
    "orders_primary_key_unique": 1,
    "orders_within_range": 1,
    "products_required_present": 1,
    "order_items_within_range": 1,
    "order_items_order_id_exists": 1,
}
