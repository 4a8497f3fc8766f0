"""One query execution: what was asked, how far it is, and what the API shows of it."""

import threading
import time
import uuid
from dataclasses import dataclass, field
from typing import Any

from localcloud.athena.engine import Result

ENDED = ("SUCCEEDED", "FAILED", "CANCELLED")


@dataclass
class Query:
    """Moments are seconds since 1970. ``session`` is there while DuckDB runs the query."""

    sql: str
    workgroup: str
    database: str
    output_location: str
    scan_limit: int | None
    request: dict[str, Any]
    creates_view: bool = False
    publishes_metrics: bool = False
    id: str = field(default_factory=lambda: str(uuid.uuid4()))
    submitted: float = field(default_factory=time.time)
    state: str = "QUEUED"
    reason: str | None = None
    started: float | None = None
    completed: float | None = None
    scanned_bytes: int = 0
    result: Result | None = None
    session: Any = None
    lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    @property
    def object_key(self) -> tuple[str, str]:
        """Bucket and key of the result object."""
        bucket, _, key = self.result_location.removeprefix("s3://").partition("/")
        return bucket, key

    @property
    def result_location(self) -> str:
        """Where the result object goes."""
        return f"{self.output_location.rstrip('/')}/{self.id}.csv"

    def begin(self, session: Any) -> bool:
        """QUEUED to RUNNING; False when it was cancelled before."""
        with self.lock:
            if self.state != "QUEUED":
                return False
            self.state, self.started, self.session = "RUNNING", time.time(), session
            return True

    def end(self, state: str, reason: str | None = None, result: Result | None = None) -> bool:
        """Close the query, unless it is closed already; the state of an end is final."""
        with self.lock:
            if self.state in ENDED:
                return False
            self.state, self.reason, self.result = state, reason, result
            self.completed, self.session = time.time(), None
            return True

    def cancel(self) -> None:
        """Close as CANCELLED and stop DuckDB; does nothing when already closed."""
        session = self.session
        if self.end("CANCELLED", "Query cancelled by user") and session is not None:
            session.interrupt()

    def describe(self) -> dict[str, Any]:
        """The QueryExecution of the API."""
        status: dict[str, Any] = {"State": self.state, "SubmissionDateTime": self.submitted}
        if self.completed is not None:
            status["CompletionDateTime"] = self.completed
        if self.reason is not None:
            status["StateChangeReason"] = self.reason
        return {
            "QueryExecutionId": self.id,
            "Query": self.sql,
            "StatementType": "DDL" if self.creates_view else "DML",
            "SubstatementType": "CREATE_VIEW" if self.creates_view else "SELECT",
            "WorkGroup": self.workgroup,
            "EngineVersion": {
                "SelectedEngineVersion": "Athena engine version 3",
                "EffectiveEngineVersion": "Athena engine version 3",
            },
            "QueryExecutionContext": {"Database": self.database, "Catalog": "awsdatacatalog"},
            "ResultConfiguration": {"OutputLocation": self.result_location},
            "Status": status,
            "Statistics": self._statistics(),
        }

    def metric_data(self) -> list[dict[str, Any]]:
        """What CloudWatch gets of a query that has ended, in Athena's words.

        Source: docs.aws.amazon.com/athena/latest/ug/query-metrics-viewing.html
        """
        statistics = self._statistics()
        values = {
            "ProcessedBytes": (statistics["DataScannedInBytes"], "Bytes"),
            "TotalExecutionTime": (statistics["TotalExecutionTimeInMillis"], "Milliseconds"),
        }
        dimensions = {
            "QueryState": "CANCELED" if self.state == "CANCELLED" else self.state,
            "QueryType": "DDL" if self.creates_view else "DML",
            "WorkGroup": self.workgroup,
        }
        return [
            {
                "MetricName": name,
                "Value": float(value),
                "Unit": unit,
                "Dimensions": [{"Name": key, "Value": text} for key, text in dimensions.items()],
            }
            for name, (value, unit) in values.items()
        ]

    def _statistics(self) -> dict[str, int]:
        end = self.completed or time.time()
        began = self.started or end
        return {
            "EngineExecutionTimeInMillis": round((end - began) * 1000),
            "DataScannedInBytes": self.scanned_bytes,
            "TotalExecutionTimeInMillis": round((end - self.submitted) * 1000),
            "QueryQueueTimeInMillis": round((began - self.submitted) * 1000),
            "ServiceProcessingTimeInMillis": 0,
        }
