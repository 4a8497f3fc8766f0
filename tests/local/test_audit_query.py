"""What the query of the audit trail makes of records as CloudTrail writes them."""

import re
from typing import Any

import duckdb
import pytest
import sqlglot
from sqlglot.optimizer.scope import build_scope

from audit_events import EVENTS, FILE, FOUND, Event, event, session
from instances import PROJECT

SQL = (PROJECT / "queries" / "audit" / "list_data_access.sql").read_text()


@pytest.fixture
def events() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    connection.execute(
        "CREATE TABLE audit_events (day VARCHAR, eventtime VARCHAR, eventname VARCHAR, "
        "useridentity STRUCT(arn VARCHAR, invokedby VARCHAR), errorcode VARCHAR, "
        "resources STRUCT(arn VARCHAR)[])"
    )
    return connection


def row(delivered: Event) -> list[Any]:
    record = delivered.record
    identity = {"arn": None, "invokedby": None} | {k.lower(): v for k, v in record["userIdentity"].items()}
    resources = [{"arn": resource["ARN"]} for resource in record["resources"]]
    moment, action, error = record["eventTime"], record["eventName"], record.get("errorCode")
    return [delivered.day, moment, action, identity, error, resources]


def answer(connection: duckdb.DuckDBPyConnection, *events: Event) -> list[list[Any]]:
    connection.executemany("INSERT INTO audit_events VALUES (?, ?, ?, ?, ?, ?)", [row(e) for e in events])
    (translated,) = sqlglot.transpile(SQL, read="athena", write="duckdb")
    return [list(found) for found in connection.execute(translated).fetchall()]


def test_requests_are_counted_by_role_action_and_folder_and_refused_ones_apart(
    events: duckdb.DuckDBPyConnection,
) -> None:
    found = answer(events, *EVENTS)
    assert [row[:5] for row in found] == FOUND
    assert found[0][5] < found[0][6]


def test_only_the_last_seven_days_are_read(events: duckdb.DuckDBPyConnection) -> None:
    asked = (event(session("ann"), "GetObject", FILE, days=days) for days in (0, 6, 8, 30))
    assert [row[3] for row in answer(events, *asked)] == [2]


def test_the_query_names_columns_of_the_table_that_the_stack_declares() -> None:
    resource = (PROJECT / "resources" / "auditTable.yml").read_text()
    declared = set(re.findall(r"- (?:\{ )?Name: (\w+)", resource))
    scope = build_scope(sqlglot.parse_one(SQL, read="athena"))
    assert scope is not None
    used = {column.parts[1].name for column in scope.columns if column.parts[0].name == "a"}
    assert used
    assert used <= declared
