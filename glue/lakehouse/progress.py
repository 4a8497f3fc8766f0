"""What a job tells while it runs. Never a row's value or id."""

import json
import sys
import time
from typing import Protocol, TextIO


class Progress(Protocol):
    """Is told after each step; tests end a job here as a crash would."""

    def done(self, step: str, **facts: object) -> None:
        """`step` has just ended; `facts` are counts and names."""
        ...


class LogProgress:
    """Writes one JSON line per step, with the seconds since the step before."""

    def __init__(self, stream: TextIO = sys.stdout, **context: object) -> None:
        self._stream, self._context, self._last = stream, context, time.monotonic()

    def done(self, step: str, **facts: object) -> None:
        """Write the line."""
        now = time.monotonic()
        line = {**self._context, "step": step, "seconds": round(now - self._last, 2), **facts}
        self._last = now
        print(json.dumps(line), file=self._stream, flush=True)
