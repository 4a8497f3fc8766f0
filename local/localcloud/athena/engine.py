"""Runs DuckDB's SQL on the objects of the instance's S3."""

import json
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from localcloud.athena.failures import QueryFailed
from localcloud.athena.functions import MACROS
from localcloud.athena.types import Column
from localcloud.athena.values import text_of
from localcloud.wire import REGION, SECRET_KEY, caller_key

_ZONED = "TIMESTAMP WITH TIME ZONE"
_REASONS: tuple[tuple[type[Exception], str], ...] = (
    (duckdb.BinderException, "SYNTAX_ERROR: "),
    (duckdb.ParserException, "SYNTAX_ERROR: "),
    (duckdb.CatalogException, "SYNTAX_ERROR: "),
    (duckdb.ConversionException, "INVALID_CAST_ARGUMENT: "),
    (duckdb.OutOfRangeException, "NUMERIC_VALUE_OUT_OF_RANGE: "),
)


@dataclass(frozen=True)
class Result:
    """The columns, the rows as Athena's text (None: NULL) and the bytes that were read from S3."""

    columns: Sequence[Column]
    rows: Sequence[Sequence[str | None]]
    scanned_bytes: int


class Engine:
    """One DuckDB for all queries of a role, started with the first; each query has a session of its own.

    Nothing of a table is kept between queries, neither its snapshot nor its files, so that every query
    sees the last commit and the bytes it reads are all counted.
    """

    def __init__(self, endpoint: str, temporary: Path) -> None:
        self._endpoint = endpoint
        self._temporary = temporary
        self._bases: dict[str, Any] = {}
        self._lock = threading.Lock()

    def session(self) -> Any:
        """A session for one query; ``interrupt()`` on it cancels the query."""
        with self._lock:
            key = caller_key.get()
            if key not in self._bases:
                self._bases[key] = self._start(key)
            session = self._bases[key].cursor()
        session.execute("SET timezone = 'UTC'")
        session.execute("PRAGMA enable_profiling = 'no_output'")
        return session

    def columns(self, session: Any, sql: str) -> list[Column]:
        """What a query would give, without running it; raises QueryFailed with the reason."""
        try:
            return _described(session, sql)
        except duckdb.Error as error:
            raise QueryFailed(_reason(error)) from error

    def run(self, session: Any, sql: str) -> Result:
        """The result of a query; raises QueryFailed with the reason."""
        try:
            columns = _described(session, sql)
            cursor = session.execute(_without_zones(sql, columns))
            fetched = cursor.fetchall()
            profile = json.loads(session.get_profiling_information(format="json"))
        except duckdb.InterruptException:
            raise
        except duckdb.Error as error:
            raise QueryFailed(_reason(error)) from error
        rows = [
            [text_of(value, column.type) for value, column in zip(row, columns, strict=True)]
            for row in fetched
        ]
        return Result(columns, rows, int(profile["total_bytes_read"]))

    def _start(self, key: str) -> Any:
        settings: dict[str, Any] = {
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "enable_external_file_cache": "false",
            "ieee_floating_point_ops": "true",
            "threads": "2",
            "temp_directory": str(self._temporary),
        }
        base = duckdb.connect(config=settings)
        # Macros keep the meaning of "/" that was set when they were made.
        base.execute("SET GLOBAL integer_division = true")
        for extension in ("httpfs", "delta"):
            base.execute(f"LOAD '{_extension_file(extension)}'")
        base.execute(
            "CREATE SECRET (TYPE s3, KEY_ID $key, SECRET $secret, REGION $region, ENDPOINT $endpoint, "
            "URL_STYLE 'path', USE_SSL false)",
            {
                "key": key,
                "secret": SECRET_KEY,
                "region": REGION,
                "endpoint": self._endpoint.removeprefix("http://"),
            },
        )
        for macro in MACROS:
            base.execute(macro)
        return base


def _extension_file(name: str) -> Path:
    """Where the wheel duckdb-extension-<name> put its file; DuckDB would look for it on the internet."""
    packages = Path(duckdb.__file__).parents[1]
    version = f"v{duckdb.__version__}"
    return packages / f"duckdb_extension_{name}" / "extensions" / version / f"{name}.duckdb_extension"


def _described(session: Any, sql: str) -> list[Column]:
    relation = session.sql(sql)
    return [Column(name.lower(), kind) for name, kind in zip(relation.columns, relation.types, strict=True)]


def _without_zones(sql: str, columns: Sequence[Column]) -> str:
    """The query with moments as plain timestamps in UTC: DuckDB's Python needs one more package for zones."""
    if not any(_ZONED in str(column.type) for column in columns):
        return sql
    names = [f"c{index}" for index in range(len(columns))]
    selected = ", ".join(
        f"CAST({name} AS {str(column.type).replace(_ZONED, 'TIMESTAMP')})"
        if _ZONED in str(column.type)
        else name
        for name, column in zip(names, columns, strict=True)
    )
    return f"SELECT {selected} FROM ({sql}) AS result ({', '.join(names)})"


def _reason(error: Exception) -> str:
    text = str(error)
    name = next((name for kind, name in _REASONS if isinstance(error, kind)), "GENERIC_INTERNAL_ERROR: ")
    own = text.removeprefix("Invalid Input Error: ")
    return own[:1000] if own.startswith("DIVISION_BY_ZERO") else (name + text)[:1000]
