"""Names of variables, and the scopes that assign them.

Source: docs.aws.amazon.com/step-functions/latest/dg/workflow-variables.html: a name is an identifier of at
most 80 characters; $states is reserved; a variable of an inner scope has no name that an outer scope assigns.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from localcloud.stepfunctions.definition.diagnostic import INVALID, Diagnostic
from localcloud.stepfunctions.definition.flows import Flow

_NAME = re.compile(r"[^\W\d]\w{0,79}")


def diagnose_variables(machine: Mapping[str, Any]) -> Iterator[Diagnostic]:
    """What is wrong with the variables that the states assign."""
    yield from _diagnose(Flow(machine, ""), frozenset())


def _diagnose(flow: Flow, outer: frozenset[str]) -> Iterator[Diagnostic]:
    assigned: set[str] = set()
    for location, state in flow.states():
        for where, variable in _assigned_by(state, location):
            assigned.add(variable)
            if not _NAME.fullmatch(variable) or variable == "states":
                yield Diagnostic(INVALID, f"'{variable}' is no name for a variable", where)
            if variable in outer:
                message = f"The variable '{variable}' is assigned in an outer scope, so not in this one"
                yield Diagnostic(INVALID, message, where)
    for inner in flow.inner():
        yield from _diagnose(inner, outer | assigned)


def _assigned_by(state: Mapping[str, Any], location: str) -> Iterator[tuple[str, str]]:
    holders = [(location, state)]
    for field in ("Choices", "Catch"):
        entries = enumerate(state.get(field, []))
        holders += [(f"{location}/{field}[{index}]", entry) for index, entry in entries]
    for where, holder in holders:
        for variable in holder.get("Assign", {}):
            yield f"{where}/Assign", variable
