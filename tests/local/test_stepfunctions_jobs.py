"""The .sync integrations against a service of our own:
docs.aws.amazon.com/step-functions/latest/dg/connect-to-resource.html (run a job), connect-glue.html and
connect-athena.html."""

import json
import threading
from typing import Any

import pytest

from instances import wait_for
from localcloud.stepfunctions.failures import StateFailure
from localcloud.stepfunctions.integrations import Integrations
from localcloud.stepfunctions.lifetime import in_thread
from machines import chain, output_of, run_here, start_here, task

GLUE = "arn:aws:states:::glue:startJobRun.sync"
ATHENA = "arn:aws:states:::athena:startQueryExecution.sync"


class Services:
    """Glue and Athena with one job, whose states are given; the last one stays."""

    def __init__(self, *states: str) -> None:
        self.states = list(states)
        self.stopped: list[Any] = []

    def _state(self) -> str:
        return self.states.pop(0) if len(self.states) > 1 else self.states[0]

    def optimised(self, service: str, operation: str, arguments: Any) -> dict[str, Any]:
        """Answer the operations that the integrations use."""
        if operation in ("batchStopJobRun", "stopQueryExecution"):
            self.stopped.append(arguments)
            return {}
        if operation == "startJobRun":
            return {"JobRunId": "jr_1", "SdkHttpMetadata": {}}
        if operation == "getJobRun":
            return {"JobRun": {"Id": "jr_1", "JobName": "orders", "JobRunState": self._state()}}
        if operation == "startQueryExecution":
            return {"QueryExecutionId": "q_1"}
        execution = {"QueryExecutionId": "q_1", "Status": {"State": self._state()}}
        return {"QueryExecution": execution, "SdkHttpMetadata": {}}


JOB = task(Resource=GLUE, Arguments={"JobName": "orders"})
QUERY = task(Resource=ATHENA, Arguments={"QueryString": "SELECT 1"})
RUN_OF = {"Id": "jr_1", "JobName": "orders"}


def perform(services: Any) -> Any:
    return Integrations(services).perform


def test_the_result_of_a_job_is_its_run() -> None:
    services = Services("STARTING", "RUNNING", "SUCCEEDED")
    assert output_of(chain(JOB), perform=perform(services)) == {**RUN_OF, "JobRunState": "SUCCEEDED"}
    assert services.stopped == []


def test_the_result_of_a_query_is_the_description_of_its_execution() -> None:
    result = output_of(chain(QUERY), perform=perform(Services("QUEUED", "SUCCEEDED")))
    assert result == {"QueryExecution": {"QueryExecutionId": "q_1", "Status": {"State": "SUCCEEDED"}}}


@pytest.mark.parametrize(
    ("state", "end"),
    [
        (JOB, "FAILED"),
        (JOB, "TIMEOUT"),
        (JOB, "STOPPED"),
        (JOB, "ERROR"),
        (QUERY, "FAILED"),
        (QUERY, "CANCELLED"),
    ],
)
def test_a_job_that_fails_is_states_task_failed_with_its_document_as_cause(
    state: dict[str, Any], end: str
) -> None:
    record = run_here(chain(state), perform=perform(Services("RUNNING", end)))
    assert record["error"] == "States.TaskFailed"
    document = json.loads(record["cause"])
    assert (document["JobRunState"] if state is JOB else document["QueryExecution"]["Status"]["State"]) == end


STOPPED = [
    (JOB, {"JobName": "orders", "JobRunIds": ["jr_1"]}),
    (QUERY, {"QueryExecutionId": "q_1"}),
]


def stopped_by(services: Services) -> Any:
    """What was stopped, once something was."""
    return wait_for(lambda: services.stopped, "the job to be stopped")


@pytest.mark.parametrize(("state", "stop"), STOPPED)
def test_a_task_that_times_out_stops_its_job(state: dict[str, Any], stop: Any) -> None:
    services = Services("RUNNING")
    record = run_here(chain({**state, "TimeoutSeconds": 1}), perform=perform(services))
    assert record["error"] == "States.Timeout"
    assert stopped_by(services) == [stop]


@pytest.mark.parametrize(("state", "stop"), STOPPED)
def test_an_execution_that_is_aborted_stops_its_job(state: dict[str, Any], stop: Any) -> None:
    services = Services("RUNNING")
    execution = start_here(chain(state), perform=perform(services))
    run = in_thread(execution.run)
    wait_for(lambda: execution.record["events"][-1]["type"] == "TaskSubmitted", "the job to start")
    execution.abort(None, None)
    run.result(timeout=10)
    assert stopped_by(services) == [stop]


@pytest.mark.parametrize(
    "resource",
    [
        "arn:aws:states:us-east-1:000000000000:activity:approve",
        "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
    ],
)
def test_a_task_that_waits_for_somebody_is_refused_and_no_catch_takes_it(resource: str) -> None:
    """concepts-activities.html and connect-to-resource.html (callback): nobody here would answer."""
    catch = [{"ErrorEquals": ["States.ALL"], "Next": "S2"}]
    machine = chain(task(Resource=resource, Catch=catch, Next="S2"), {"Type": "Succeed"})
    record = run_here(machine, perform=perform(Services("SUCCEEDED")))
    assert (record["status"], record["error"]) == ("FAILED", "States.Runtime")
    assert f"does not run {resource}" in record["cause"]


def test_a_failure_in_a_parallel_branch_stops_the_job_of_the_other() -> None:
    services = Services("RUNNING")
    submitted = threading.Event()

    class Reporting:
        def __init__(self, call: Any) -> None:
            self.lifetime = call.lifetime

        def submitted(self, output: Any) -> None:
            submitted.set()

    def with_failure(resource: str, arguments: Any, call: Any) -> Any:
        if resource == GLUE:
            return perform(services)(resource, arguments, Reporting(call))
        assert submitted.wait(10)
        raise StateFailure("Bad")

    machine = chain({"Type": "Parallel", "Branches": [chain(JOB), chain(task())]})
    assert run_here(machine, perform=with_failure)["error"] == "Bad"
    assert stopped_by(services) == [STOPPED[0][1]]
