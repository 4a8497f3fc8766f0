import datetime
import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from instances import Instance, wait_for
from localcloud.embedded_metrics import Datum, metrics_of_line
from test_lambda_runtime import deploy, invoke

DOCUMENT = {
    "_aws": {
        "Timestamp": 1_700_000_000_500,
        "CloudWatchMetrics": [
            {
                "Namespace": "Shop",
                "Dimensions": [["stage"], ["dataset", "stage"]],
                "Metrics": [{"Name": "Rows", "Unit": "Count"}, {"Name": "Waited"}],
            }
        ],
    },
    "stage": "local",
    "dataset": "orders",
    "Rows": [3, 4],
    "Waited": 1.5,
}


def test_a_line_gives_each_metric_by_each_set_of_dimensions() -> None:
    found = metrics_of_line(json.dumps(DOCUMENT))

    by_stage, by_both = {"stage": "local"}, {"dataset": "orders", "stage": "local"}
    assert found == [
        Datum("Shop", name, unit, dimensions, values, 1_700_000_000.5)
        for dimensions in (by_stage, by_both)
        for name, unit, values in (("Rows", "Count", [3.0, 4.0]), ("Waited", "None", [1.5]))
    ]


def test_a_line_with_something_before_the_document_gives_none() -> None:
    assert metrics_of_line(f"INFO {json.dumps(DOCUMENT)}") == []


@given(st.text() | st.recursive(st.none() | st.integers() | st.text(), st.lists).map(json.dumps))
def test_no_other_line_breaks_an_invocation(line: str) -> None:
    assert metrics_of_line(line) == []


@given(
    st.sampled_from(["_aws", "stage", "Rows"]), st.none() | st.integers() | st.lists(st.none(), min_size=1)
)
def test_no_spoilt_document_breaks_an_invocation(name: str, value: Any) -> None:
    metrics_of_line(json.dumps({**DOCUMENT, name: value}))


def test_what_a_function_logs_is_in_cloudwatch_by_its_dimensions(cloud: Instance) -> None:
    began = datetime.datetime.now(datetime.timezone.utc)
    document = {**DOCUMENT, "_aws": {**DOCUMENT["_aws"], "Timestamp": int(began.timestamp() * 1000)}}  # type: ignore[dict-item]
    deploy(
        cloud,
        "measures",
        f"exports.handler = async () => {{ console.log({json.dumps(json.dumps(document))}); }}",
    )
    cloudwatch = cloud.client("cloudwatch")

    def sums(*dimensions: str) -> list[float]:
        metric = {
            "Namespace": "Shop",
            "MetricName": "Rows",
            "Dimensions": [{"Name": name, "Value": str(document[name])} for name in dimensions],
        }
        query = {"Id": "q", "MetricStat": {"Metric": metric, "Period": 60, "Stat": "Sum"}}
        answer = cloudwatch.get_metric_data(
            MetricDataQueries=[query],
            StartTime=began - datetime.timedelta(minutes=1),
            EndTime=began + datetime.timedelta(minutes=2),
        )
        values: list[float] = answer["MetricDataResults"][0]["Values"]
        return values

    assert sums("stage") == []
    assert invoke(cloud, "measures")[0] is None

    wait_for(lambda: sums("stage"), "the metric")
    assert (sums("stage"), sums("dataset", "stage")) == ([7.0], [7.0])
