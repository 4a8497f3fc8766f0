"""Output, Assign and the types of fields:
docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html, workflow-variables.html and the pages
of the states (state-choice.html, state-succeed.html ...)."""

from typing import Any

import pytest

from machines import chain, error_of, output_of, run_here, task

PASS = {"Type": "Pass"}


@pytest.mark.parametrize(
    ("states", "data", "output"),
    [
        ([{"Type": "Succeed", "Output": {"n": "{% $states.input.n + 1 %}"}}], {"n": 1}, {"n": 2}),
        ([{**PASS, "Output": "{% $states.input.n %}"}], {"n": 1}, 1),
        ([{"Type": "Wait", "Seconds": 60, "Output": "waited"}], {}, "waited"),
        ([task(Arguments={"a": 1}, Output="{% $states.result.a %}")], {}, 1),
        ([task()], {"in": "put"}, {"in": "put"}),
        ([{**PASS, "Output": "{% $states.input.n %}"}], {"n": None}, None),
        ([{**PASS, "Output": "{% [$states.input.list[ok]] %}"}], {"list": []}, []),
        ([{**PASS, "Output": "{% $states.input.n / 2 %}"}], {"n": 4}, 2),
        ([{**PASS, "Output": "{% $states.context.Execution.Name %}"}], {}, "one"),
        ([{**PASS, "Output": "{% $parse('[1]') %}"}], {}, [1]),
        ([{**PASS, "Output": "{% $exists($states.result) %}"}], {}, False),
    ],
)
def test_the_output_of_a_state_is_what_its_output_field_says(
    states: list[dict[str, Any]], data: Any, output: Any
) -> None:
    assert output_of(chain(*states), data) == output


def test_assign_sees_the_values_from_before_the_state() -> None:
    """workflow-variables.html: all expressions of an Assign use the values on state entry."""
    swap = {**PASS, "Assign": {"a": "{% $b %}", "b": "{% $a %}"}, "Output": "{% $a %}"}
    last = {**PASS, "Output": "{% {'before': $states.input, 'a': $a, 'b': $b} %}"}
    machine = chain({**PASS, "Assign": {"a": 1, "b": 2}}, swap, last)
    assert output_of(machine) == {"before": 1, "a": 2, "b": 1}


def test_a_variable_may_be_null() -> None:
    machine = chain({**PASS, "Assign": {"nothing": None}}, {**PASS, "Output": "{% $nothing = null %}"})
    assert output_of(machine) is True


def test_variables_are_in_the_history() -> None:
    record = run_here(chain({**PASS, "Assign": {"a": {"b": 1}}}))
    exited = next(event for event in record["events"] if event["type"] == "PassStateExited")
    assert exited["stateExitedEventDetails"]["assignedVariables"] == {"a": '{"b":1}'}


def choice(condition: Any, **fields: Any) -> dict[str, Any]:
    rule = {"Condition": condition, "Next": "S2", "Output": "rule", "Assign": {"by": "rule"}}
    return {"Type": "Choice", "Choices": [rule], **fields}


AFTER = {**PASS, "Output": "{% {'input': $states.input, 'by': $by} %}"}


def test_a_rule_gives_its_own_output_and_variables() -> None:
    machine = chain(choice("{% $states.input.n > 1 %}", Default="S2"), AFTER)
    assert output_of(machine, {"n": 2}) == {"input": "rule", "by": "rule"}


def test_the_default_gives_the_output_and_variables_of_the_state() -> None:
    default = choice("{% $states.input.n > 1 %}", Default="S2", Output="state", Assign={"by": "state"})
    assert output_of(chain(default, AFTER), {"n": 1}) == {"input": "state", "by": "state"}


def test_a_choice_without_a_match_and_default_fails() -> None:
    """state-choice.html: an error due to a failure to transition out of the state."""
    assert error_of(chain(choice("{% false %}"), AFTER)) == "States.NoChoiceMatched"


@pytest.mark.parametrize(
    "state",
    [
        choice("{% 'true' %}", Default="S2"),
        choice("{% $states.input.absent %}", Default="S2"),
        {"Type": "Wait", "Seconds": "{% -1 %}"},
        {"Type": "Wait", "Seconds": "{% 'soon' %}"},
        {"Type": "Wait", "Timestamp": "{% 'tomorrow' %}"},
        {**PASS, "Output": "{% $unknown %}"},
        {**PASS, "Output": "{% $states.input.absent %}"},
        {**PASS, "Output": "{% $x := 1; $x %}"},
        {**PASS, "Output": "{% function($x) { $x } %}"},
        {"Type": "Map", "Items": "{% {'a': 1} %}", "ItemProcessor": chain(PASS)},
        {"Type": "Map", "ItemProcessor": chain(PASS)},
        task(TimeoutSeconds="{% 0 %}"),
        {"Type": "Fail", "Error": "{% 1 %}"},
    ],
)
def test_a_field_of_the_wrong_type_or_without_a_value_fails(state: dict[str, Any]) -> None:
    """concepts-error-handling.html: States.QueryEvaluationError for type mismatches and undefined values."""
    assert error_of(chain(state, AFTER)) == "States.QueryEvaluationError"


def evaluation_failures(record: dict[str, Any]) -> list[Any]:
    return [
        event["evaluationFailedEventDetails"]
        for event in record["events"]
        if event["type"] == "EvaluationFailed"
    ]


@pytest.mark.parametrize(
    ("machine", "cause"),
    [
        (
            chain({**PASS, "Output": {"v": "{% $states.input.missing %}"}}),
            "The JSONata expression '$states.input.missing' specified for the field 'Output/v' "
            "returned nothing (undefined).",
        ),
        (
            chain({"Type": "Map", "Items": "{% 1 %}", "ItemProcessor": chain(PASS)}),
            "The JSONata expression '1' specified for the field 'Items' returned an unexpected result type. "
            "Expected 'array', but was 'number' for value: 1",
        ),
    ],
)
def test_the_cause_of_a_failed_expression_is_the_sentence_that_aws_says(
    machine: dict[str, Any], cause: str
) -> None:
    """As reported from AWS: github.com/floci-io/floci/issues/2665, and moto's recordings of the types."""
    state = "An error occurred while executing the state 'S1' (entered at the event id #2). "
    assert run_here(machine)["cause"] == state + cause


@pytest.mark.parametrize(
    ("machine", "state", "location"),
    [
        (chain(choice("{% 'true' %}", Default="S2"), AFTER), "S1", "Choices[0]/Condition"),
        (chain(task(Arguments="{% $absent %}")), "S1", "Arguments"),
        (chain(task(Output="{% $states.result.absent %}")), "S1", "Output"),
        (chain({**PASS, "Assign": {"a": "{% $absent %}"}}), "S1", "Assign/a"),
        (
            chain({"Type": "Parallel", "Branches": [chain(PASS, {"Type": "Wait", "Seconds": "{% 'x' %}"})]}),
            "S2",
            "Seconds",
        ),
    ],
)
def test_an_expression_that_fails_is_in_the_history_once_with_its_state_and_field(
    machine: dict[str, Any], state: str, location: str
) -> None:
    """API_EvaluationFailedEventDetails.html: state, error, cause and location."""
    record = run_here(machine)
    [details] = evaluation_failures(record)
    assert (details["state"], details["location"]) == (state, location)
    assert details["error"] == record["error"] == "States.QueryEvaluationError"
    assert details["cause"] == record["cause"]


def test_a_fail_state_may_compute_its_error_and_cause() -> None:
    record = run_here(chain({"Type": "Fail", "Error": "{% $states.input.e %}", "Cause": "why"}), {"e": "Bad"})
    assert (record["error"], record["cause"], record["output"]) == ("Bad", "why", None)
