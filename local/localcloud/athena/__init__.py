"""Athena: queries run for real, by DuckDB on the Delta tables of the instance."""

from functools import cache
from pathlib import Path
from typing import Any

from localcloud.athena.catalog import Catalog
from localcloud.athena.engine import Engine
from localcloud.athena.query import Query
from localcloud.athena.runner import Runner
from localcloud.athena.service import AthenaService
from localcloud.toolchain import Toolchain
from localcloud.wire import caller_key, client

__all__ = ["SEAMS", "install"]

# All contact with ministack goes through localcloud.wire.
SEAMS: tuple[tuple[str, str, str, tuple[str, ...] | None], ...] = ()


def install(endpoint: str, home: Path, toolchain: Toolchain) -> None:
    """Answer the operations of query executions in ministack's place."""

    # Athena reads catalog and objects in the name of whoever asked.
    @cache
    def clients(key: str) -> tuple[Any, Any]:
        return client("glue", endpoint, key), client("s3", endpoint, key)

    def get_table(database: str, name: str) -> dict[str, Any]:
        glue, _ = clients(caller_key.get())
        table: dict[str, Any] = glue.get_table(DatabaseName=database, Name=name)["Table"]
        return table

    def put_table(database: str, table: dict[str, Any], replace: bool) -> None:
        glue, _ = clients(caller_key.get())
        (glue.update_table if replace else glue.create_table)(DatabaseName=database, TableInput=table)

    def exists(bucket: str, prefix: str) -> bool:
        _, s3 = clients(caller_key.get())
        try:
            return bool(s3.list_objects_v2(Bucket=bucket, Prefix=prefix, MaxKeys=1).get("Contents"))
        except s3.exceptions.NoSuchBucket:
            return False

    def put(bucket: str, key: str, content: bytes) -> None:
        _, s3 = clients(caller_key.get())
        s3.put_object(Bucket=bucket, Key=key, Body=content, ContentType="application/octet-stream")

    @cache
    def cloudwatch() -> Any:
        return client("cloudwatch", endpoint)

    def measure(query: Query) -> None:
        cloudwatch().put_metric_data(Namespace="AWS/Athena", MetricData=query.metric_data())

    engine = Engine(endpoint, home / "tmp" / "duckdb")
    AthenaService(Runner(engine, Catalog(get_table, put_table, exists), put, measure))
