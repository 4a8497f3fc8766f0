"""A second opinion: moto's engine runs the same machines, and every difference that stays is explained."""

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Any

import pytest

from localcloud.stepfunctions.definition import diagnose
from localcloud.stepfunctions.failures import StateFailure
from machines import Json, run_here
from moto_differences import DIFFERENCES
from moto_engine import FunctionFailed, is_taken_by_moto, run_on_moto
from moto_machines import BROKEN, MOTO_TAKES, TRIALS, Trial

BIG = "x" * (256 * 1024)


@dataclass
class Function:
    """The function behind every task: as its payload says it throws, hangs until the end, or echoes."""

    released: threading.Event
    calls: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self, payload: Any) -> Any:
        errors = payload.get("errors", [])
        with self.lock:
            self.calls += 1
            calls = self.calls
        if calls <= len(errors):
            raise FunctionFailed(errors[calls - 1])
        if payload.get("hangs"):
            self.released.wait(20)
        return BIG if payload.get("big") else payload


@pytest.fixture
def released() -> Iterator[threading.Event]:
    """Set at the end of the test: whatever hangs may go."""
    event = threading.Event()
    yield event
    event.set()


def run_on_ours(trial: Trial, function: Function) -> Json:
    def perform(resource: str, arguments: Any, call: Any) -> Any:
        try:
            return {"Payload": function(arguments["Payload"]), "StatusCode": 200}
        except FunctionFailed as failure:
            cause = json.dumps(failure.document, separators=(",", ":"))
            raise StateFailure(failure.document["errorType"], cause) from failure

    return run_here(trial.machine, trial.data, perform)


def seen(record: Json) -> Json:
    """What an engine made of a machine: how it ended, with what, and by which events."""
    output = record.get("output")
    return {
        "status": str(getattr(record["status"], "value", record["status"])),
        "output": json.loads(output) if output else None,
        "error": record.get("error"),
        "events": [str(getattr(event["type"], "value", event["type"])) for event in record["events"]],
    }


def differences(ours: Json, moto: Json) -> Json:
    """What each engine made of it where they differ; of the events only those after the common ones."""
    common = next(
        (
            index
            for index, pair in enumerate(zip_longest(ours["events"], moto["events"]))
            if pair[0] != pair[1]
        ),
        len(ours["events"]),
    )
    ours, moto = ({**each, "events": each["events"][common:]} for each in (ours, moto))
    return {key: (ours[key], moto[key]) for key in ours if ours[key] != moto[key]}


@pytest.mark.parametrize("name", TRIALS)
def test_both_engines_agree(name: str, released: threading.Event) -> None:
    trial = TRIALS[name]
    ours = seen(run_on_ours(trial, Function(released)))
    moto = seen(run_on_moto(trial.machine, trial.data, Function(released)))
    explained = DIFFERENCES.get(name)
    assert differences(ours, moto) == (explained.seen if explained else {})


def test_every_difference_is_one_of_a_trial() -> None:
    assert DIFFERENCES.keys() <= TRIALS.keys()
    assert len(TRIALS) >= 25


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_definition_is_refused_by_both_unless_the_table_says_that_moto_takes_it(name: str) -> None:
    """API_CreateStateMachine.html: InvalidDefinition."""
    text = json.dumps({"QueryLanguage": "JSONata", **BROKEN[name]})
    assert diagnose(text) != []
    assert is_taken_by_moto(text) is (name in MOTO_TAKES)
