"""Step Functions executions, one file each: a history is long and never changes after its end."""

import copy
import hashlib
import json
from collections.abc import Callable, Mapping, MutableMapping
from datetime import datetime, timezone
from functools import partial
from pathlib import Path
from typing import Any

from localcloud.persistence.snapshots import copied, write_atomically

Key = tuple[str, ...]
Execution = dict[str, Any]

_CRASH_CAUSE = "The local cloud ended while this execution was running; nothing of it runs any more."


def fail_interrupted(execution: Execution) -> bool:
    """Turn an execution that ran when the process died into a failed one; False when it had ended."""
    if execution["status"] != "RUNNING":
        return False
    now = datetime.now(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    error = {"error": "States.ServiceRestart", "cause": _CRASH_CAUSE}
    execution.update(status="FAILED", stopDate=now, **error)
    events = execution.setdefault("events", [])
    last = events[-1]["id"] if events else 0
    event = {"id": last + 1, "previousEventId": last, "type": "ExecutionFailed", "timestamp": now}
    events.append({**event, "executionFailedEventDetails": error})
    return True


class ExecutionFiles:
    """Keeps ``folder`` in step with ministack's executions: written at their start and at their end."""

    def __init__(self, folder: Path, executions: Callable[[], MutableMapping[Key, Execution]]) -> None:
        self._folder = folder
        self._executions = executions
        self._saved: dict[Key, tuple[str, int]] = {}
        folder.mkdir(parents=True, exist_ok=True)

    def _file(self, key: Key) -> Path:
        return self._folder / f"{hashlib.sha256(repr(key).encode()).hexdigest()[:32]}.json"

    @staticmethod
    def _mark(execution: Mapping[str, Any]) -> tuple[str, int]:
        status = execution["status"]
        # While it runs the events only grow, and a crash replaces their end anyway.
        return status, 0 if status == "RUNNING" else len(execution.get("events", ()))

    def restore(self) -> None:
        """Put the saved executions back; those that were running come back failed."""
        executions = self._executions()
        for file in sorted(self._folder.glob("*.json")):
            document = json.loads(file.read_text())
            key = tuple(document["key"])
            execution = document["execution"]
            if not fail_interrupted(execution):
                self._saved[key] = self._mark(execution)
            executions[key] = execution

    def prepare(self) -> Callable[[], None] | None:
        """Copy what began or ended since the last save."""
        live = copied(lambda: dict(self._executions()))
        changed = {
            key: (self._mark(execution), copied(partial(copy.deepcopy, execution)))
            for key, execution in live.items()
            if self._saved.get(key) != self._mark(execution)
        }
        gone = [key for key in self._saved if key not in live]
        return (lambda: self._write(changed, gone)) if changed or gone else None

    def _write(self, changed: dict[Key, tuple[tuple[str, int], Execution]], gone: list[Key]) -> None:
        for key, (mark, execution) in changed.items():
            document = {"key": key, "execution": execution}
            write_atomically(self._file(key), json.dumps(document).encode())
            self._saved[key] = mark
        for key in gone:
            self._file(key).unlink(missing_ok=True)
            del self._saved[key]
