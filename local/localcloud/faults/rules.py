"""Which requests, deliveries and job runs go wrong: a JSON file per rule in the instance's ``faults`` folder.

    {"service": "dynamodb", "operation": "TransactWriteItems", "target": "control", "skip": 1, "times": 2,
     "moment": "after", "action": "drop"}

The second and the third transaction that names the control item succeed, and their callers never hear of
it. A rule that has done its work is gone from the folder; beside it, ``<name>.fired`` has a line for each
time. What a rule holds goes on when ``<name>.release`` exists, and then leaves ``<name>.finished``.
"""

import json
import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_DELIVERY = ("events", "Deliver")
_JOB_RUN = ("glue", "JobRun")

# Whatever else is named is a request that an AWS client sends.
_ACTIONS: Mapping[tuple[str, str], frozenset[str]] = {
    _DELIVERY: frozenset({"drop", "double", "hold"}),
    _JOB_RUN: frozenset({"fail"}),
}
_REQUEST_ACTIONS = frozenset({"error", "drop", "hold", "kill-caller", "kill-cloud"})
_FIELDS = {
    "service": str,
    "operation": str,
    "target": str,
    "moment": str,
    "action": str,
    "status": int,
    "code": str,
    "skip": int,
}


class FaultRuleError(Exception):
    """A rule that nobody could mean; the message names file and field."""


@dataclass(frozen=True)
class Happening:
    """What rules are about: a request, a delivery or a run.

    ``target`` is where it goes: path and query of an S3 request, else path and body; the event of a delivery;
    the name of a job.
    """

    service: str
    operation: str
    target: str

    @classmethod
    def delivery(cls, event: str) -> "Happening":
        """EventBridge hands an event to a queue."""
        return cls(*_DELIVERY, event)

    @classmethod
    def job_run(cls, job: str) -> "Happening":
        """A run of a job that Glue has accepted begins."""
        return cls(*_JOB_RUN, job)


@dataclass(frozen=True)
class Rule:
    """One fault; ``times`` is None when it lasts until its file is removed."""

    name: str
    service: str
    operation: str
    target: str
    action: str
    moment: str = "before"
    status: int = 500
    code: str = "InternalError"
    skip: int = 0
    times: int | None = 1

    @classmethod
    def parse(cls, name: str, document: Any) -> "Rule":
        """Read a rule; raise FaultRuleError."""
        if not isinstance(document, dict):
            raise FaultRuleError(f"{name}: a rule is a JSON object")
        unknown = set(document) - set(_FIELDS) - {"times"}
        missing = {"service", "operation", "target", "action"} - set(document)
        if unknown or missing:
            raise FaultRuleError(f"{name}: unknown {sorted(unknown)}, missing {sorted(missing)}")
        wrong = [
            field for field, kind in _FIELDS.items() if not isinstance(document.get(field, kind()), kind)
        ]
        if wrong or not isinstance(document.get("times", 1), int | None):
            raise FaultRuleError(f"{name}: of the wrong type: {wrong or 'times'}")
        rule = cls(name=name, **document)
        allowed = _ACTIONS.get((rule.service, rule.operation), _REQUEST_ACTIONS)
        if rule.action not in allowed:
            raise FaultRuleError(f"{name}: action {rule.action!r} is none of {sorted(allowed)}")
        if rule.moment not in ("before", "after"):
            raise FaultRuleError(f"{name}: moment {rule.moment!r} is neither before nor after")
        return rule

    def is_about(self, happening: Happening) -> bool:
        """Whether the rule names this; ``operation`` and ``target`` are regular expressions."""
        return (
            self.service == happening.service
            and re.fullmatch(self.operation, happening.operation) is not None
            and re.search(self.target, happening.target) is not None
        )


class Rules:
    """The rules of one folder, read anew each time: tests add and remove them while the instance serves."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()

    def exist(self) -> bool:
        """Whether there is any rule at all."""
        return next(self._folder.glob("*.json"), None) is not None

    def take(self, happening: Happening) -> Rule | None:
        """The rule that strikes now, by the order of the names; it is counted. Raises FaultRuleError."""
        with self._lock:
            for file in sorted(self._folder.glob("*.json")):
                document = json.loads(file.read_text())
                rule = Rule.parse(file.stem, document)
                if rule.is_about(happening) and self._counted(file, document, rule):
                    self._note(rule, happening)
                    return rule
            return None

    def is_released(self, rule: Rule) -> bool:
        """Whether what the rule holds may go on."""
        return (self._folder / f"{rule.name}.release").exists()

    def finish(self, rule: Rule) -> None:
        """Note that a request which the rule held has been carried out."""
        (self._folder / f"{rule.name}.finished").touch()

    def _counted(self, file: Path, document: dict[str, Any], rule: Rule) -> bool:
        """Count down on disk: a rule that kills the instance must not strike again after its start."""
        if rule.skip > 0:
            self._write(file, {**document, "skip": rule.skip - 1})
            return False
        if rule.times is not None and rule.times <= 1:
            file.unlink()
        elif rule.times is not None:
            self._write(file, {**document, "times": rule.times - 1})
        return True

    def _write(self, file: Path, document: dict[str, Any]) -> None:
        draft = file.with_suffix(".draft")
        draft.write_text(json.dumps(document))
        draft.replace(file)

    def _note(self, rule: Rule, happening: Happening) -> None:
        with (self._folder / f"{rule.name}.fired").open("a") as file:
            file.write(f"{happening.service} {happening.operation} {happening.target[:500]!r}\n")
