"""CloudWatch counts how executions begin and end, as on AWS, and its alarms on these counts go off.

Source: docs.aws.amazon.com/step-functions/latest/dg/procedure-cw-metrics.html
"""

import time
from collections.abc import Callable, Mapping
from typing import Any

from ministack import app
from ministack.services import cloudwatch
from ministack.services import stepfunctions as ministack

_NAMESPACE = "AWS/States"
_METRICS = {
    "RUNNING": "ExecutionsStarted",
    "SUCCEEDED": "ExecutionsSucceeded",
    "FAILED": "ExecutionsFailed",
    "TIMED_OUT": "ExecutionsTimedOut",
    "ABORTED": "ExecutionsAborted",
}

Announce = Callable[[dict[str, Any]], None]


def install() -> None:
    """Count whatever ministack and the engine announce."""
    ministack._emit_execution_status_event = counting(ministack._emit_execution_status_event)


def counting(announce: Announce) -> Announce:
    """Announce the status of an execution, and count it."""

    def count(execution: dict[str, Any]) -> None:
        announce(execution)
        metric = _METRICS.get(execution["status"])
        if metric is not None and app._MAIN_LOOP is not None:
            # Executions run in threads; requests to CloudWatch read the same lists on the event loop.
            app._MAIN_LOOP.call_soon_threadsafe(_store, metric, execution["stateMachineArn"])

    return count


def is_ringing(name: str) -> bool:
    """Whether an alarm is in ALARM; one that does not exist counts as OK.

    ministack looks at an alarm only when its metric gets a value, so one that takes missing data for good is
    over here when its periods hold none.
    """
    alarm = cloudwatch._alarms.get(name) or cloudwatch._composite_alarms.get(name)
    if alarm is None or alarm["StateValue"] != "ALARM":
        return False
    return alarm.get("TreatMissingData") != "notBreaching" or _has_values(alarm)


def _has_values(alarm: Mapping[str, Any]) -> bool:
    since = time.time() - alarm["Period"] * alarm["EvaluationPeriods"]
    watched = (alarm["Namespace"], alarm["MetricName"])
    return any(
        point["Timestamp"] >= since
        for (namespace, metric, _), points in list(cloudwatch._metrics.items())
        if (namespace, metric) == watched
        for point in list(points)
    )


def _store(metric: str, machine: str) -> None:
    dimensions = {"StateMachineArn": machine}
    cloudwatch._store_datum(_NAMESPACE, metric, dimensions, time.time(), "Count", 1, None, None, None)
    for alarm in cloudwatch._alarms.values():
        if (alarm.get("Namespace"), alarm.get("MetricName")) == (_NAMESPACE, metric):
            cloudwatch._evaluate_alarm(alarm)
