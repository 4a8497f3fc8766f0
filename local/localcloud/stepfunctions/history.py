"""The event history of an execution.

Source: docs.aws.amazon.com/step-functions/latest/apireference/API_HistoryEvent.html and
docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html (25,000 events, a hard limit).
"""

import json
import threading
from datetime import datetime, timezone
from typing import Any

from localcloud.stepfunctions.failures import StateFailure, WorkEnded

MAX_EVENTS = 25_000
OVERFLOW = f"The execution reached the maximum number of history events ({MAX_EVENTS})."


def timestamp() -> str:
    """Now, as ministack keeps moments and as the context object shows them."""
    return datetime.now(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def as_text(value: Any) -> str:
    """A JSON value as the history and the API show it."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def detail_key(event_type: str) -> str:
    """The member with the details of an event; all types of states share one for entering and leaving."""
    if event_type.endswith("StateEntered"):
        return "stateEnteredEventDetails"
    if event_type.endswith("StateExited"):
        return "stateExitedEventDetails"
    return f"{event_type[0].lower()}{event_type[1:]}EventDetails"


class History:
    """Appends to the ``events`` of an execution's record; nothing follows the event that closes it."""

    def __init__(self, events: list[dict[str, Any]], lock: threading.RLock) -> None:
        self._events = events
        self._lock = lock
        self._closed = False

    def append(self, event_type: str, details: dict[str, Any] | None, previous: int) -> int:
        """Add an event after event ``previous`` and return its id.

        The last place is kept for the event that closes the execution: whoever wants it fails with
        States.Runtime, which no Catch takes. Raises WorkEnded once the history is closed.
        """
        with self._lock:
            if self._closed:
                raise WorkEnded
            if len(self._events) >= MAX_EVENTS - 1:
                raise StateFailure("States.Runtime", OVERFLOW)
            return self._write(event_type, details, previous)

    def close(self, event_type: str, details: dict[str, Any]) -> None:
        """Add the last event."""
        with self._lock:
            self._closed = True
            self._write(event_type, details, len(self._events))

    def _write(self, event_type: str, details: dict[str, Any] | None, previous: int) -> int:
        event = {
            "id": len(self._events) + 1,
            "previousEventId": previous,
            "type": event_type,
            "timestamp": timestamp(),
        }
        if details is not None:
            event[detail_key(event_type)] = details
        self._events.append(event)
        return len(self._events)


class Trail:
    """The line of events of one branch: each names the one before it in the same branch."""

    def __init__(self, history: History, last: int) -> None:
        self._history = history
        self.last = last

    def add(self, event_type: str, details: dict[str, Any] | None = None) -> None:
        """Append an event to this branch."""
        self.last = self._history.append(event_type, details, self.last)

    def fork(self) -> "Trail":
        """The line of a branch that starts here."""
        return Trail(self._history, self.last)
