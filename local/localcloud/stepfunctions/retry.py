"""Which Retry or Catch entry takes an error, and after how long a retry starts.

Source: docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

Entry = Mapping[str, Any]

_TERMINAL = ("States.Runtime", "States.DataLimitExceeded")


def matches(error_equals: Sequence[str], error: str) -> bool:
    """True when a list of ErrorEquals takes ``error``.

    States.Runtime always fails the execution. States.DataLimitExceeded is taken by its name only.
    States.TaskFailed stands for every error of a task except States.Timeout.
    """
    if error == "States.Runtime":
        return False
    if error in error_equals:
        return True
    if error in _TERMINAL:
        return False
    return "States.ALL" in error_equals or ("States.TaskFailed" in error_equals and error != "States.Timeout")


def find_catcher(catchers: Sequence[Entry], error: str) -> int | None:
    """The index of the first Catch entry that takes ``error``."""
    return next((i for i, entry in enumerate(catchers) if matches(entry["ErrorEquals"], error)), None)


class Retries:
    """The Retry entries of one visit to a state, with how often each was used.

    ``random`` returns a number from 0 to 1; JitterStrategy FULL draws the delay with it.
    """

    def __init__(self, retriers: Sequence[Entry], random: Callable[[], float]) -> None:
        self._retriers = retriers
        self._random = random
        self._used = [0] * len(retriers)

    @property
    def count(self) -> int:
        """Retries made so far: the context object's State.RetryCount."""
        return sum(self._used)

    def delay_after(self, error: str) -> float | None:
        """Seconds until the next attempt, or None when there is none.

        The first entry that takes the error decides, also when it has no attempts left.
        """
        for index, retrier in enumerate(self._retriers):
            if matches(retrier["ErrorEquals"], error):
                return self._use(index, retrier)
        return None

    def _use(self, index: int, retrier: Entry) -> float | None:
        used = self._used[index]
        if used >= retrier.get("MaxAttempts", 3):
            return None
        self._used[index] = used + 1
        delay = float(retrier.get("IntervalSeconds", 1) * retrier.get("BackoffRate", 2.0) ** used)
        delay = min(delay, float(retrier.get("MaxDelaySeconds", delay)))
        return delay * self._random() if retrier.get("JitterStrategy") == "FULL" else delay
