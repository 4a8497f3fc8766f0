"""Athena: queries run for real, by DuckDB on the Delta tables of the instance."""

from pathlib import Path
from typing import Any

from localcloud.athena.catalog import Catalog
from localcloud.athena.engine import Engine
from localcloud.athena.runner import Runner
from localcloud.athena.service import AthenaService
from localcloud.toolchain import Toolchain
from localcloud.wire import call_from_thread, client

__all__ = ["SEAMS", "install"]

# All contact with ministack goes through localcloud.wire.
SEAMS: tuple[tuple[str, str, str, tuple[str, ...] | None], ...] = ()


def install(endpoint: str, home: Path, toolchain: Toolchain) -> None:
    """Answer the operations of query executions in ministack's place."""
    s3 = client("s3", endpoint)

    def get_table(database: str, name: str) -> dict[str, Any]:
        table: dict[str, Any] = call_from_thread(
            "glue", "GetTable", {"DatabaseName": database, "Name": name}
        )["Table"]
        return table

    def exists(bucket: str, prefix: str) -> bool:
        try:
            return bool(s3.list_objects_v2(Bucket=bucket, Prefix=prefix, MaxKeys=1).get("Contents"))
        except s3.exceptions.NoSuchBucket:
            return False

    AthenaService(Runner(Engine(endpoint, home / "tmp" / "duckdb"), Catalog(get_table, exists), s3))
