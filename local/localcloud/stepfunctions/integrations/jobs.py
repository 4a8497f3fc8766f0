"""The ``.sync`` integrations: start a job, wait for its end, and stop it when nobody waits any more.

Source: docs.aws.amazon.com/step-functions/latest/dg/connect-to-resource.html (run a job), connect-glue.html,
connect-athena.html and connect-stepfunctions.html.
"""

from abc import ABC, abstractmethod
from typing import Any

from localcloud.stepfunctions.branch import Call
from localcloud.stepfunctions.failures import StateFailure, WorkEnded
from localcloud.stepfunctions.history import as_text
from localcloud.stepfunctions.integrations.services import Services, without_metadata

_POLL_SECONDS = 0.1
Document = dict[str, Any]


class Job(ABC):
    """A job of one service."""

    def __init__(self, services: Services) -> None:
        self.services = services

    @abstractmethod
    def start(self, arguments: Any) -> Document:
        """Start it; the answer of the service."""

    @abstractmethod
    def describe(self, arguments: Any, started: Document) -> tuple[str, Document]:
        """Its state and the document that becomes the result, or the cause of a failure."""

    @abstractmethod
    def stop(self, arguments: Any, started: Document) -> None:
        """Stop it."""

    failed: frozenset[str]

    def run(self, arguments: Any, call: Call) -> Document:
        """Start the job and wait; a job that fails is States.TaskFailed with its document as the cause."""
        started = self.start(arguments)
        try:
            call.submitted(started)
            while True:
                state, document = self.describe(arguments, started)
                if state == "SUCCEEDED":
                    return document
                if state in self.failed:
                    raise StateFailure("States.TaskFailed", as_text(document))
                if call.lifetime.over_within(_POLL_SECONDS):
                    raise WorkEnded
        except WorkEnded:
            self.stop(arguments, started)
            raise


class GlueJobRun(Job):
    """``glue:startJobRun.sync``: the result is the JobRun."""

    failed = frozenset({"FAILED", "TIMEOUT", "STOPPED", "ERROR", "EXPIRED"})

    def start(self, arguments: Any) -> Document:
        """Start a run of the job."""
        return self.services.optimised("glue", "startJobRun", arguments)

    def describe(self, arguments: Any, started: Document) -> tuple[str, Document]:
        """State and document of the run."""
        ids = {"JobName": arguments["JobName"], "RunId": started["JobRunId"]}
        run: Document = self.services.optimised("glue", "getJobRun", ids)["JobRun"]
        return run["JobRunState"], run

    def stop(self, arguments: Any, started: Document) -> None:
        """Stop the run."""
        ids = {"JobName": arguments["JobName"], "JobRunIds": [started["JobRunId"]]}
        self.services.optimised("glue", "batchStopJobRun", ids)


class AthenaQuery(Job):
    """``athena:startQueryExecution.sync``: the result is ``{QueryExecution: ...}``."""

    failed = frozenset({"FAILED", "CANCELLED"})

    def start(self, arguments: Any) -> Document:
        """Start the query."""
        return self.services.optimised("athena", "startQueryExecution", arguments)

    def describe(self, arguments: Any, started: Document) -> tuple[str, Document]:
        """State and document of the query."""
        ids = {"QueryExecutionId": started["QueryExecutionId"]}
        document = without_metadata(self.services.optimised("athena", "getQueryExecution", ids))
        return document["QueryExecution"]["Status"]["State"], document

    def stop(self, arguments: Any, started: Document) -> None:
        """Cancel the query."""
        ids = {"QueryExecutionId": started["QueryExecutionId"]}
        self.services.optimised("athena", "stopQueryExecution", ids)


class NestedExecution(Job):
    """``states:startExecution.sync``: the result is the description of the execution."""

    failed = frozenset({"FAILED", "TIMED_OUT", "ABORTED"})

    def start(self, arguments: Any) -> Document:
        """Start the execution; an Input that is not a string is sent as JSON text."""
        given = arguments.get("Input")
        if given is not None and not isinstance(given, str):
            arguments = {**arguments, "Input": as_text(given)}
        return self.services.optimised("stepfunctions", "startExecution", arguments)

    def describe(self, arguments: Any, started: Document) -> tuple[str, Document]:
        """State and description of the execution."""
        ids = {"ExecutionArn": started["ExecutionArn"]}
        document = without_metadata(self.services.optimised("stepfunctions", "describeExecution", ids))
        return document["Status"], document

    def stop(self, arguments: Any, started: Document) -> None:
        """Abort the execution."""
        ids = {"ExecutionArn": started["ExecutionArn"]}
        self.services.optimised("stepfunctions", "stopExecution", ids)
