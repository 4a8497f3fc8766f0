"""Parallel and Map: docs.aws.amazon.com/step-functions/latest/dg/state-parallel.html,
state-map-inline.html and workflow-variables.html (scope)."""

import threading
from typing import Any

import pytest

from localcloud.stepfunctions.failures import StateFailure
from machines import chain, error_of, event_types, output_of, run_here, task

PASS = {"Type": "Pass"}
CATCH = [{"ErrorEquals": ["States.ALL"], "Next": "S2"}]


def test_parallel_branches_get_the_arguments_and_give_a_list() -> None:
    state = {
        "Type": "Parallel",
        "Arguments": {"n": "{% $states.input.n + 1 %}"},
        "Branches": [chain(PASS), chain({**PASS, "Output": "{% $states.input.n * 10 %}"})],
        "Assign": {"first": "{% $states.result[0].n %}"},
        "Output": "{% $states.result[1] %}",
    }
    last = {**PASS, "Output": "{% [$states.input, $first] %}"}
    assert output_of(chain(state, last), {"n": 1}) == [20, 2]


def test_a_map_gives_its_own_output_and_variables() -> None:
    """state-map-inline.html: Output and Assign of the state itself see the list of the outputs."""
    state = {
        "Type": "Map",
        "Items": [1, 2],
        "ItemProcessor": chain({**PASS, "Output": "{% $states.input * 10 %}"}),
        "Assign": {"first": "{% $states.result[0] %}"},
        "Output": "{% $sum($states.result) %}",
    }
    last = {**PASS, "Output": "{% [$states.input, $first] %}"}
    assert output_of(chain(state, last)) == [30, 10]


INNER = chain({**PASS, "Assign": {"mine": "inner"}}, {**PASS, "Output": "{% $mine & $outer %}"})


@pytest.mark.parametrize(
    ("state", "inner_output"),
    [
        ({"Type": "Parallel", "Branches": [INNER]}, ["innerouter"]),
        ({"Type": "Map", "Items": [1, 2], "ItemProcessor": INNER}, ["innerouter", "innerouter"]),
    ],
)
def test_what_a_branch_assigns_stays_inside(state: dict[str, Any], inner_output: list[str]) -> None:
    last = {**PASS, "Output": "{% {'inner': $states.input, 'outside': $exists($mine)} %}"}
    machine = chain({**PASS, "Assign": {"outer": "outer"}}, state, last)
    assert output_of(machine) == {"inner": inner_output, "outside": False}


def test_a_branch_reads_the_variables_around_it() -> None:
    state = {"Type": "Parallel", "Branches": [chain({**PASS, "Output": "{% $outer %}"})]}
    assert output_of(chain({**PASS, "Assign": {"outer": 7}}, state)) == [7]


def test_map_outputs_are_in_the_order_of_the_items() -> None:
    first_done = threading.Event()

    def slow_first(resource: str, arguments: Any, call: Any) -> Any:
        if arguments["item"] == "a":
            assert first_done.wait(10)
        else:
            first_done.set()
        return arguments

    selector = {"item": "{% $states.context.Map.Item.Value %}", "i": "{% $states.context.Map.Item.Index %}"}
    state = {"Type": "Map", "Items": ["a", "b"], "ItemSelector": selector, "ItemProcessor": chain(task())}
    assert output_of(chain(state), perform=slow_first) == [{"item": "a", "i": 0}, {"item": "b", "i": 1}]


def test_a_map_over_nothing_gives_an_empty_list() -> None:
    assert output_of(chain({"Type": "Map", "Items": "{% [] %}", "ItemProcessor": chain(PASS)})) == []


def test_map_runs_no_more_items_at_once_than_allowed() -> None:
    at_once = 0
    most = 0
    lock = threading.Lock()

    def count(resource: str, arguments: Any, call: Any) -> Any:
        nonlocal at_once, most
        with lock:
            at_once += 1
            most = max(most, at_once)
        call.lifetime.over_within(0.01)
        with lock:
            at_once -= 1
        return arguments

    items = list(range(12))
    state = {"Type": "Map", "Items": items, "MaxConcurrency": "{% 3 %}", "ItemProcessor": chain(task())}
    assert output_of(chain(state), perform=count) == items
    assert most == 3


class Sibling:
    """The branch "bad" fails as soon as the branch "long" runs, which lasts until it is ended."""

    def __init__(self) -> None:
        self.long_runs = threading.Event()
        self.long_ended = threading.Event()

    def __call__(self, resource: str, arguments: Any, call: Any) -> Any:
        if arguments == "bad":
            assert self.long_runs.wait(10)
            raise StateFailure("Bad", "on purpose")
        self.long_runs.set()
        if call.lifetime.over_within(10):
            self.long_ended.set()
        return arguments


BRANCHES = [chain(task(Arguments="long")), chain(task(Arguments="bad"))]
ITEMS = chain(task(Arguments="{% $states.input %}"))


@pytest.mark.parametrize(
    "state",
    [
        {"Type": "Parallel", "Branches": BRANCHES},
        {"Type": "Map", "Items": ["long", "bad"], "ItemProcessor": ITEMS},
    ],
)
def test_a_failure_in_a_branch_ends_the_others_and_can_be_caught(state: dict[str, Any]) -> None:
    service = Sibling()
    machine = chain({**state, "Next": "S2", "Catch": CATCH}, {"Type": "Succeed"})
    assert output_of(machine, perform=service) == {"Error": "Bad", "Cause": "on purpose"}
    assert service.long_ended.wait(10)


def test_an_expression_that_fails_in_a_map_can_be_caught() -> None:
    state = {"Type": "Map", "Items": "{% 1 %}", "ItemProcessor": ITEMS, "Catch": CATCH, "Next": "S2"}
    assert output_of(chain(state, {"Type": "Succeed"}))["Error"] == "States.QueryEvaluationError"


def test_a_distributed_map_is_refused_and_not_run_as_something_else() -> None:
    processor = {**ITEMS, "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}}
    assert error_of(chain({"Type": "Map", "Items": [], "ItemProcessor": processor})) == "States.Runtime"


def test_every_event_names_the_one_before_it_in_its_branch() -> None:
    state = {"Type": "Map", "Items": [1, 2], "MaxConcurrency": 1, "ItemProcessor": chain(PASS)}
    record = run_here(chain(state))
    iteration = ["MapIterationStarted", "PassStateEntered", "PassStateExited", "MapIterationSucceeded"]
    assert event_types(record) == [
        *("ExecutionStarted", "MapStateEntered", "MapStateStarted"),
        *iteration,
        *iteration,
        *("MapStateSucceeded", "MapStateExited", "ExecutionSucceeded"),
    ]
    previous = [event["previousEventId"] for event in record["events"]]
    assert previous == [0, 1, 2, 3, 4, 5, 6, 3, 8, 9, 10, 11, 12, 13]
    assert [event["id"] for event in record["events"]] == list(range(1, 15))


def test_a_task_in_a_map_takes_seven_events_an_item() -> None:
    """bp-history-limit.html: what an item costs decides how many a machine may map over."""

    def events(items: int) -> int:
        state = {"Type": "Map", "Items": list(range(items)), "ItemProcessor": ITEMS}
        return len(run_here(chain(state))["events"])

    assert events(5) - events(2) == 3 * 7
