"""Timeouts and aborts: docs.aws.amazon.com/step-functions/latest/dg/state-task.html (TimeoutSeconds),
statemachine-structure.html (TimeoutSeconds of the machine) and API_StopExecution.html."""

import threading
from typing import Any

import pytest

from localcloud.stepfunctions.execution import Execution
from localcloud.stepfunctions.failures import StateFailure
from localcloud.stepfunctions.lifetime import in_thread
from machines import chain, event_types, output_of, run_here, start_here, task

CATCH_ALL = [{"ErrorEquals": ["States.ALL"], "Next": "S2"}]


class Job:
    """A job that runs until nobody waits for it any more."""

    def __init__(self) -> None:
        self.running = threading.Event()
        self.stopped = threading.Event()

    def __call__(self, resource: str, arguments: Any, call: Any) -> Any:
        self.running.set()
        if call.lifetime.over_within(20):
            self.stopped.set()
        return "late"


@pytest.mark.parametrize("seconds", [1, "{% $states.input.limit %}"])
def test_a_task_that_lasts_too_long_fails_with_states_timeout_and_its_job_is_stopped(seconds: Any) -> None:
    job = Job()
    state = task(TimeoutSeconds=seconds, Next="S2", Catch=CATCH_ALL)
    machine = chain(state, {"Type": "Succeed", "Output": "{% $states.input.Error %}"})
    assert output_of(machine, {"limit": 1}, job) == "States.Timeout"
    assert job.stopped.wait(10)


def test_a_heartbeat_is_refused_and_not_ignored() -> None:
    """state-task.html (HeartbeatSeconds): without one in time a task fails; nothing here sends one."""
    record = run_here(chain(task(HeartbeatSeconds=5, Catch=CATCH_ALL, Next="S2"), {"Type": "Succeed"}))
    assert (record["status"], record["error"]) == ("FAILED", "States.Runtime")
    assert "no heartbeats" in record["cause"]


def test_a_timeout_is_in_the_history_as_such() -> None:
    record = run_here(chain(task(TimeoutSeconds=1)), perform=Job())
    assert (record["status"], record["error"]) == ("FAILED", "States.Timeout")
    assert event_types(record)[-2:] == ["TaskTimedOut", "ExecutionFailed"]


def test_a_machine_that_lasts_too_long_times_out_past_every_catch() -> None:
    job = Job()
    machine = {**chain(task(Catch=CATCH_ALL, Next="S2"), {"Type": "Succeed"}), "TimeoutSeconds": 1}
    record = run_here(machine, perform=job)
    # API_DescribeExecution.html: error is told of an execution that failed.
    assert (record["status"], record.get("error")) == ("TIMED_OUT", None)
    assert event_types(record)[-1] == "ExecutionTimedOut"
    assert record["events"][-1]["executionTimedOutEventDetails"] == {"error": "States.Timeout"}
    assert job.stopped.wait(10)


def started(machine: dict[str, Any], job: Job) -> tuple[Execution, Any]:
    execution = start_here(machine, perform=job)
    run = in_thread(execution.run)
    assert job.running.wait(10)
    return execution, run


@pytest.mark.parametrize(
    "state",
    [
        task(),
        {"Type": "Parallel", "Branches": [chain(task()), chain({"Type": "Wait", "Seconds": 1})]},
        {"Type": "Map", "Items": [1, 2], "ItemProcessor": chain(task())},
    ],
)
def test_an_abort_is_final_and_stops_what_was_started(state: dict[str, Any]) -> None:
    job = Job()
    execution, run = started(chain({**state, "Catch": CATCH_ALL, "Next": "S2"}, {"Type": "Succeed"}), job)
    assert execution.abort("Stopped", "by hand")
    run.result(timeout=10)
    assert job.stopped.wait(10)
    record = execution.record
    assert (record["status"], record["error"], record["cause"]) == ("ABORTED", "Stopped", "by hand")
    assert record["output"] is None
    assert event_types(record)[-1] == "ExecutionAborted"


def test_a_wait_ends_with_the_execution() -> None:
    execution = start_here(chain({"Type": "Wait", "Seconds": 3600}), wait_scale=1.0)
    run = in_thread(execution.run)
    assert execution.abort(None, None)
    run.result(timeout=10)
    assert execution.record["status"] == "ABORTED"


def test_a_closed_execution_cannot_be_aborted() -> None:
    execution = start_here(chain({"Type": "Succeed"}))
    execution.run()
    assert not execution.abort("too", "late")
    execution.time_out()
    assert execution.record["status"] == "SUCCEEDED"
    assert event_types(execution.record)[-1] == "ExecutionSucceeded"


def test_an_uncaught_failure_is_the_end_of_the_execution() -> None:
    def fail(resource: str, arguments: Any, call: Any) -> Any:
        raise StateFailure("Bad", "luck")

    record = run_here(chain(task()), perform=fail)
    assert (record["status"], record["error"], record["cause"]) == ("FAILED", "Bad", "luck")
    assert event_types(record)[-2:] == ["TaskFailed", "ExecutionFailed"]
