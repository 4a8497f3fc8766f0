"""What CloudWatch gets of queries: docs.aws.amazon.com/athena/latest/ug/query-metrics-viewing.html"""

import uuid
from pathlib import Path
from typing import Any

from delta_tables import DeltaTable
from instances import Instance, wait_for
from test_athena_queries import ROWS, make_workgroup, run


def _metrics(cloud: Instance, workgroup: str) -> dict[tuple[str, str], dict[str, str]]:
    """Dimensions by name of the metric and state of the query."""
    listed = cloud.client("cloudwatch").list_metrics(Namespace="AWS/Athena")["Metrics"]
    found: dict[tuple[str, str], dict[str, str]] = {}
    for metric in listed:
        dimensions: dict[str, Any] = {one["Name"]: one["Value"] for one in metric["Dimensions"]}
        if dimensions["WorkGroup"] == workgroup:
            found[metric["MetricName"], dimensions.pop("QueryState")] = dimensions
    return found


def test_a_work_group_that_publishes_metrics_has_bytes_and_time_of_each_end(
    cloud: Instance, tmp_path: Path
) -> None:
    bucket = f"results-{uuid.uuid4()}"
    cloud.client("s3").create_bucket(Bucket=bucket)
    results = f"s3://{bucket}/query-results/"
    table = DeltaTable(cloud, tmp_path)
    table.append(ROWS)
    telling = make_workgroup(cloud, results, PublishCloudWatchMetricsEnabled=True)
    silent = make_workgroup(cloud, results, PublishCloudWatchMetricsEnabled=False)

    run(cloud, silent, table, "SELECT * FROM orders")
    run(cloud, telling, table, "SELECT * FROM orders")
    run(cloud, telling, table, "SELECT * FROM nowhere")

    wait_for(lambda: len(_metrics(cloud, telling)) == 4, "the metrics of two ends")
    kind = {"QueryType": "DML", "WorkGroup": telling}
    assert _metrics(cloud, telling) == {
        (name, state): kind
        for name in ("ProcessedBytes", "TotalExecutionTime")
        for state in ("SUCCEEDED", "FAILED")
    }
    assert _metrics(cloud, silent) == {}
