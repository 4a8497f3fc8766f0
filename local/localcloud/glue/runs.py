"""Job runs, each in a file of its own that is written before its state is told to anyone."""

import json
import threading
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

from localcloud.persistence.snapshots import write_atomically

JobRun = dict[str, Any]

ACTIVE = frozenset({"STARTING", "RUNNING", "STOPPING", "WAITING"})
_KEPT = ("WorkerType", "NumberOfWorkers", "MaxCapacity")


def new_run(job: dict[str, Any], request: dict[str, Any]) -> JobRun:
    """The run of ``job`` that a StartJobRun request begins; times are seconds since 1970."""
    now = time.time()
    return {
        "Id": f"jr_{uuid.uuid4().hex}{uuid.uuid4().hex}",
        "Attempt": 0,
        "JobName": job["Name"],
        "StartedOn": now,
        "LastModifiedOn": now,
        "JobRunState": "STARTING",
        "Arguments": request.get("Arguments", {}),
        "PredecessorRuns": [],
        "ExecutionTime": 0,
        # Minutes, as for everything named Timeout in Glue.
        "Timeout": request.get("Timeout") or job.get("Timeout") or 480,
        "LogGroupName": "/aws-glue/jobs",
        "GlueVersion": job.get("GlueVersion", "5.1"),
        **{name: request.get(name) or job[name] for name in _KEPT if request.get(name) or job.get(name)},
    }


class RunStore:
    """All runs of an instance; the methods may be called from any thread."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        folder.mkdir(parents=True, exist_ok=True)
        found = [json.loads(file.read_text()) for file in folder.glob("*.json")]
        self._runs: list[JobRun] = sorted(found, key=lambda run: float(run["StartedOn"]))

    def add(self, run: JobRun) -> None:
        """Keep a new run."""
        with self._lock:
            self._runs.append(run)
            self._write(run)

    def of_job(self, name: str) -> list[JobRun]:
        """Copies of the runs of a job, newest first."""
        with self._lock:
            return [dict(run) for run in reversed(self._runs) if run["JobName"] == name]

    def get(self, run_id: str) -> JobRun | None:
        """A copy of one run."""
        with self._lock:
            return next((dict(run) for run in self._runs if run["Id"] == run_id), None)

    def change(self, run_id: str, allowed: Callable[[JobRun], bool], **values: Any) -> bool:
        """Change a run if ``allowed`` says so about it as it is now; whether it did."""
        with self._lock:
            run = next(run for run in self._runs if run["Id"] == run_id)
            if not allowed(run):
                return False
            run.update(values, LastModifiedOn=time.time())
            self._write(run)
            return True

    def end(self, run_id: str, state: str, message: str = "", seconds: float = 0) -> None:
        """Move a run to a state that it never leaves."""
        values: dict[str, Any] = {
            "JobRunState": state,
            "CompletedOn": time.time(),
            "ExecutionTime": int(seconds),
        }
        if message:
            values["ErrorMessage"] = message[:5000]
        self.change(run_id, lambda run: run["JobRunState"] in ACTIVE, **values)

    def fail_active(self, message: str) -> None:
        """End every run that is not at its end."""
        with self._lock:
            active = [(run["Id"], run["JobRunState"]) for run in self._runs if run["JobRunState"] in ACTIVE]
        for run_id, state in active:
            self.end(run_id, "FAILED", message.format(state=state))

    def _write(self, run: JobRun) -> None:
        write_atomically(self._folder / f"{run['Id']}.json", json.dumps(run).encode())
