"""Questions to the Athena of a running local cloud."""

import uuid
from typing import Any

from answers import Answer
from instances import Instance, wait_for


class LocalAthena:
    """A workgroup of its own, with a bucket for its results."""

    def __init__(self, cloud: Instance) -> None:
        self._athena = cloud.client("athena")
        bucket, self._workgroup = f"results-{uuid.uuid4()}", f"w-{uuid.uuid4()}"
        cloud.client("s3").create_bucket(Bucket=bucket)
        results = {"ResultConfiguration": {"OutputLocation": f"s3://{bucket}/"}}
        self._athena.create_work_group(Name=self._workgroup, Configuration=results)

    def run(self, sql: str, database: str) -> Answer:
        """The answer to one statement, which has to succeed."""
        query = self._athena.start_query_execution(
            QueryString=sql, WorkGroup=self._workgroup, QueryExecutionContext={"Database": database}
        )["QueryExecutionId"]

        def status() -> dict[str, Any] | None:
            execution = self._athena.get_query_execution(QueryExecutionId=query)["QueryExecution"]
            found: dict[str, Any] = execution["Status"]
            return found if found["State"] not in ("QUEUED", "RUNNING") else None

        ended = wait_for(status, "the query to end")
        assert ended["State"] == "SUCCEEDED", ended
        results = self._athena.get_query_results(QueryExecutionId=query)["ResultSet"]
        columns = results["ResultSetMetadata"]["ColumnInfo"]
        return Answer(
            [column["Name"] for column in columns],
            [column["Type"] for column in columns],
            [[cell.get("VarCharValue") for cell in row["Data"]] for row in results["Rows"][1:]],
        )
