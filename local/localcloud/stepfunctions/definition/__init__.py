"""Definitions that AWS refuses are refused when a machine is created, updated or validated.

Sources: API_ValidateStateMachineDefinitionDiagnostic.html of docs.aws.amazon.com/step-functions (the codes;
it tells not to rely on words: many are ours) and states-language.net/spec.html (the rules).
"""

import json
from collections.abc import Iterator
from typing import Any

from localcloud.stepfunctions.definition.diagnostic import Diagnostic
from localcloud.stepfunctions.definition.errors import diagnose_error_handling
from localcloud.stepfunctions.definition.fields import diagnose_machine_fields, diagnose_state_fields
from localcloud.stepfunctions.definition.flows import Flow, flows_of
from localcloud.stepfunctions.definition.queries import diagnose_queries
from localcloud.stepfunctions.definition.transitions import diagnose_transitions
from localcloud.stepfunctions.definition.variables import diagnose_variables

__all__ = ["Diagnostic", "diagnose", "speaks_jsonata"]


def speaks_jsonata(text: Any) -> bool:
    """True for the text of a definition that this engine runs and judges."""
    try:
        machine = json.loads(text)
    except (TypeError, ValueError):
        return False
    return isinstance(machine, dict) and machine.get("QueryLanguage") == "JSONata"


def diagnose(text: str) -> list[Diagnostic]:
    """Everything that is wrong with a definition; nothing when it may be created."""
    try:
        machine = json.loads(text)
    except ValueError as error:
        return [Diagnostic("INVALID_JSON_DESCRIPTION", str(error))]
    wrong = diagnose_machine_fields(machine)
    if wrong:
        return wrong
    flows = list(flows_of(machine))
    fields = [problem for flow in flows for problem in _diagnose_fields(flow)]
    # What follows reads fields that are there and of the right shape.
    if fields:
        return fields
    return [
        *_diagnose_names(flows),
        *(problem for flow in flows for problem in diagnose_transitions(flow)),
        *(
            problem
            for flow in flows
            for location, state in flow.states()
            for problem in (*diagnose_error_handling(state, location), *diagnose_queries(state, location))
        ),
        *diagnose_variables(machine),
    ]


def _diagnose_fields(flow: Flow) -> Iterator[Diagnostic]:
    for location, state in flow.states():
        yield from diagnose_state_fields(state, location)


def _diagnose_names(flows: list[Flow]) -> Iterator[Diagnostic]:
    """A name is unique in the whole machine and has at most 80 characters."""
    seen: set[str] = set()
    for flow in flows:
        for name in flow.machine["States"]:
            location = f"{flow.location}/States/{name}"
            if name in seen:
                yield Diagnostic("DUPLICATE_STATE_NAME", f"Duplicate state name: {name}", location)
            if not 1 <= len(name) <= 80:
                yield Diagnostic("INVALID_STATE_NAME", "State names have 1 to 80 characters", location)
            seen.add(name)
