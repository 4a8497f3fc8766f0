"""What a job speaks to, in memory: documents, the lease, and progress that ends the job."""

from __future__ import annotations

import json
from typing import Any

from lakehouse.errors import DocumentMissing

KEY_URI = "s3://artefacts/keys/erasure"
KEY = b"0123456789abcdef0123456789abcdef"


class Crash(BaseException):
    """Ends a job as a killed driver would."""


class MemoryDocuments:
    """Documents in a dictionary; `before_put` may end the job."""

    def __init__(self) -> None:
        self.bodies: dict[str, bytes] = {KEY_URI: KEY}

    def get(self, uri: str) -> bytes:
        if uri not in self.bodies:
            raise DocumentMissing(uri)
        return self.bodies[uri]

    def put(self, uri: str, body: bytes) -> None:
        self.bodies[uri] = body

    def create(self, uri: str, body: bytes) -> bool:
        return self.bodies.setdefault(uri, body) is body

    def json(self, uri: str) -> Any:
        return json.loads(self.bodies[uri])


class HeldLease:
    """A lease that is held, or lost from the n-th check on."""

    def __init__(self, error: Exception | None = None, checks: int = 0) -> None:
        self.error, self.checks = error, checks

    def check(self) -> None:
        self.checks -= 1
        if self.error and self.checks < 0:
            raise self.error


class CrashAfter:
    """Progress that crashes the job after its n-th step (0: never) or a named one; remembers the steps."""

    def __init__(self, step: int | str = 0) -> None:
        self.step, self.steps = step, list[str]()

    def done(self, step: str, **facts: object) -> None:
        self.steps.append(step)
        if self.step in (len(self.steps), step):
            raise Crash(step)
