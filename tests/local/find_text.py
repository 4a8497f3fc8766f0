"""Looks for a text in everything that a local cloud stores, and prints where it is, one place a line of JSON.

Every version of every object of every bucket, Parquet decoded (data files and checkpoints) and gzip unpacked,
and every item of every table. The end-to-end test of erasure runs it before and after.

    python tests/local/find_text.py ENDPOINT TEXT
"""

from __future__ import annotations

import gzip
import json
import sys
import tempfile
from collections.abc import Iterator
from typing import Any

import boto3
import duckdb

PARQUET, GZIP = b"PAR1", b"\x1f\x8b"


def main() -> None:
    """Print each place, then how much was looked at."""
    endpoint, text = sys.argv[1:]
    looked_at: dict[str, int] = {}
    for kind, place, content in stored(endpoint):
        looked_at[kind] = looked_at.get(kind, 0) + 1
        if text in content:
            print(json.dumps({"kind": kind, "place": place}))
    print(json.dumps({"kind": "looked at", "place": json.dumps(looked_at)}))


def stored(endpoint: str) -> Iterator[tuple[str, str, str]]:
    """What there is: kind, place and content as text."""

    def client(service: str) -> Any:
        credentials = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
        return boto3.client(service, endpoint_url=endpoint, region_name="us-east-1", **credentials)

    s3, dynamo = client("s3"), client("dynamodb")
    for bucket in s3.list_buckets()["Buckets"]:
        name = bucket["Name"]
        for page in s3.get_paginator("list_object_versions").paginate(Bucket=name):
            for version in page.get("Versions", []):
                body = s3.get_object(Bucket=name, Key=version["Key"], VersionId=version["VersionId"])
                kind, content = decoded(body["Body"].read())
                state = "" if version["IsLatest"] else " (old version)"
                yield kind, f"{name}/{version['Key']}{state}", content
    for table in dynamo.list_tables()["TableNames"]:
        for page in dynamo.get_paginator("scan").paginate(TableName=table):
            for item in page["Items"]:
                yield "item", f"{table}/{item.get('pk')}/{item.get('sk')}", json.dumps(item)


def decoded(body: bytes) -> tuple[str, str]:
    """The kind of an object, and its content as text."""
    if body.startswith(PARQUET):
        with tempfile.NamedTemporaryFile(suffix=".parquet") as file:
            file.write(body)
            file.flush()
            rows = duckdb.sql(
                f"SELECT to_json(held)::VARCHAR FROM read_parquet('{file.name}') AS held"
            ).fetchall()
        return "parquet", "\n".join(row for (row,) in rows)
    if body.startswith(GZIP):
        return "gzip", gzip.decompress(body).decode("utf-8", "replace")
    return "text", body.decode("utf-8", "replace")


if __name__ == "__main__":
    main()
