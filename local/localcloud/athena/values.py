"""Values of a result as Athena writes them: in its CSV files and in GetQueryResults alike.

Source: docs.aws.amazon.com/athena/latest/ug/querying-finding-output-files.html and Trino's texts.
"""

import math
from datetime import datetime
from decimal import Decimal
from typing import Any


def text_of(value: Any, kind: Any) -> str | None:
    """The text of a value of a DuckDB type; None for NULL."""
    return None if value is None else _text(value, kind)


def _text(value: Any, kind: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return java_double(value)
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, datetime):
        zone = " UTC" if kind.id == "timestamp with time zone" else ""
        return value.strftime("%Y-%m-%d %H:%M:%S.") + f"{value.microsecond // 1000:03}{zone}"
    if isinstance(value, bytes):
        return value.hex(" ")
    if isinstance(value, list):
        (_, element) = kind.children[0]
        return "[" + ", ".join(_text(item, element) for item in value) + "]"
    if isinstance(value, dict):
        return "{" + ", ".join(_members(value, kind)) + "}"
    return str(value)


def _members(value: dict[Any, Any], kind: Any) -> list[str]:
    children = dict(kind.children)
    if kind.id == "map":
        return [
            f"{_text(key, children['key'])}={_text(item, children['value'])}" for key, item in value.items()
        ]
    return [f"{name}={_text(value[name], child)}" for name, child in children.items()]


def java_double(value: float) -> str:
    """A double as Java's Double.toString writes it: plain from 1e-3 to below 1e7, else with an exponent."""
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    if value == 0 or 1e-3 <= abs(value) < 1e7:
        return format(Decimal(repr(value)), "f") if "." in repr(value) or "e" in repr(value) else f"{value}.0"
    mantissa, exponent = f"{Decimal(repr(value)):E}".split("E")
    digits = mantissa.rstrip("0").rstrip(".") if "." in mantissa else mantissa
    return f"{digits if '.' in digits else digits + '.0'}E{int(exponent)}"
