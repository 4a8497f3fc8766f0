"""Glue jobs of a state machine, with real runs:
docs.aws.amazon.com/step-functions/latest/dg/connect-glue.html and connect-to-resource.html (run a job)."""

import uuid

from glue_jobs import create_job, until
from instances import Instance, wait_for
from machines import chain, create_machine, run_in, task

RESOURCE = "arn:aws:states:::glue:startJobRun.sync"


def test_the_result_is_the_run_and_its_moments_are_epoch_milliseconds(cloud: Instance) -> None:
    name = f"short-{uuid.uuid4()}"
    create_job(cloud, name, "print('done')")
    description = run_in(cloud, chain(task(Resource=RESOURCE, Arguments={"JobName": name})))
    run = description["output"]
    assert (run["JobName"], run["JobRunState"]) == (name, "SUCCEEDED")
    assert 0 <= run["CompletedOn"] - run["StartedOn"] < 120_000


def test_a_task_that_times_out_stops_the_run_and_a_second_run_is_refused_meanwhile(cloud: Instance) -> None:
    name = f"long-{uuid.uuid4()}"
    create_job(cloud, name, "import time\ntime.sleep(600)\n")
    client, glue = cloud.client("stepfunctions"), cloud.client("glue")
    state = task(Resource=RESOURCE, Arguments={"JobName": name}, TimeoutSeconds=20)
    arn = client.start_execution(stateMachineArn=create_machine(cloud, chain(state)))["executionArn"]
    run_id = wait_for(lambda: glue.get_job_runs(JobName=name)["JobRuns"], "the run")[0]["Id"]

    refused = run_in(cloud, chain(task(Resource=RESOURCE, Arguments={"JobName": name})))
    assert refused["error"] == "Glue.ConcurrentRunsExceededException"

    until(cloud, name, run_id, "STOPPED")
    assert client.describe_execution(executionArn=arn)["error"] == "States.Timeout"


def test_a_run_is_stopped_with_its_execution(cloud: Instance) -> None:
    name = f"aborted-{uuid.uuid4()}"
    create_job(cloud, name, "import time\ntime.sleep(600)\n")
    client, glue = cloud.client("stepfunctions"), cloud.client("glue")
    machine = create_machine(cloud, chain(task(Resource=RESOURCE, Arguments={"JobName": name})))
    arn = client.start_execution(stateMachineArn=machine)["executionArn"]
    run_id = wait_for(lambda: glue.get_job_runs(JobName=name)["JobRuns"], "the run")[0]["Id"]
    client.stop_execution(executionArn=arn)
    until(cloud, name, run_id, "STOPPED")
