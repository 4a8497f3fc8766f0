"""The result object in S3 and the pages of GetQueryResults.

Source: docs.aws.amazon.com/athena/latest/APIReference/API_GetQueryResults.html (at most 1,000 rows a page;
the first row of the first page holds the names).
"""

from collections.abc import Iterable, Sequence
from typing import Any

from localcloud.athena.engine import Result
from localcloud.athena.failures import QueryRefused

MAX_ROWS = 1000


def csv_of(result: Result) -> bytes:
    """The object that Athena writes: every value in quotes, NULL as nothing."""
    lines = [[column.name for column in result.columns], *result.rows]
    return "".join(_line(line) for line in lines).encode()


def _line(values: Iterable[str | None]) -> str:
    fields = ("" if value is None else '"' + value.replace('"', '""') + '"' for value in values)
    return ",".join(fields) + "\n"


def page_of(result: Result, token: str | None, limit: int | None) -> dict[str, Any]:
    """The answer of GetQueryResults from ``token`` on; raises QueryRefused for a wrong token or limit."""
    size = MAX_ROWS if limit is None else limit
    if not 1 <= size <= MAX_ROWS:
        raise QueryRefused(f"MaxResults must be between 1 and {MAX_ROWS}, not {size}")
    # What has no columns, as the creation of a view, has no row of names either.
    total = len(result.rows) + 1 if result.columns else 0
    start = _position(token, total)
    stop = min(start + size, total)
    names: list[str | None] = [column.name for column in result.columns]
    rows = [_row(names if index == 0 else result.rows[index - 1]) for index in range(start, stop)]
    metadata = {"ColumnInfo": [column.info() for column in result.columns]}
    answer: dict[str, Any] = {"ResultSet": {"Rows": rows, "ResultSetMetadata": metadata}, "UpdateCount": 0}
    return answer if stop == total else {**answer, "NextToken": str(stop)}


def _position(token: str | None, total: int) -> int:
    if token is None:
        return 0
    if not token.isascii() or not token.isdigit() or not 0 < int(token) < total:
        raise QueryRefused("Invalid NextToken")
    return int(token)


def _row(values: Sequence[str | None]) -> dict[str, Any]:
    return {"Data": [{} if value is None else {"VarCharValue": value} for value in values]}
