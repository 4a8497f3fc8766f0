"""Every way leads to a state, every state is led to, and there is an end.

Source: states-language.net/spec.html (transitions, terminal states). AWS was seen to report a flow without an
end alone and not to look for unreachable states in it: github.com/floci-io/floci/pull/2786.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from localcloud.stepfunctions.definition.diagnostic import Diagnostic
from localcloud.stepfunctions.definition.flows import Flow

_NO_TARGET = "MISSING_TRANSITION_TARGET"


def targets_of(state: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The states that a state leads to, each with the field that says so."""
    for name in ("Next", "Default"):
        if name in state:
            yield f"/{name}", state[name]
    for field in ("Choices", "Catch"):
        for index, entry in enumerate(state.get(field, [])):
            if "Next" in entry:
                yield f"/{field}[{index}]/Next", entry["Next"]


def diagnose_transitions(flow: Flow) -> Iterator[Diagnostic]:
    """What is wrong with the ways between the states of one flow."""
    states = flow.machine["States"]
    ways = [(f"{flow.location}/StartAt", flow.machine["StartAt"])]
    for location, state in flow.states():
        ways += [(location + field, target) for field, target in targets_of(state)]
    for location, target in ways:
        if target not in states:
            yield Diagnostic(_NO_TARGET, f"Missing 'Next' target: {target}", location)
    if not any(state.get("End") is True or state["Type"] in ("Succeed", "Fail") for state in states.values()):
        yield Diagnostic("MISSING_END_STATE", "Workflow has no terminal state")
        return
    reached = _reached(flow)
    for location, state in flow.states():
        if id(state) not in reached:
            name = location.rpartition("/States/")[2]
            yield Diagnostic(_NO_TARGET, f'State "{name}" is not reachable.', location)


def _reached(flow: Flow) -> set[int]:
    states = flow.machine["States"]
    found: set[str] = set()
    waiting = [flow.machine["StartAt"]]
    while waiting:
        name = waiting.pop()
        if name in states and name not in found:
            found.add(name)
            waiting += [target for _, target in targets_of(states[name])]
    return {id(states[name]) for name in found}
