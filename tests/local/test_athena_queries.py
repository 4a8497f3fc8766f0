"""Queries on real Delta tables in a real instance: docs.aws.amazon.com/athena/latest/APIReference
(StartQueryExecution, GetQueryExecution, GetQueryResults, StopQueryExecution) and athena/latest/ug."""

import json
import uuid
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from delta_tables import DeltaTable
from instances import Instance, wait_for
from machines import chain, run_in, task

ROWS = """
SELECT i AS id, CAST(i AS DECIMAL(12, 2)) AS amount, i % 2 = 0 AS even, DATE '2025-04-01' AS date,
  TIMESTAMPTZ '2025-04-01 10:20:30.4+00' AS "at", [{'rule': 'r' || i, 'n': CAST(i AS INTEGER)}] AS reasons
FROM range(5) AS t (i)
"""


@pytest.fixture(scope="module")
def table(cloud: Instance, tmp_path_factory: pytest.TempPathFactory) -> DeltaTable:
    """The table orders with five rows, for tests that only read; beside it two that cannot be read."""
    table = DeltaTable(cloud, tmp_path_factory.mktemp("parquet"))
    table.append(ROWS)
    table.register("never_written", f"s3://{table.bucket}/never/", {"table_type": "DELTA"})
    table.register("text_files", table.location, {}, InputFormat="org.apache.hadoop.mapred.TextInputFormat")
    return table


@pytest.fixture
def own_table(cloud: Instance, tmp_path: Path) -> DeltaTable:
    """The same rows in a table of the test's own, to be changed."""
    table = DeltaTable(cloud, tmp_path)
    table.append(ROWS)
    return table


@pytest.fixture(scope="module")
def results(cloud: Instance) -> str:
    """A place for results."""
    bucket = f"results-{uuid.uuid4()}"
    cloud.client("s3").create_bucket(Bucket=bucket)
    return f"s3://{bucket}/query-results/"


@pytest.fixture(scope="module")
def workgroup(cloud: Instance, results: str) -> str:
    """A work group whose settings are enforced."""
    return make_workgroup(cloud, results)


def make_workgroup(cloud: Instance, results: str, **settings: Any) -> str:
    name = f"w-{uuid.uuid4()}"
    configuration = {
        "EnforceWorkGroupConfiguration": True,
        "ResultConfiguration": {"OutputLocation": results},
        **settings,
    }
    cloud.client("athena").create_work_group(Name=name, Configuration=configuration)
    return name


def run(cloud: Instance, workgroup: str, table: DeltaTable, sql: str, **request: Any) -> dict[str, Any]:
    """The description of a query once it has ended."""
    athena = cloud.client("athena")
    query = athena.start_query_execution(
        QueryString=sql, WorkGroup=workgroup, QueryExecutionContext={"Database": table.database}, **request
    )["QueryExecutionId"]

    def ended() -> dict[str, Any] | None:
        description: dict[str, Any] = athena.get_query_execution(QueryExecutionId=query)["QueryExecution"]
        return description if description["Status"]["State"] not in ("QUEUED", "RUNNING") else None

    description: dict[str, Any] = wait_for(ended, f"the end of {sql}")
    return description


def page(cloud: Instance, description: dict[str, Any], **request: Any) -> dict[str, Any]:
    assert description["Status"]["State"] == "SUCCEEDED", description["Status"]
    answer: dict[str, Any] = cloud.client("athena").get_query_results(
        QueryExecutionId=description["QueryExecutionId"], **request
    )
    return answer


def rows_of(answer: dict[str, Any]) -> list[list[str | None]]:
    return [[value.get("VarCharValue") for value in row["Data"]] for row in answer["ResultSet"]["Rows"]]


def reason_of(description: dict[str, Any]) -> str:
    assert description["Status"]["State"] == "FAILED"
    return str(description["Status"]["StateChangeReason"])


def test_values_and_types_are_those_of_athena(cloud: Instance, workgroup: str, table: DeltaTable) -> None:
    description = run(cloud, workgroup, table, "SELECT * FROM orders WHERE id = 2")
    answer = page(cloud, description)
    assert rows_of(answer) == [
        ["id", "amount", "even", "date", "at", "reasons"],
        ["2", "2.00", "true", "2025-04-01", "2025-04-01 10:20:30.400 UTC", "[{rule=r2, n=2}]"],
    ]
    columns = answer["ResultSet"]["ResultSetMetadata"]["ColumnInfo"]
    assert [(column["Type"], column["Precision"], column["Scale"]) for column in columns] == [
        ("bigint", 19, 0),
        ("decimal", 12, 2),
        ("boolean", 0, 0),
        ("date", 0, 0),
        ("timestamp with time zone", 3, 0),
        ("array", 0, 0),
    ]


def test_rejects_come_out_as_json(cloud: Instance, workgroup: str, table: DeltaTable) -> None:
    sql = "SELECT json_format(CAST(reasons AS JSON)) AS reasons FROM orders WHERE id = 1"
    assert rows_of(page(cloud, run(cloud, workgroup, table, sql)))[1] == ['[{"rule":"r1","n":1}]']


def test_the_result_object_is_where_the_work_group_says(
    cloud: Instance, workgroup: str, results: str, table: DeltaTable
) -> None:
    """workgroups-settings-override.html: an enforced work group wins over the client."""
    other = {"OutputLocation": "s3://elsewhere/"}
    sql = "SELECT 'say \"hi\"' AS a, NULL AS b, '' AS c, id FROM orders WHERE id = 1"
    description = run(cloud, workgroup, table, sql, ResultConfiguration=other)
    location = description["ResultConfiguration"]["OutputLocation"]
    assert location == f"{results}{description['QueryExecutionId']}.csv"
    bucket, _, key = location.removeprefix("s3://").partition("/")
    body = cloud.client("s3").get_object(Bucket=bucket, Key=key)["Body"].read().decode()
    assert body == '"a","b","c","id"\n"say ""hi""",,"","1"\n'


def test_results_come_in_pages_and_the_names_on_the_first_only(
    cloud: Instance, workgroup: str, own_table: DeltaTable
) -> None:
    """API_GetQueryResults.html: at most 1,000 rows, among them the one with the names."""
    own_table.append("SELECT 5 + i AS id FROM range(2495) AS t (i)")
    description = run(cloud, workgroup, own_table, "SELECT id FROM orders ORDER BY id")
    pages = []
    token: dict[str, str] = {}
    while True:
        answer = page(cloud, description, **token)
        pages.append(rows_of(answer))
        if "NextToken" not in answer:
            break
        token = {"NextToken": answer["NextToken"]}
    assert [len(rows) for rows in pages] == [1000, 1000, 501]
    assert [row for rows in pages for row in rows] == [["id"], *([str(i)] for i in range(2500))]
    assert len(rows_of(page(cloud, description, MaxResults=2))) == 2
    with pytest.raises(ClientError, match="InvalidRequestException"):
        page(cloud, description, MaxResults=1001)


def test_every_query_sees_the_last_commit(cloud: Instance, workgroup: str, own_table: DeltaTable) -> None:
    counts = []
    for size, remove in ((3, False), (4, False), (2, True)):
        counts.append(rows_of(page(cloud, run(cloud, workgroup, own_table, "SELECT count(*) FROM orders"))))
        own_table.append(ROWS.replace("range(5)", f"range({size})"), remove=remove)
    counts.append(rows_of(page(cloud, run(cloud, workgroup, own_table, "SELECT count(*) FROM orders"))))
    assert [rows[1] for rows in counts] == [["5"], ["8"], ["12"], ["10"]]


def test_many_queries_at_once_do_not_disturb_each_other(
    cloud: Instance, workgroup: str, table: DeltaTable
) -> None:
    def count_to(number: int) -> list[str | None]:
        sql = f"SELECT count(*), {number} FROM orders WHERE id < {number}"
        return rows_of(page(cloud, run(cloud, workgroup, table, sql)))[1]

    with ThreadPoolExecutor(12) as pool:
        counts = list(pool.map(count_to, [0, 1, 2, 3, 4, 5] * 2))
    assert counts == [[str(number), str(number)] for number in [0, 1, 2, 3, 4, 5] * 2]


def test_the_bytes_that_a_query_reads_are_measured(
    cloud: Instance, workgroup: str, own_table: DeltaTable
) -> None:
    size = own_table.append("SELECT i AS id, md5(CAST(i AS VARCHAR)) AS text FROM range(50000) AS t (i)")

    def scanned(sql: str) -> int:
        return int(run(cloud, workgroup, own_table, sql)["Statistics"]["DataScannedInBytes"])

    whole = scanned("SELECT id, amount FROM orders")
    assert scanned("SELECT 1") == 0
    assert 0 < whole < size + 10_000
    assert scanned("SELECT id, amount FROM orders") == whole


def test_a_query_over_the_scan_limit_is_cancelled(
    cloud: Instance, results: str, own_table: DeltaTable
) -> None:
    """workgroups-setting-control-limits-cloudwatch.html: a query that exceeds the limit is canceled."""
    strict = make_workgroup(cloud, results, BytesScannedCutoffPerQuery=10_000_000)
    assert run(cloud, strict, own_table, "SELECT id FROM orders")["Status"]["State"] == "SUCCEEDED"
    own_table.append(
        "SELECT CAST(hash(i) % 1000000007 * 1000000007 AS BIGINT) AS id FROM range(2000000) AS t (i)"
    )
    status = run(cloud, strict, own_table, "SELECT max(id) FROM orders")["Status"]
    assert status["State"] == "CANCELLED"
    assert "Bytes scanned limit was exceeded" in status["StateChangeReason"]


def test_a_query_can_be_stopped(cloud: Instance, workgroup: str, own_table: DeltaTable) -> None:
    athena = cloud.client("athena")
    own_table.append("SELECT i AS id FROM range(200000) AS t (i)")
    sql = "SELECT count(*) FROM orders a JOIN orders b ON a.id + b.id > 7"
    query = athena.start_query_execution(
        QueryString=sql, WorkGroup=workgroup, QueryExecutionContext={"Database": own_table.database}
    )["QueryExecutionId"]

    def state() -> str:
        return str(athena.get_query_execution(QueryExecutionId=query)["QueryExecution"]["Status"]["State"])

    wait_for(lambda: state() == "RUNNING", "the query to run")
    athena.stop_query_execution(QueryExecutionId=query)
    assert state() == "CANCELLED"
    assert rows_of(page(cloud, run(cloud, workgroup, own_table, "SELECT 1")))[1] == ["1"]
    assert state() == "CANCELLED"


@pytest.mark.parametrize(
    ("sql", "reason"),
    [
        ("SELECT nvl(id, 1) FROM orders", "FUNCTION_NOT_FOUND: line 1:10: Function 'nvl'"),
        ("SELECT id FROM absent", "TABLE_NOT_FOUND"),
        ("SELECT absent FROM orders", "SYNTAX_ERROR"),
        ("SELECT id / 0 FROM orders", "DIVISION_BY_ZERO"),
        ("SELECT CAST('x' AS integer)", "INVALID_CAST_ARGUMENT"),
        ("SELECT id FROM never_written", "DELTA_LAKE_INVALID_SCHEMA"),
        ("SELECT id FROM text_files", "NOT_SUPPORTED"),
    ],
)
def test_a_query_that_cannot_run_fails_with_the_reason(
    cloud: Instance, workgroup: str, table: DeltaTable, sql: str, reason: str
) -> None:
    assert reason_of(run(cloud, workgroup, table, sql)).startswith(reason)


def test_a_name_of_a_common_table_expression_hides_a_table(
    cloud: Instance, workgroup: str, table: DeltaTable
) -> None:
    sql = f"WITH orders AS (SELECT id FROM {table.database}.orders WHERE id > 2) SELECT count(*) FROM orders"
    assert rows_of(page(cloud, run(cloud, workgroup, table, sql)))[1] == ["2"]


@pytest.mark.parametrize("sql", ["SELEC 1", "DELETE FROM orders", "SELECT 1; SELECT 2"])
def test_what_is_no_select_is_refused_at_once(cloud: Instance, workgroup: str, sql: str) -> None:
    with pytest.raises(ClientError, match="InvalidRequestException"):
        cloud.client("athena").start_query_execution(QueryString=sql, WorkGroup=workgroup)


def test_the_same_client_token_starts_one_query(cloud: Instance, workgroup: str) -> None:
    athena = cloud.client("athena")
    request = {"QueryString": "SELECT 1", "WorkGroup": workgroup, "ClientRequestToken": str(uuid.uuid4())}
    first, second = (athena.start_query_execution(**request)["QueryExecutionId"] for _ in range(2))
    assert first == second
    assert first in athena.list_query_executions(WorkGroup=workgroup)["QueryExecutionIds"]
    with pytest.raises(ClientError, match="InvalidRequestException"):
        athena.start_query_execution(**{**request, "QueryString": "SELECT 2"})


def test_a_state_machine_runs_a_query_and_reads_its_rows(
    cloud: Instance, workgroup: str, table: DeltaTable
) -> None:
    """docs.aws.amazon.com/step-functions/latest/dg/connect-athena.html"""
    arguments = {
        "QueryString": "SELECT count(*) AS orders FROM orders",
        "WorkGroup": workgroup,
        "QueryExecutionContext": {"Database": table.database},
    }
    query = task(
        Resource="arn:aws:states:::athena:startQueryExecution.sync",
        Arguments=arguments,
        Output="{% $states.result.QueryExecution %}",
    )
    read = task(
        Resource="arn:aws:states:::athena:getQueryResults",
        Arguments={"QueryExecutionId": "{% $states.input.QueryExecutionId %}"},
        Output="{% $states.result.ResultSet.Rows[1].Data[0].VarCharValue %}",
    )
    assert run_in(cloud, chain(query, read))["output"] == "5"
    failing = {**query, "Arguments": {**arguments, "QueryString": "SELECT id / 0 FROM orders"}}
    description = run_in(cloud, chain(failing))
    assert description["error"] == "States.TaskFailed"
    cause = json.loads(description["cause"])["QueryExecution"]["Status"]
    assert (cause["State"], cause["StateChangeReason"][:16]) == ("FAILED", "DIVISION_BY_ZERO")
