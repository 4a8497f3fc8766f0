"""Small real Delta tables for tests: Parquet files by DuckDB and a transaction log by hand.

Source: github.com/delta-io/delta/blob/master/PROTOCOL.md
"""

import json
import uuid
from pathlib import Path
from typing import Any

import duckdb

from instances import Instance

_DELTA_TYPES = {
    "BIGINT": "long",
    "INTEGER": "integer",
    "VARCHAR": "string",
    "BOOLEAN": "boolean",
    "DOUBLE": "double",
    "DATE": "date",
    "TIMESTAMP": "timestamp",
    "TIMESTAMP WITH TIME ZONE": "timestamp",
}
_PROTOCOL = {"protocol": {"minReaderVersion": 1, "minWriterVersion": 2}}


class DeltaTable:
    """A Delta table in its own bucket and Glue database, which grows by ``append``.

    ``database`` names one that exists, for a table beside others.
    """

    def __init__(
        self, cloud: Instance, folder: Path, name: str = "orders", database: str | None = None
    ) -> None:
        self.database = database or f"db_{uuid.uuid4().hex}"
        self.name = name
        self._s3 = cloud.client("s3")
        self._glue = cloud.client("glue")
        self._folder = folder
        self._version = 0
        self._last = ""
        self.bucket = f"lake-{uuid.uuid4()}"
        self.location = f"s3://{self.bucket}/{self.name}"
        self._s3.create_bucket(Bucket=self.bucket)
        if database is None:
            self._glue.create_database(DatabaseInput={"Name": self.database})
        self.register(self.name, self.location, {"table_type": "DELTA"})

    def register(self, name: str, location: str, parameters: dict[str, str], **storage: Any) -> None:
        """Put a table into the Data Catalog."""
        descriptor = {"Location": location, "Columns": [{"Name": "id", "Type": "bigint"}], **storage}
        self._glue.create_table(
            DatabaseName=self.database,
            TableInput={
                "Name": name,
                "TableType": "EXTERNAL_TABLE",
                "Parameters": parameters,
                "StorageDescriptor": descriptor,
            },
        )

    def append(
        self, select: str, remove: bool = False, evolve: bool = False, statistics: tuple[str, ...] = ()
    ) -> int:
        """Commit the rows of a DuckDB query, and remove those there were before if wanted; bytes written.

        The table has the columns of its first query, or of the last one with ``evolve``. The log has the
        ``statistics`` of these columns.
        """
        file = self._folder / f"part-{uuid.uuid4()}.parquet"
        session = duckdb.connect()
        session.execute("SET timezone = 'UTC'")
        session.execute(f"COPY ({select}) TO '{file}' (FORMAT parquet)")
        columns = [(row[0], row[1]) for row in session.execute(f"DESCRIBE {select}").fetchall()]
        stats = {"stats": _statistics(session, select, statistics)} if statistics else {}
        session.close()
        data = file.read_bytes()
        self._s3.put_object(Bucket=self.bucket, Key=f"{self.name}/{file.name}", Body=data)
        actions: list[dict[str, Any]] = [] if self._version else [_PROTOCOL]
        if evolve or not self._version:
            actions.append(_metadata(columns))
        if remove:
            actions.append({"remove": {"path": self._last, "dataChange": True, "deletionTimestamp": 0}})
        actions.append({"add": {**_added(file.name, len(data)), **stats}})
        self._last = file.name
        log = "\n".join(json.dumps(action) for action in actions)
        key = f"{self.name}/_delta_log/{self._version:020}.json"
        self._s3.put_object(Bucket=self.bucket, Key=key, Body=log.encode())
        self._version += 1
        return len(data)


def _added(path: str, size: int) -> dict[str, Any]:
    return {"path": path, "partitionValues": {}, "size": size, "modificationTime": 0, "dataChange": True}


def _statistics(session: duckdb.DuckDBPyConnection, select: str, names: tuple[str, ...]) -> str:
    """The number of rows, and of each column its least and greatest value and how often it is NULL."""
    asked = ", ".join(f'min("{name}"), max("{name}"), count(*) - count("{name}")' for name in names)
    row = session.execute(f"SELECT count(*), {asked} FROM ({select})").fetchone()
    assert row is not None
    parts = {
        part: dict(zip(names, row[1 + place :: 3], strict=True))
        for place, part in enumerate(("minValues", "maxValues", "nullCount"))
    }
    return json.dumps({"numRecords": row[0], **parts})


def _metadata(columns: list[tuple[str, str]]) -> dict[str, Any]:
    fields = [
        {"name": name, "type": _delta_type(kind), "nullable": True, "metadata": {}} for name, kind in columns
    ]
    schema = json.dumps({"type": "struct", "fields": fields})
    metadata = {
        "id": str(uuid.uuid4()),
        "format": {"provider": "parquet", "options": {}},
        "schemaString": schema,
        "partitionColumns": [],
        "configuration": {},
        "createdTime": 0,
    }
    return {"metaData": metadata}


def _delta_type(kind: str) -> Any:
    if kind.endswith("[]"):
        return {"type": "array", "elementType": _delta_type(kind[:-2]), "containsNull": True}
    if kind.startswith("STRUCT("):
        members = [member.strip().split(" ", 1) for member in kind[7:-1].split(",")]
        fields = [
            {"name": n.strip('"'), "type": _delta_type(t), "nullable": True, "metadata": {}}
            for n, t in members
        ]
        return {"type": "struct", "fields": fields}
    if kind.startswith("DECIMAL"):
        return kind.lower()
    return _DELTA_TYPES[kind]
