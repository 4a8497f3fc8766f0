"""CloudWatch gets the metrics that functions write to their logs, as on AWS, when an invocation is over.

A line is taken when the whole of it is a document in the Embedded Metric Format
(docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/, its page on the specification of the format).
No alarm is evaluated on them.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ministack import app
from ministack.services import cloudwatch, lambda_svc

from localcloud.toolchain import Toolchain


@dataclass(frozen=True)
class Datum:
    """Values of one metric at a moment, in seconds since the epoch."""

    namespace: str
    name: str
    unit: str
    dimensions: dict[str, str]
    values: list[float]
    at: float


def metrics_of_line(line: str) -> list[Datum]:
    """What CloudWatch makes of one line of a log; nothing of one that is no document of the format."""
    try:
        document = json.loads(line)
        told = document["_aws"]
        return [
            Datum(
                directive["Namespace"],
                metric["Name"],
                metric.get("Unit", "None"),
                {name: str(document[name]) for name in names},
                _values(document[metric["Name"]]),
                told["Timestamp"] / 1000,
            )
            for directive in told["CloudWatchMetrics"]
            for names in directive["Dimensions"]
            for metric in directive["Metrics"]
        ]
    except (ValueError, KeyError, TypeError):
        # CloudWatch keeps such a line as a line, and tells nobody.
        return []


def _values(value: Any) -> list[float]:
    return [float(one) for one in (value if isinstance(value, list) else [value])]


def _store(data: list[Datum]) -> None:
    for datum in data:
        cloudwatch._store_datum(
            datum.namespace,
            datum.name,
            datum.dimensions,
            datum.at,
            datum.unit,
            None,
            datum.values,
            None,
            None,
        )


def install(endpoint: str, home: Path, toolchain: Toolchain) -> None:
    """Read every log of an invocation before ministack writes it."""
    emit = lambda_svc._emit_lambda_logs

    def emit_logs(func: dict[str, Any], request_id: str, log_text: str, *args: Any, **kwargs: Any) -> None:
        data = [datum for line in log_text.splitlines() for datum in metrics_of_line(line)]
        if data and app._MAIN_LOOP is not None:
            # Invocations run in threads; requests to CloudWatch read the same lists on the event loop.
            app._MAIN_LOOP.call_soon_threadsafe(_store, data)
        emit(func, request_id, log_text, *args, **kwargs)

    lambda_svc._emit_lambda_logs = emit_logs
