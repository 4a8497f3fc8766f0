"""Short ways to write files of the three datasets."""

from __future__ import annotations

from typing import Any

PRODUCT_COLUMNS = "product_id,department_id,department,product_name"
ORDER_COLUMNS = "order_num,order_id,user_id,order_timestamp,total_amount,date"
ITEM_COLUMNS = (
    "id,order_id,user_id,days_since_prior_order,product_id,add_to_cart_order,reordered,order_timestamp,date"
)


def products(*rows: tuple[str, str]) -> str:
    """Products of (product_id, product_name)."""
    return "\n".join([PRODUCT_COLUMNS, *(f"{key},1,Food,{name}" for key, name in rows)]) + "\n"


def orders(*rows: tuple[str, str], day: str = "2025-04-01") -> str:
    """Orders of (order_id, total_amount)."""
    lines = [f"1,{key},u1,{day}T10:00:00,{amount},{day}" for key, amount in rows]
    return "\n".join([ORDER_COLUMNS, *lines]) + "\n"


def items(*rows: tuple[str, str, str, int]) -> str:
    """Order items of (id, order_id, product_id, add_to_cart_order)."""
    lines = [
        f"{key},{order},u1,3,{product},{place},0,2025-04-01T10:00:00,2025-04-01"
        for key, order, product, place in rows
    ]
    return "\n".join([ITEM_COLUMNS, *lines]) + "\n"


def outcome(result: dict[str, Any], number: int = 0) -> dict[str, int]:
    """The outcomes that are not zero, of the result's n-th file in the order of file ids, or of the only
    one."""
    return {name: rows for name, rows in result["files"][number]["rows"].items() if rows}


def outcomes(result: dict[str, Any], part: str = "files") -> dict[str, dict[str, int]]:
    """By file id, the outcomes that are not zero."""
    return {
        file["fileId"]: {name: rows for name, rows in file["rows"].items() if rows} for file in result[part]
    }
