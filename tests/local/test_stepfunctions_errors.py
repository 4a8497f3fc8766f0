"""Retry, Catch and limits: docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html and
service-quotas.html."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from localcloud.stepfunctions.failures import StateFailure
from localcloud.stepfunctions.retry import Retries, matches
from machines import chain, error_of, output_of, run_here, task

ALL = ["States.ALL"]


@pytest.mark.parametrize(
    ("error_equals", "error", "taken"),
    [
        (ALL, "Glue.ConcurrentRunsExceededException", True),
        (ALL, "States.Timeout", True),
        (ALL, "States.Runtime", False),
        (["States.Runtime"], "States.Runtime", False),
        (ALL, "States.DataLimitExceeded", False),
        (["States.DataLimitExceeded"], "States.DataLimitExceeded", True),
        (["States.TaskFailed"], "LeaseLost", True),
        (["States.TaskFailed"], "States.Timeout", False),
        (["States.TaskFailed"], "States.DataLimitExceeded", False),
        (["LeaseLost"], "LeaseLost", True),
        (["LeaseLost"], "leaselost", False),
    ],
)
def test_an_entry_takes_the_errors_that_it_names(error_equals: list[str], error: str, taken: bool) -> None:
    assert matches(error_equals, error) is taken


def test_the_delay_grows_up_to_its_maximum() -> None:
    retrier = {"ErrorEquals": ALL, "IntervalSeconds": 3, "MaxAttempts": 5, "MaxDelaySeconds": 20}
    retries = Retries([retrier], lambda: 1.0)
    assert [retries.delay_after("E") for _ in range(6)] == [3, 6, 12, 20, 20, None]


def test_the_first_entry_that_takes_the_error_decides_even_when_it_is_used_up() -> None:
    retries = Retries([{"ErrorEquals": ["E"], "MaxAttempts": 0}, {"ErrorEquals": ALL}], lambda: 1.0)
    assert retries.delay_after("E") is None
    assert retries.delay_after("F") == 1


@given(chance=st.floats(0, 1), attempts=st.integers(1, 8))
def test_full_jitter_draws_between_nothing_and_the_delay(chance: float, attempts: int) -> None:
    fields = {"ErrorEquals": ALL, "IntervalSeconds": 2, "MaxAttempts": attempts, "MaxDelaySeconds": 30}
    plain = Retries([fields], lambda: chance)
    jittered = Retries([{**fields, "JitterStrategy": "FULL"}], lambda: chance)
    for _ in range(attempts):
        assert jittered.delay_after("E") == pytest.approx(chance * (plain.delay_after("E") or 0))


class Flaky:
    """A service that fails with each of ``errors`` in turn and then answers."""

    def __init__(self, *errors: str) -> None:
        self.errors = list(errors)
        self.calls = 0

    def __call__(self, resource: str, arguments: Any, call: Any) -> Any:
        self.calls += 1
        if self.errors:
            raise StateFailure(self.errors.pop(0), "because")
        return arguments


def test_a_retried_task_sees_how_often_it_was_retried() -> None:
    arguments = {"retry": "{% $states.context.State.RetryCount %}"}
    state = task(Arguments=arguments, Retry=[{"ErrorEquals": ["E"]}])
    assert output_of(chain(state), perform=Flaky("E", "E")) == {"retry": 2}


def catching(**catcher: Any) -> dict[str, Any]:
    entry = {"ErrorEquals": ALL, "Next": "S2", **catcher}
    return chain(task(Next="S3", Catch=[entry]), {"Type": "Succeed"}, {"Type": "Succeed"})


def test_a_caught_error_is_the_output() -> None:
    assert output_of(catching(), perform=Flaky("LeaseLost")) == {"Error": "LeaseLost", "Cause": "because"}


def test_a_catch_entry_has_its_own_output_and_variables() -> None:
    machine = catching(Output="{% $states.errorOutput.Error %}", Assign={"why": "{% $states.errorOutput %}"})
    machine["States"]["S2"]["Output"] = "{% {'input': $states.input, 'why': $why.Cause} %}"
    assert output_of(machine, perform=Flaky("Bad")) == {"input": "Bad", "why": "because"}


def test_an_expression_that_fails_in_the_output_can_be_caught() -> None:
    machine = catching()
    machine["States"]["S1"]["Output"] = "{% $states.result.absent %}"
    assert output_of(machine)["Error"] == "States.QueryEvaluationError"


def test_states_runtime_is_never_caught() -> None:
    assert error_of(catching(), perform=Flaky("States.Runtime")) == "States.Runtime"


LIMIT = "States.DataLimitExceeded"
BIG = "x" * (256 * 1024)


@pytest.mark.parametrize(
    "machine",
    [
        catching(),
        chain({"Type": "Pass", "Output": "{% $pad('', 262144, 'x') %}"}),
        chain({"Type": "Pass", "Assign": {"big": "{% $pad('', 262144, 'x') %}"}}),
        chain(task(Arguments={"a": "{% $pad('', 262144, 'x') %}"})),
    ],
)
def test_a_payload_over_256_kib_fails_past_every_catch(machine: dict[str, Any]) -> None:
    """service-quotas.html: maximum input or result size 256 KiB as a UTF-8 string."""
    assert error_of(machine, perform=lambda *_: BIG) == LIMIT


def test_a_task_with_arguments_over_256_kib_calls_nothing() -> None:
    service = Flaky()
    assert error_of(chain(task(Arguments={"a": "{% $pad('', 262144, 'x') %}"})), perform=service) == LIMIT
    assert service.calls == 0


def test_a_result_over_256_kib_fails_the_task_itself() -> None:
    """concepts-error-handling.html: when the output of a connector is larger than the payload quota."""
    record = run_here(chain(task(Output="small")), perform=lambda *_: BIG)
    assert [event["type"] for event in record["events"]][-2:] == ["TaskFailed", "ExecutionFailed"]
    assert record["error"] == LIMIT


@pytest.mark.parametrize("item", ["ü" * (128 * 1024), "x" * (256 * 1024 - 1)])
def test_the_size_of_a_payload_is_counted_in_bytes_of_utf8(item: str) -> None:
    assert error_of(chain(task()), perform=lambda *_: item) == LIMIT


def test_a_payload_of_just_256_kib_passes() -> None:
    assert len(output_of(chain(task()), perform=lambda *_: BIG[:-2])) == 256 * 1024 - 2


def test_the_25000th_event_ends_the_execution_past_every_catch() -> None:
    """bp-history-limit.html and service-quotas.html: a hard limit."""
    machine = chain(
        {"Type": "Pass", "Assign": {"n": 0}},
        {"Type": "Pass", "Assign": {"n": "{% $n + 1 %}"}, "Next": "S3"},
        {"Type": "Choice", "Choices": [{"Condition": False, "Next": "S4"}], "Default": "S2"},
        {"Type": "Succeed"},
    )
    fan = {"Type": "Parallel", "Branches": [machine], "Catch": [{"ErrorEquals": ALL, "Next": "S2"}]}
    record = run_here(chain(fan, {"Type": "Succeed"}))
    assert record["error"] == "States.Runtime"
    assert record["cause"] == "The execution reached the maximum number of history events (25000)."
    assert len(record["events"]) == 25_000
    assert record["events"][-1]["type"] == "ExecutionFailed"
