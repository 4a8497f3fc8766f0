"""A query on earlier versions of Delta tables, which Athena cannot run: ``python -m localcloud.time_travel``.

A request comes on stdin and its answer goes to stdout, both JSON:

    {"endpoint": "http://127.0.0.1:4566", "sql": "SELECT ...", "single": true,
     "tables": {"orders": {"location": "s3://warehouse/orders", "version": 3}}}
    {"columns": [{"name": "n", "type": "bigint"}], "rows": [["1"]]} or {"failed": "the reason"}

Version null: the table has none that was asked for. ``single``: the query may read one table only, for a
version number says nothing about another table. Cells are text as Athena writes them, null for NULL.
"""

import json
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from localcloud.athena.engine import Engine
from localcloud.athena.failures import QueryFailed, QueryRefused
from localcloud.athena.translate import parse_query, to_duckdb
from localcloud.athena.types import athena_type


def answer(request: Mapping[str, Any], temporary: Path) -> dict[str, Any]:
    """The answer to a request; a query that cannot run is an answer too."""
    read: set[str] = set()

    def reader(_database: str, name: str) -> str:
        read.add(name)
        if request["single"] and len(read) > 1:
            raise QueryFailed(
                f"The query reads {' and '.join(sorted(read))}; a version is of one table: give a timestamp"
            )
        return _reader(request["tables"], name)

    engine = Engine(request["endpoint"], temporary)
    try:
        sql = to_duckdb(parse_query(request["sql"]), request["sql"], "", reader)
        result = engine.run(engine.session(), sql)
    except (QueryFailed, QueryRefused) as error:
        return {"failed": str(error)}
    columns = [{"name": column.name, "type": athena_type(column.type)[0]} for column in result.columns]
    return {"columns": columns, "rows": result.rows}


def _reader(tables: Mapping[str, Mapping[str, Any]], name: str) -> str:
    if name not in tables:
        raise QueryFailed(f"TABLE_NOT_FOUND: Table '{name}' does not exist")
    version = tables[name]["version"]
    if version is None:
        raise QueryFailed(
            f"Table '{name}' has no such version; npx lakehouse status {name} shows those it has"
        )
    location = str(tables[name]["location"]).replace("'", "''")
    return f"delta_scan('{location}', version = {int(version)})"


def main() -> None:
    """Answer the request on stdin."""
    with tempfile.TemporaryDirectory() as temporary:
        json.dump(answer(json.load(sys.stdin), Path(temporary)), sys.stdout)


if __name__ == "__main__":
    main()
