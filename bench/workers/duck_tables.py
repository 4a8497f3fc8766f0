"""Delta tables without Spark: delta-rs opens them, DuckDB reads their files."""

from __future__ import annotations

from pathlib import Path

from deltalake import DeltaTable, Field, Schema

from lakehouse.contract import Contract

_LINEAGE = ["_file", "_sequence", "_line", "_batch"]
_TYPES = {"int": "integer", "bigint": "long"}


def scan(table: DeltaTable) -> str:
    """The rows of the table's newest version as a relation of DuckDB."""
    return f"read_parquet({table.file_uris()!r}, hive_partitioning = true, hive_types_autocast = true)"


def open_table(path: Path, contract: Contract) -> DeltaTable:
    """The table, created empty if it is not there (version 0)."""
    if DeltaTable.is_deltatable(str(path)):
        return DeltaTable(path)
    fields = [
        Field(column.name, _TYPES.get(column.sql_type, column.sql_type), column.nullable)
        for column in contract.columns
    ]
    fields += [Field(name, "string" if name in ("_file", "_sequence") else "long") for name in _LINEAGE]
    partitions = [contract.partition_by] if contract.partition_by else None
    return DeltaTable.create(str(path), Schema(fields), partition_by=partitions)
