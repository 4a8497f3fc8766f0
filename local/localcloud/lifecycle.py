"""What runs while the instance serves and when it stops."""

import logging
from collections.abc import Callable, Coroutine
from typing import Any

_log = logging.getLogger("localcloud")
_stops: list[Callable[[], None]] = []
_tasks: list[Callable[[], Coroutine[Any, Any, None]]] = []


def at_stop(callback: Callable[[], None]) -> None:
    """Run ``callback`` in a worker thread when a clean stop was asked for; the last one added runs first."""
    _stops.append(callback)


def at_serving(task: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Run ``task`` on the event loop for as long as the instance serves."""
    _tasks.append(task)


def serving_tasks() -> list[Coroutine[Any, Any, None]]:
    """What was registered with ``at_serving``, ready to be scheduled."""
    return [task() for task in _tasks]


def run_stops() -> None:
    """Run what was registered with ``at_stop``; one that fails does not keep the others from running."""
    for callback in reversed(_stops):
        try:
            callback()
        except Exception:
            _log.exception("a part of the local cloud did not stop cleanly")
