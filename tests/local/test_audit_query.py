"""What the query of the audit trail makes of records as CloudTrail writes them:
docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html"""

import re
from datetime import datetime, timedelta, timezone
from typing import Any

import duckdb
import pytest
import sqlglot
from sqlglot.optimizer.scope import build_scope

from instances import PROJECT

SQL = (PROJECT / "queries" / "audit" / "list_data_access.sql").read_text()
TODAY = datetime.now(timezone.utc)
SESSION = "arn:aws:sts::1:assumed-role/reader/{}"
WAREHOUSE = "arn:aws:s3:::dwh"


def event(who: str | None, action: str, *arns: str, error: str | None = None, days: int = 0) -> list[Any]:
    day = (TODAY - timedelta(days=days)).strftime("%Y/%m/%d")
    identity = {"arn": who, "invokedby": None if who else "athena.amazonaws.com"}
    return [day, f"{day}T10:00:00Z", action, identity, error, [{"arn": arn} for arn in arns]]


@pytest.fixture
def events() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    connection.execute(
        "CREATE TABLE audit_events (day VARCHAR, eventtime VARCHAR, eventname VARCHAR, "
        "useridentity STRUCT(arn VARCHAR, invokedby VARCHAR), errorcode VARCHAR, "
        "resources STRUCT(arn VARCHAR)[])"
    )
    return connection


def answer(connection: duckdb.DuckDBPyConnection, *rows: list[Any]) -> list[tuple[Any, ...]]:
    connection.executemany("INSERT INTO audit_events VALUES (?, ?, ?, ?, ?, ?)", list(rows))
    (translated,) = sqlglot.transpile(SQL, read="athena", write="duckdb")
    return connection.execute(translated).fetchall()


def test_requests_are_counted_by_role_action_and_folder_and_refused_ones_apart(
    events: duckdb.DuckDBPyConnection,
) -> None:
    file = f"{WAREHOUSE}/orders/part-1.parquet"
    found = answer(
        events,
        event(SESSION.format("ann"), "GetObject", file, WAREHOUSE),
        event(SESSION.format("bob"), "GetObject", file, WAREHOUSE, error="AccessDenied", days=1),
        event("arn:aws:iam::1:user/eve", "DeleteObject", f"{WAREHOUSE}/products/part-2.parquet", WAREHOUSE),
        event(None, "PutObject", "arn:aws:s3:::artefacts/query-results/1.csv"),
    )
    assert [row[:5] for row in found] == [
        ("arn:aws:sts::1:assumed-role/reader", "GetObject", "dwh/orders", 2, 1),
        ("arn:aws:iam::1:user/eve", "DeleteObject", "dwh/products", 1, 0),
        ("athena.amazonaws.com", "PutObject", "artefacts/query-results", 1, 0),
    ]
    assert found[0][5] < found[0][6]


def test_only_the_last_seven_days_are_read(events: duckdb.DuckDBPyConnection) -> None:
    file = f"{WAREHOUSE}/orders/part-1.parquet"
    found = answer(
        events, *(event(SESSION.format("ann"), "GetObject", file, days=days) for days in (0, 6, 8, 30))
    )
    assert [row[3] for row in found] == [2]


def test_the_query_names_columns_of_the_table_that_the_stack_declares() -> None:
    resource = (PROJECT / "resources" / "auditTable.yml").read_text()
    declared = set(re.findall(r"- (?:\{ )?Name: (\w+)", resource))
    scope = build_scope(sqlglot.parse_one(SQL, read="athena"))
    assert scope is not None
    used = {column.parts[1].name for column in scope.columns if column.parts[0].name == "a"}
    assert used
    assert used <= declared
