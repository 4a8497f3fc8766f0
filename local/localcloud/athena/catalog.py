"""From a table of the Data Catalog to what DuckDB reads.

Source: docs.aws.amazon.com/athena/latest/ug/delta-lake-tables.html (table_type DELTA: Athena reads the log)
"""

from collections.abc import Callable
from typing import Any

from botocore.exceptions import ClientError

from localcloud.athena.failures import QueryFailed
from localcloud.athena.views import View, view_in

GetTable = Callable[[str, str], dict[str, Any]]
Exists = Callable[[str, str], bool]
# Database, Glue's TableInput, and whether one of the name is replaced.
PutTable = Callable[[str, dict[str, Any], bool], None]


class Catalog:
    """Resolves table names; ``get_table`` and ``put_table`` ask Glue, ``exists(bucket, prefix)`` looks into
    S3."""

    def __init__(self, get_table: GetTable, put_table: PutTable, exists: Exists) -> None:
        self._get_table = get_table
        self._put_table = put_table
        self._exists = exists

    def view(self, database: str, name: str) -> View | None:
        """The view of this name; None where there is a table, or nothing."""
        table = self._find(database, name)
        return None if table is None else view_in(table)

    def create_view(self, database: str, table: dict[str, Any], replace: bool) -> None:
        """Store a view; raises QueryFailed where its name is taken by anything that it may not replace."""
        found = self._find(database, table["Name"])
        if found is not None and not (replace and view_in(found)):
            kind = "View" if view_in(found) else "Table"
            raise QueryFailed(
                f"ALREADY_EXISTS: {kind} 'awsdatacatalog.{database}.{table['Name']}' already exists"
            )
        self._put_table(database, table, found is not None)

    def reader(self, database: str, name: str) -> str:
        """The DuckDB table function that reads a table; raises QueryFailed when it cannot be read."""
        table = self._find(database, name)
        if table is None:
            raise QueryFailed(f"TABLE_NOT_FOUND: Table 'awsdatacatalog.{database}.{name}' does not exist")
        descriptor = table.get("StorageDescriptor", {})
        location = str(descriptor.get("Location", "")).rstrip("/")
        if not location.startswith("s3://"):
            raise QueryFailed(f"HIVE_METASTORE_ERROR: Table {database}.{name} has no location in S3")
        if table.get("Parameters", {}).get("table_type", "").upper() == "DELTA":
            self._require_log(database, name, location)
            return f"delta_scan({_quoted(location)})"
        if "parquet" in str(descriptor.get("InputFormat", "")).lower():
            return f"read_parquet({_quoted(location + '/**/*.parquet')}, hive_partitioning = true)"
        raise QueryFailed(
            f"NOT_SUPPORTED: {database}.{name} is neither a Delta table (table_type DELTA) nor Parquet, "
            "and the local Athena reads nothing else"
        )

    def _find(self, database: str, name: str) -> dict[str, Any] | None:
        try:
            return self._get_table(database, name)
        except ClientError as error:
            if error.response["Error"]["Code"] == "EntityNotFoundException":
                return None
            raise QueryFailed(f"GENERIC_INTERNAL_ERROR: the Data Catalog answers {error}") from error

    def _require_log(self, database: str, name: str, location: str) -> None:
        bucket, _, prefix = location.removeprefix("s3://").partition("/")
        if not self._exists(bucket, f"{prefix}/_delta_log/"):
            raise QueryFailed(
                f"DELTA_LAKE_INVALID_SCHEMA: Metadata not found in transaction log for {database}.{name}: "
                f"{location}/_delta_log is empty; the table is written by its first job run"
            )


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
