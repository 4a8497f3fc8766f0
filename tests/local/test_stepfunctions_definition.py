"""What AWS refuses when a machine is created: the codes of API_ValidateStateMachineDefinitionDiagnostic.html,
the fields on the pages of the states, workflow-variables.html (scopes), concepts-error-handling.html."""

import json
from typing import Any

import pytest

from localcloud.stepfunctions.definition import diagnose
from machines import ROLE, Json, chain, task

PASS: Json = {"Type": "Pass"}
END: Json = {"Type": "Pass", "End": True}
INVALID = "SCHEMA_VALIDATION_FAILED"
NO_TARGET = "MISSING_TRANSITION_TARGET"
ALL = ["States.ALL"]


def found_in(machine: Json) -> list[tuple[str, str | None]]:
    """Code and place of everything that is wrong with a machine."""
    text = json.dumps({"QueryLanguage": "JSONata", **machine})
    return [(diagnostic.code, diagnostic.location) for diagnostic in diagnose(text)]


def flow(**states: Json) -> Json:
    return {"StartAt": next(iter(states)), "States": states}


def one(**fields: Any) -> Json:
    """A machine of one Task with more fields."""
    return flow(A=task(**fields))


def retrying(**fields: Any) -> Json:
    return one(Retry=[{"ErrorEquals": ["E"], **fields}])


def catching(*errors: list[str]) -> Json:
    catchers = [{"ErrorEquals": each, "Next": "B"} for each in errors]
    return flow(A=task(Catch=catchers, Next="B"), B=END)


CHOICE: Json = {"Type": "Choice", "Choices": [{"Condition": True, "Next": "B"}], "Default": "B"}
PROCESSOR = flow(I=END)
LOOP: Json = {"A": {**PASS, "Next": "B"}, "B": {**PASS, "Next": "A"}}
ASSIGNING: Json = {**PASS, "Assign": {"v": 1}}

REFUSED: list[tuple[Json, list[tuple[str, str | None]]]] = [
    # states-language.net/spec.html: transitions and terminal states
    (flow(A={**PASS, "Next": "X"}, B=END), [(NO_TARGET, "/States/A/Next"), (NO_TARGET, "/States/B")]),
    ({"StartAt": "X", "States": {"A": END}}, [(NO_TARGET, "/StartAt"), (NO_TARGET, "/States/A")]),
    (flow(A={**CHOICE, "Default": "X"}, B=END), [(NO_TARGET, "/States/A/Default")]),
    (
        flow(A={**CHOICE, "Choices": [{"Condition": True, "Next": "X"}], "Default": "B"}, B=END),
        [(NO_TARGET, "/States/A/Choices[0]/Next")],
    ),
    (flow(A=task(Catch=[{"ErrorEquals": ALL, "Next": "X"}])), [(NO_TARGET, "/States/A/Catch[0]/Next")]),
    ({"StartAt": "A", "States": LOOP}, [("MISSING_END_STATE", None)]),
    ({"StartAt": "A", "States": {**LOOP, "C": {**PASS, "Next": "A"}}}, [("MISSING_END_STATE", None)]),
    ({"StartAt": "A", "States": {**LOOP, "C": END}}, [(NO_TARGET, "/States/C")]),
    (flow(A={**PASS, "Next": "X"}), [(NO_TARGET, "/States/A/Next"), ("MISSING_END_STATE", None)]),
    (
        flow(A={"Type": "Parallel", "End": True, "Branches": [flow(I={**PASS, "Next": "A"}, J=END)]}),
        [(NO_TARGET, "/States/A/Branches[0]/States/I/Next"), (NO_TARGET, "/States/A/Branches[0]/States/J")],
    ),
    # Names
    (
        flow(A={"Type": "Parallel", "End": True, "Branches": [flow(A=END)]}),
        [("DUPLICATE_STATE_NAME", "/States/A/Branches[0]/States/A")],
    ),
    ({"StartAt": "x" * 81, "States": {"x" * 81: END}}, [("INVALID_STATE_NAME", f"/States/{'x' * 81}")]),
    # Fields of the machine
    ({"States": {"A": END}}, [(INVALID, "/")]),
    ({"StartAt": "A"}, [(INVALID, "/")]),
    ({**flow(A=END), "Coment": ""}, [(INVALID, "/")]),
    ({**flow(A=END), "TimeoutSeconds": 0}, [(INVALID, "/TimeoutSeconds")]),
    ({**flow(A=END), "TimeoutSeconds": "{% 5 %}"}, [(INVALID, "/TimeoutSeconds")]),
    # Fields of states
    (flow(A={"End": True}), [(INVALID, "/States/A")]),
    (flow(A={"Type": "Tusk", "End": True}), [(INVALID, "/States/A/Type")]),
    (flow(A=PASS), [(INVALID, "/States/A")]),
    (flow(A={**END, "Next": "B"}, B=END), [(INVALID, "/States/A")]),
    (flow(A={**END, "TimeoutSeconds": 5}), [(INVALID, "/States/A")]),
    (
        flow(A={"Type": "Map", "End": True, "ItemProcessor": PROCESSOR, "TimeoutSeconds": 5}),
        [(INVALID, "/States/A")],
    ),
    (flow(A={**END, "Retry": []}), [(INVALID, "/States/A")]),
    (flow(A={"Type": "Succeed", "Assign": {"a": 1}}), [(INVALID, "/States/A")]),
    (flow(A={"Type": "Fail", "Next": "B"}, B=END), [(INVALID, "/States/A")]),
    (flow(A={"Type": "Task", "End": True}), [(INVALID, "/States/A")]),
    (flow(A={"Type": "Wait", "End": True}), [(INVALID, "/States/A")]),
    (
        flow(A={"Type": "Wait", "Seconds": 1, "Timestamp": "2025-04-01T00:00:00Z", "End": True}),
        [(INVALID, "/States/A")],
    ),
    (flow(A={"Type": "Choice", "Default": "B"}, B=END), [(INVALID, "/States/A")]),
    (flow(A={"Type": "Choice", "Choices": [], "Default": "B"}, B=END), [(INVALID, "/States/A/Choices")]),
    (flow(A={**CHOICE, "Choices": [{"Condition": True}]}, B=END), [(INVALID, "/States/A/Choices[0]")]),
    (flow(A={"Type": "Map", "End": True}), [(INVALID, "/States/A")]),
    (
        flow(A={"Type": "Map", "End": True, "ItemProcessor": {"States": {"I": END}}}),
        [(INVALID, "/States/A/ItemProcessor")],
    ),
    (
        flow(A={"Type": "Map", "End": True, "ItemProcessor": {**PROCESSOR, "QueryLanguage": "JSONata"}}),
        [(INVALID, "/States/A/ItemProcessor")],
    ),
    (flow(A={"Type": "Parallel", "End": True}), [(INVALID, "/States/A")]),
    (one(Resource="lambda:invoke"), [("INVALID_RESOURCE", "/States/A/Resource")]),
    (one(TimeoutSeconds=0), [(INVALID, "/States/A/TimeoutSeconds")]),
    (one(TimeoutSeconds=1.5), [(INVALID, "/States/A/TimeoutSeconds")]),
    (one(TimeoutSeconds=5, HeartbeatSeconds=5), [(INVALID, "/States/A/HeartbeatSeconds")]),
    # JSONPath
    (one(Parameters={}), [(INVALID, "/States/A")]),
    (flow(A={**END, "ResultPath": "$.a"}), [(INVALID, "/States/A")]),
    (flow(A={**END, "QueryLanguage": "JSONPath"}), [(INVALID, "/States/A")]),
    # concepts-error-handling.html
    (retrying(MaxAttempts=-1), [(INVALID, "/States/A/Retry[0]/MaxAttempts")]),
    (retrying(IntervalSeconds=0), [(INVALID, "/States/A/Retry[0]/IntervalSeconds")]),
    (retrying(BackoffRate=0.5), [(INVALID, "/States/A/Retry[0]/BackoffRate")]),
    (retrying(IntervalSeconds=5, MaxDelaySeconds=5), [(INVALID, "/States/A/Retry[0]/MaxDelaySeconds")]),
    (retrying(JitterStrategy="HALF"), [(INVALID, "/States/A/Retry[0]/JitterStrategy")]),
    (retrying(Delay=1), [(INVALID, "/States/A/Retry[0]")]),
    (
        one(Retry=[{"MaxAttempts": 1}]),
        [(INVALID, "/States/A/Retry[0]"), (INVALID, "/States/A/Retry[0]/ErrorEquals")],
    ),
    (catching(["States.ALL", "E"]), [(INVALID, "/States/A/Catch[0]/ErrorEquals")]),
    (catching(ALL, ["E"]), [(INVALID, "/States/A/Catch[0]/ErrorEquals")]),
    # Expressions
    (
        flow(A={**END, "Output": {"v": ["{% 1 + %}"]}}),
        [("INVALID_JSONATA_EXPRESSION", "/States/A/Output/v[0]")],
    ),
    (
        flow(A={**CHOICE, "Choices": [{"Condition": "{% a[1,2) %}", "Next": "B"}]}, B=END),
        [("INVALID_JSONATA_EXPRESSION", "/States/A/Choices[0]/Condition")],
    ),
    (
        flow(A={"Type": "Parallel", "End": True, "Branches": [flow(I={**END, "Output": "{% $x := %}"})]}),
        [("INVALID_JSONATA_EXPRESSION", "/States/A/Branches[0]/States/I/Output")],
    ),
    # workflow-variables.html
    (flow(A={**END, "Assign": {"states": 1}}), [(INVALID, "/States/A/Assign")]),
    (flow(A={**END, "Assign": {"1st": 1}}), [(INVALID, "/States/A/Assign")]),
    (
        flow(
            A={**ASSIGNING, "Next": "P"}, P={"Type": "Parallel", "End": True, "Branches": [chain(ASSIGNING)]}
        ),
        [(INVALID, "/States/P/Branches[0]/States/S1/Assign")],
    ),
    (
        flow(P={"Type": "Map", "Next": "A", "ItemProcessor": chain(ASSIGNING)}, A={**ASSIGNING, "End": True}),
        [(INVALID, "/States/P/ItemProcessor/States/S1/Assign")],
    ),
]


@pytest.mark.parametrize(("machine", "expected"), REFUSED, ids=lambda value: json.dumps(value)[:90])
def test_what_aws_refuses_is_found_with_its_code_and_place(
    machine: Json, expected: list[tuple[str, str | None]]
) -> None:
    assert found_in(machine) == expected


ACCEPTED: list[Json] = [
    flow(A=END),
    {**flow(A=END), "Version": "1.0", "Comment": "", "TimeoutSeconds": 60},
    flow(A={"Type": "Succeed", "Output": {}}),
    flow(A={"Type": "Fail", "Error": "{% 'E' %}", "Cause": "c"}),
    flow(A={"Type": "Wait", "Timestamp": "{% $states.input.at %}", "End": True}),
    flow(A={**CHOICE, "Output": 1, "Assign": {"a": 1}}, B=END),
    one(TimeoutSeconds="{% 5 %}", Credentials={"RoleArn": ROLE}),
    retrying(MaxAttempts=0, IntervalSeconds=1, BackoffRate=1.0, MaxDelaySeconds=2, JitterStrategy="FULL"),
    catching(["E"], ALL),
    flow(A={"Type": "Map", "End": True, "MaxConcurrency": 2, "ItemProcessor": chain(ASSIGNING)}),
    # Two branches are beside each other: neither is inside the other.
    flow(
        A={
            "Type": "Parallel",
            "End": True,
            "Branches": [chain(ASSIGNING), flow(J={**ASSIGNING, "End": True})],
        }
    ),
    {"StartAt": "A", "States": {"A": {**CHOICE, "Default": "A"}, "B": END}},
]


@pytest.mark.parametrize("machine", ACCEPTED, ids=lambda value: json.dumps(value)[:90])
def test_what_aws_takes_is_not_refused(machine: Json) -> None:
    assert found_in(machine) == []


def test_a_definition_that_is_no_json_is_refused() -> None:
    assert [diagnostic.code for diagnostic in diagnose("{")] == ["INVALID_JSON_DESCRIPTION"]
