"""DuckDB's types as Athena names them.

Source: docs.aws.amazon.com/athena/latest/APIReference/API_ColumnInfo.html and data-types.html of the guide.
"""

from dataclasses import dataclass
from typing import Any

_VARCHAR_LENGTH = 2_147_483_647

# DuckDB's name -> Athena's name and precision.
_NAMES = {
    "bigint": ("bigint", 19),
    "blob": ("varbinary", 1_073_741_824),
    "boolean": ("boolean", 0),
    "date": ("date", 0),
    "double": ("double", 17),
    "float": ("float", 17),
    "hugeint": ("bigint", 19),
    "integer": ("integer", 10),
    "list": ("array", 0),
    "map": ("map", 0),
    "smallint": ("smallint", 5),
    "struct": ("row", 0),
    "time": ("time", 3),
    "timestamp": ("timestamp", 3),
    "timestamp_ms": ("timestamp", 3),
    "timestamp_ns": ("timestamp", 3),
    "timestamp_s": ("timestamp", 3),
    "timestamp with time zone": ("timestamp with time zone", 3),
    "tinyint": ("tinyint", 3),
    "varchar": ("varchar", _VARCHAR_LENGTH),
}


@dataclass(frozen=True)
class Column:
    """One column of a result: its name in lower case and DuckDB's type."""

    name: str
    type: Any

    def info(self) -> dict[str, Any]:
        """The ColumnInfo of the API."""
        kind, precision, scale = athena_type(self.type)
        return {
            "CatalogName": "hive",
            "SchemaName": "",
            "TableName": "",
            "Name": self.name,
            "Label": self.name,
            "Type": kind,
            "Precision": precision,
            "Scale": scale,
            "Nullable": "UNKNOWN",
            "CaseSensitive": kind == "varchar",
        }


def athena_type(duckdb_type: Any) -> tuple[str, int, int]:
    """Name, precision and scale of a DuckDB type; raises ValueError for one that Athena does not have."""
    if str(duckdb_type) == "JSON":
        return "json", _VARCHAR_LENGTH, 0
    if str(duckdb_type) == '"NULL"':
        return "unknown", 0, 0
    identifier = duckdb_type.id
    if identifier == "decimal":
        sizes = dict(duckdb_type.children)
        return "decimal", int(sizes["precision"]), int(sizes["scale"])
    if identifier not in _NAMES:
        raise ValueError(f"Athena has no type for DuckDB's {duckdb_type}")
    name, precision = _NAMES[identifier]
    return name, precision, 0
