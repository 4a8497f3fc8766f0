"""Views in a real instance: docs.aws.amazon.com/athena/latest/ug/create-view.html."""

import uuid
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from delta_tables import DeltaTable
from instances import Instance, wait_for

ROWS = "SELECT i AS id, CAST(i AS DECIMAL(12, 2)) AS amount FROM range(4) AS t (i)"


@pytest.fixture
def table(cloud: Instance, tmp_path: Path) -> DeltaTable:
    """The table orders with four rows, in a database of the test's own."""
    table = DeltaTable(cloud, tmp_path)
    table.append(ROWS)
    return table


@pytest.fixture(scope="module")
def workgroup(cloud: Instance) -> str:
    bucket, name = f"results-{uuid.uuid4()}", f"w-{uuid.uuid4()}"
    cloud.client("s3").create_bucket(Bucket=bucket)
    results = {"ResultConfiguration": {"OutputLocation": f"s3://{bucket}/"}}
    cloud.client("athena").create_work_group(Name=name, Configuration=results)
    return name


class Asking:
    """Statements against the database of a table."""

    def __init__(self, cloud: Instance, workgroup: str, database: str) -> None:
        self._athena, self._workgroup, self._database = cloud.client("athena"), workgroup, database

    def run(self, sql: str) -> dict[str, Any]:
        """The description of the statement once it has ended."""
        query = self._athena.start_query_execution(
            QueryString=sql, WorkGroup=self._workgroup, QueryExecutionContext={"Database": self._database}
        )["QueryExecutionId"]

        def ended() -> dict[str, Any] | None:
            found: dict[str, Any] = self._athena.get_query_execution(QueryExecutionId=query)["QueryExecution"]
            return found if found["Status"]["State"] not in ("QUEUED", "RUNNING") else None

        description: dict[str, Any] = wait_for(ended, f"the end of {sql}")
        return description

    def create(self, sql: str) -> dict[str, Any]:
        description = self.run(sql)
        assert description["Status"]["State"] == "SUCCEEDED", description["Status"]
        return description

    def reason(self, sql: str) -> str:
        status = self.run(sql)["Status"]
        assert status["State"] == "FAILED"
        return str(status["StateChangeReason"])

    def rows(self, sql: str) -> list[list[str | None]]:
        description = self.create(sql)
        rows = self._athena.get_query_results(QueryExecutionId=description["QueryExecutionId"])["ResultSet"][
            "Rows"
        ]
        return [[cell.get("VarCharValue") for cell in row["Data"]] for row in rows[1:]]


@pytest.fixture
def ask(cloud: Instance, workgroup: str, table: DeltaTable) -> Asking:
    return Asking(cloud, workgroup, table.database)


def test_a_view_is_read_as_its_select_is_with_the_rows_of_the_moment(ask: Asking, table: DeltaTable) -> None:
    ask.create("CREATE VIEW large AS SELECT id, avg(amount) AS amount FROM orders WHERE id > 1 GROUP BY id")
    read = "SELECT l.id, l.amount FROM large l JOIN orders o ON o.id = l.id ORDER BY 1"
    assert ask.rows(read) == [["2", "2.00"], ["3", "3.00"]]
    table.append("SELECT i AS id, CAST(i AS DECIMAL(12, 2)) AS amount FROM range(9, 10) AS t (i)")
    assert ask.rows(read) == [["2", "2.00"], ["3", "3.00"], ["9", "9.00"]]


def test_the_catalog_holds_a_view_as_athena_writes_it(
    ask: Asking, cloud: Instance, table: DeltaTable
) -> None:
    description = ask.create("CREATE VIEW small AS SELECT id, amount, 'x' AS mark FROM orders")
    assert (description["StatementType"], description["SubstatementType"]) == ("DDL", "CREATE_VIEW")
    found = cloud.client("glue").get_table(DatabaseName=table.database, Name="small")["Table"]
    assert (found["TableType"], found["Parameters"]["presto_view"]) == ("VIRTUAL_VIEW", "true")
    assert not {"Description", "Owner"} & found.keys()
    assert [(column["Name"], column["Type"]) for column in found["StorageDescriptor"]["Columns"]] == [
        ("id", "bigint"),
        ("amount", "decimal(12,2)"),
        ("mark", "varchar"),
    ]


def test_only_or_replace_takes_the_place_of_a_view_and_nothing_that_of_a_table(ask: Asking) -> None:
    ask.create("CREATE VIEW v AS SELECT 1 AS n")
    assert ask.reason("CREATE VIEW v AS SELECT 2 AS n").startswith("ALREADY_EXISTS: View")
    ask.create("CREATE OR REPLACE VIEW v AS SELECT 3 AS n")
    assert ask.rows("SELECT n FROM v") == [["3"]]
    assert ask.reason("CREATE OR REPLACE VIEW orders AS SELECT 1 AS n").startswith("ALREADY_EXISTS: Table")


def test_a_view_of_a_view_is_read_also_from_another_database(
    ask: Asking, cloud: Instance, workgroup: str, table: DeltaTable
) -> None:
    ask.create("CREATE VIEW ids AS WITH orders_of_it AS (SELECT id FROM orders) SELECT * FROM orders_of_it")
    ask.create("CREATE VIEW last AS SELECT max(id) AS id FROM ids")
    elsewhere = Asking(cloud, workgroup, "default")
    assert elsewhere.rows(f'SELECT id FROM "{table.database}".last') == [["3"]]


def test_a_view_that_reads_itself_or_nothing_known_fails(ask: Asking) -> None:
    assert ask.reason("CREATE VIEW bad AS SELECT nope FROM orders").startswith("SYNTAX_ERROR")
    assert ask.reason("CREATE VIEW bad AS SELECT id FROM nowhere").startswith("TABLE_NOT_FOUND")
    ask.create("CREATE VIEW first AS SELECT id FROM orders")
    ask.create("CREATE VIEW second AS SELECT id FROM first")
    ask.create("CREATE OR REPLACE VIEW first AS SELECT id FROM second")
    assert ask.reason("SELECT * FROM first").startswith("VIEW_IS_RECURSIVE")


def test_what_creates_anything_else_is_refused(ask: Asking) -> None:
    for sql in ("CREATE TABLE t AS SELECT 1 AS n", "DROP VIEW v"):
        with pytest.raises(ClientError, match="SELECT and CREATE VIEW"):
            ask.run(sql)
