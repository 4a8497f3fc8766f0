"""The recorded calls of an instance: a JSON object on each line of a file."""

import json
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path


class UnknownRequest(Exception):
    """A request for which it is not known what IAM would check; the message describes it."""


@dataclass(frozen=True)
class Need:
    """What IAM checks for a call: one action on one resource, with the context keys that policies may use."""

    action: str
    resource: str
    context: Mapping[str, str | list[str]] = field(default_factory=dict)


class CallLog:
    """Appends each different call once, at once: the process may be killed at any moment."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._seen: set[str] = set()
        self._lock = threading.Lock()

    def needs(self, role: str, needs: Iterable[Need]) -> None:
        """Record what a call of a role needs."""
        for need in needs:
            document = {"role": role, "action": need.action, "resource": need.resource}
            self._write({**document, "context": dict(need.context)})

    def unknown(self, role: str, request: str) -> None:
        """Record a request that the mapping does not know, so that the check of the policies fails for it."""
        self._write({"role": role, "unknown": request})

    def _write(self, document: Mapping[str, object]) -> None:
        line = json.dumps(document, sort_keys=True)
        with self._lock:
            if line in self._seen:
                return
            self._seen.add(line)
            with self._file.open("a") as file:
                file.write(f"{line}\n")
