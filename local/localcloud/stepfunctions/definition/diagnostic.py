"""One thing that is wrong with a definition."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

INVALID = "SCHEMA_VALIDATION_FAILED"


@dataclass(frozen=True)
class Diagnostic:
    """A code of the API, what is wrong, and where: ``/States/Load/Catch[0]/Next``."""

    code: str
    message: str
    location: str | None = None

    def as_answer(self) -> dict[str, str]:
        """How ValidateStateMachineDefinition shows it."""
        where = {} if self.location is None else {"location": self.location}
        return {"severity": "ERROR", "code": self.code, "message": self.message, **where}


def wrong_fields(
    holder: Any, required: Collection[str], optional: Collection[str], location: str
) -> Iterator[Diagnostic]:
    """Fields of an object that are missing, or that it may not have."""
    if not isinstance(holder, Mapping):
        yield Diagnostic(INVALID, "Expected value of type Object", location)
        return
    missing = [name for name in required if name not in holder]
    if missing:
        yield Diagnostic(INVALID, f"These fields are required: [{', '.join(missing)}]", location)
    for name in holder:
        if name not in required and name not in optional:
            yield Diagnostic(INVALID, f"Field '{name}' is not supported", location)
