"""One execution: from its start to the one event that closes it.

Source: docs.aws.amazon.com/step-functions/latest/dg/concepts-view-execution-details.html and
API_StopExecution.html: a closed execution stays as it is.
"""

import json
import logging
import threading
from collections.abc import Callable
from typing import Any

from localcloud.stepfunctions.branch import Branch, Surroundings
from localcloud.stepfunctions.failures import StateFailure, WorkEnded
from localcloud.stepfunctions.history import History, Trail, as_text, timestamp
from localcloud.stepfunctions.lifetime import Lifetime

logger = logging.getLogger("localcloud.stepfunctions")

Record = dict[str, Any]


class Execution:
    """Runs a machine and keeps ``record``, ministack's document of the execution, up to date.

    ``announce`` is called with the record once, after it was closed.
    """

    def __init__(
        self, record: Record, machine: Record, surroundings: Surroundings, announce: Callable[[Record], None]
    ) -> None:
        self.record = record
        self.lifetime = Lifetime()
        self._machine = machine
        self._surroundings = surroundings
        self._announce = announce
        self._lock = threading.RLock()
        self._history = History(record["events"], self._lock)

    def run(self) -> None:
        """Run to the end, within the machine's TimeoutSeconds."""
        definition = json.loads(self._machine["definition"])
        timeout = definition.get("TimeoutSeconds")
        timer = threading.Timer(timeout, self.time_out) if timeout else None
        if timer:
            timer.daemon = True
            timer.start()
        try:
            self._run(definition)
        finally:
            if timer:
                timer.cancel()

    def abort(self, error: str | None, cause: str | None) -> bool:
        """Close as ABORTED; False when already closed."""
        return self._close("ABORTED", error=error, cause=cause)

    def time_out(self) -> None:
        """Close as TIMED_OUT, unless already closed; States.Timeout is in the history only, as on AWS."""
        self._close("TIMED_OUT", error="States.Timeout", cause=None)

    def _run(self, definition: Record) -> None:
        data = json.loads(self.record["input"])
        branch = Branch(
            self._surroundings, self.lifetime, Trail(self._history, 1), self._context(data), variables={}
        )
        try:
            output = as_text(branch.run(definition, data))
        except WorkEnded:
            return
        except StateFailure as failure:
            self._close("FAILED", error=failure.error, cause=failure.cause)
        except Exception as error:
            logger.exception("the local engine failed in %s", self.record["executionArn"])
            self._close("FAILED", error="States.Runtime", cause=f"{type(error).__name__}: {error}")
        else:
            self._close("SUCCEEDED", output=output)

    def _context(self, data: Any) -> Record:
        return {
            "Execution": {
                "Id": self.record["executionArn"],
                "Input": data,
                "Name": self.record["name"],
                "RoleArn": self._machine.get("roleArn", ""),
                "StartTime": self.record["startDate"],
                "RedriveCount": 0,
            },
            "StateMachine": {"Id": self.record["stateMachineArn"], "Name": self._machine["name"]},
        }

    def _close(self, status: str, **result: str | None) -> bool:
        with self._lock:
            if self.record["status"] != "RUNNING":
                return False
            told = {} if status == "TIMED_OUT" else result
            self.record.update(status=status, stopDate=timestamp(), **told)
            event = {"TIMED_OUT": "ExecutionTimedOut"}.get(status, f"Execution{status.capitalize()}")
            shown = {key: value for key, value in result.items() if value is not None}
            self._history.close(event, shown)
        self.lifetime.end()
        self._announce(self.record)
        return True
