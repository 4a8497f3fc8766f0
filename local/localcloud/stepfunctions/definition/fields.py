"""Which fields a JSONata state has.

Source: docs.aws.amazon.com/step-functions/latest/dg/workflow-states.html and the page of each state.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from localcloud.stepfunctions.definition.diagnostic import INVALID, Diagnostic, wrong_fields
from localcloud.stepfunctions.definition.flows import flows_in
from localcloud.stepfunctions.expressions import is_expression

_EVERY = ("Type", "Comment", "QueryLanguage")
_LEADING_ON = ("Output", "Assign", "Next", "End")
_HANDLING = ("Retry", "Catch")
_DISTRIBUTED = ("ItemReader", "ItemBatcher", "ResultWriter", "Label", "ToleratedFailureCount")
# Type -> fields it must have and fields it may have.
_STATES: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "Choice": (("Choices",), ("Default", "Output", "Assign")),
    "Fail": ((), ("Error", "Cause")),
    "Map": (
        ("ItemProcessor",),
        (
            *("Items", "ItemSelector", "MaxConcurrency", "ToleratedFailurePercentage"),
            *(*_DISTRIBUTED, *_LEADING_ON, *_HANDLING),
        ),
    ),
    "Parallel": (("Branches",), ("Arguments", *_LEADING_ON, *_HANDLING)),
    "Pass": ((), _LEADING_ON),
    "Succeed": ((), ("Output",)),
    "Task": (
        ("Resource",),
        (*("Arguments", "Credentials", "TimeoutSeconds", "HeartbeatSeconds"), *_LEADING_ON, *_HANDLING),
    ),
    "Wait": ((), ("Seconds", "Timestamp", *_LEADING_ON)),
}
_JSONPATH = (
    *("InputPath", "OutputPath", "ResultPath", "Parameters", "ResultSelector", "Result", "ItemsPath"),
    *("SecondsPath", "TimestampPath", "TimeoutSecondsPath", "HeartbeatSecondsPath", "MaxConcurrencyPath"),
    *("ErrorPath", "CausePath"),
)


def diagnose_machine_fields(machine: Any) -> list[Diagnostic]:
    """What the machine itself lacks, has too much or has of the wrong type."""
    optional = ("Comment", "Version", "TimeoutSeconds", "QueryLanguage")
    found = list(wrong_fields(machine, ("StartAt", "States"), optional, "/"))
    if not found and not isinstance(machine["States"], Mapping):
        found = [Diagnostic(INVALID, "Expected value of type Object", "/States")]
    if not found and not _positive(machine.get("TimeoutSeconds", 1), computed=False):
        found = [Diagnostic(INVALID, "Expected value of type positive Integer", "/TimeoutSeconds")]
    return found


def diagnose_state_fields(state: Any, location: str) -> Iterator[Diagnostic]:
    """What a state lacks, has too much or has of the wrong type."""
    if not isinstance(state, Mapping) or "Type" not in state:
        yield from wrong_fields(state, ("Type",), tuple(state), location)
        return
    if state["Type"] not in _STATES:
        known = ", ".join(_STATES)
        yield Diagnostic(INVALID, f"Value is not valid, it is one of [{known}]", f"{location}/Type")
        return
    if state.get("QueryLanguage") == "JSONPath":
        message = "'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine"
        yield Diagnostic(INVALID, message, location)
    required, optional = _STATES[state["Type"]]
    for name in state:
        if name in _JSONPATH:
            message = f"The QueryLanguage is set to 'JSONata', but field '{name}' is only supported for the "
            yield Diagnostic(INVALID, f"{message}'JSONPath' QueryLanguage", location)
    yield from wrong_fields(state, required, (*_EVERY, *optional, *_JSONPATH), location)
    yield from _diagnose_way_on(state, optional, location)
    yield from _diagnose_values(state, location)
    for flow in flows_in(state, location):
        optional = ("Comment", "ProcessorConfig") if "ItemProcessor" in state else ("Comment",)
        yield from wrong_fields(flow.machine, ("StartAt", "States"), optional, flow.location)


def _diagnose_way_on(
    state: Mapping[str, Any], optional: tuple[str, ...], location: str
) -> Iterator[Diagnostic]:
    if "End" in optional and ("Next" in state) == (state.get("End") is True):
        yield Diagnostic(INVALID, "A state needs either Next or End", location)
    if state["Type"] == "Wait" and ("Seconds" in state) == ("Timestamp" in state):
        yield Diagnostic(INVALID, "A Wait needs either Seconds or Timestamp", location)
    for index, rule in enumerate(state.get("Choices", [])):
        at = f"{location}/Choices[{index}]"
        yield from wrong_fields(rule, ("Condition", "Next"), ("Comment", "Output", "Assign"), at)
    if state["Type"] == "Choice" and not state.get("Choices", True):
        yield Diagnostic(INVALID, "A Choice needs at least one rule", f"{location}/Choices")


def _diagnose_values(state: Mapping[str, Any], location: str) -> Iterator[Diagnostic]:
    for name in ("TimeoutSeconds", "HeartbeatSeconds"):
        if not _positive(state.get(name, 1)):
            yield Diagnostic(INVALID, "Expected value of type positive Integer", f"{location}/{name}")
    heartbeat, timeout = state.get("HeartbeatSeconds"), state.get("TimeoutSeconds")
    if isinstance(heartbeat, int) and isinstance(timeout, int) and heartbeat >= timeout:
        message = "HeartbeatSeconds must be smaller than TimeoutSeconds"
        yield Diagnostic(INVALID, message, f"{location}/HeartbeatSeconds")
    if state["Type"] == "Task" and not str(state.get("Resource", "arn:")).startswith("arn:"):
        yield Diagnostic("INVALID_RESOURCE", "Value is not a valid resource ARN", f"{location}/Resource")


def _positive(value: Any, computed: bool = True) -> bool:
    """True for a whole number above 0, and for an expression where one may compute it."""
    whole = isinstance(value, int) and not isinstance(value, bool) and value > 0
    return whole or (computed and is_expression(value))
