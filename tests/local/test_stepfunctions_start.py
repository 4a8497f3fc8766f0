"""StartExecution and the life of executions in a real instance:
docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html and
docs.aws.amazon.com/step-functions/latest/dg/concepts-cd-aliasing-versioning.html."""

import json
import time
from typing import Any

import pytest
from botocore.exceptions import ClientError
from hypothesis import given
from hypothesis import strategies as st

from instances import Instance, wait_for
from localcloud.stepfunctions.start import StartRefused, read_request
from machines import ROLE, chain, create_machine, ended, run_in

ABSENT = "arn:aws:states:us-east-1:000000000000:stateMachine:absent"
WAIT = chain({"Type": "Wait", "Seconds": 100_000})


def code_of(error: pytest.ExceptionInfo[ClientError]) -> str:
    return str(error.value.response["Error"]["Code"])


def test_the_same_start_of_a_running_execution_gets_the_same_answer(cloud: Instance) -> None:
    client = cloud.client("stepfunctions")
    request = {"stateMachineArn": create_machine(cloud, WAIT), "name": "batch-1", "input": '{"a":1}'}
    first = client.start_execution(**request)
    second = client.start_execution(**request)
    assert (first["executionArn"], first["startDate"]) == (second["executionArn"], second["startDate"])
    with pytest.raises(ClientError) as error:
        client.start_execution(**{**request, "input": '{"a":2}'})
    assert code_of(error) == "ExecutionAlreadyExists"
    client.stop_execution(executionArn=first["executionArn"])
    with pytest.raises(ClientError) as error:
        client.start_execution(**request)
    assert code_of(error) == "ExecutionAlreadyExists"


def test_a_stopped_execution_stays_aborted(cloud: Instance) -> None:
    client = cloud.client("stepfunctions")
    arn = client.start_execution(stateMachineArn=create_machine(cloud, WAIT))["executionArn"]
    stopped = client.stop_execution(executionArn=arn, error="Stopped", cause="by hand")
    again = client.stop_execution(executionArn=arn, error="Other", cause="later")
    assert stopped["stopDate"] == again["stopDate"]
    description = ended(cloud, arn)
    assert [description[key] for key in ("status", "error", "cause")] == ["ABORTED", "Stopped", "by hand"]
    history = client.get_execution_history(executionArn=arn, reverseOrder=True)["events"]
    assert history[0]["type"] == "ExecutionAborted"
    assert history[0]["executionAbortedEventDetails"] == {"error": "Stopped", "cause": "by hand"}


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"name": "a/b"}, "InvalidName"),
        ({"name": "a b"}, "InvalidName"),
        ({"input": "{not json"}, "InvalidExecutionInput"),
        ({"stateMachineArn": ABSENT}, "StateMachineDoesNotExist"),
    ],
)
def test_a_wrong_start_is_refused(cloud: Instance, fields: dict[str, str], code: str) -> None:
    request = {"stateMachineArn": create_machine(cloud, WAIT), **fields}
    with pytest.raises(ClientError) as error:
        cloud.client("stepfunctions").start_execution(**request)
    assert code_of(error) == code


@given(st.text(min_size=1, max_size=100))
def test_a_name_is_taken_as_it_is_or_refused(name: str) -> None:
    forbidden = set('<>{}[]?*"#%\\^|~`$&,;:/')
    wrong = len(name) > 80 or any(
        c in forbidden or c.isspace() or ord(c) < 32 or 127 <= ord(c) < 160 for c in name
    )
    try:
        assert read_request({"name": name}).name == name
        assert not wrong
    except StartRefused as refusal:
        assert (wrong, refusal.code) == (True, "InvalidName")


def test_an_input_over_256_kib_is_refused() -> None:
    with pytest.raises(StartRefused):
        read_request({"input": json.dumps("x" * 262_143)})
    assert read_request({"input": json.dumps("x" * 262_142)}).input


def test_an_alias_runs_the_definition_of_its_version(cloud: Instance) -> None:
    client = cloud.client("stepfunctions")
    arn = create_machine(cloud, chain({"Type": "Succeed", "Output": "old"}))
    version = client.publish_state_machine_version(stateMachineArn=arn)["stateMachineVersionArn"]
    alias = client.create_state_machine_alias(
        name="live", routingConfiguration=[{"stateMachineVersionArn": version, "weight": 100}]
    )["stateMachineAliasArn"]
    new = {"QueryLanguage": "JSONata", **chain({"Type": "Succeed", "Output": "new"})}
    client.update_state_machine(stateMachineArn=arn, definition=json.dumps(new), roleArn=ROLE)
    outputs = {}
    for target in (arn, version, alias):
        execution = client.start_execution(stateMachineArn=target)["executionArn"]
        outputs[target] = ended(cloud, execution)
    assert [outputs[target]["output"] for target in (arn, version, alias)] == ["new", "old", "old"]
    assert outputs[alias]["stateMachineAliasArn"] == alias
    assert outputs[alias]["stateMachineVersionArn"] == version


def test_an_execution_starts_without_a_delay(cloud: Instance) -> None:
    arn = create_machine(cloud, chain({"Type": "Pass"}, {"Type": "Succeed"}))
    client = cloud.client("stepfunctions")
    delays = []
    for _ in range(10):
        execution = ended(cloud, client.start_execution(stateMachineArn=arn)["executionArn"])
        events = client.get_execution_history(executionArn=execution["executionArn"])["events"]
        delays.append((events[1]["timestamp"] - events[0]["timestamp"]).total_seconds())
    assert min(delays) < 0.1


def test_wait_states_and_retries_are_scaled(cloud: Instance) -> None:
    retry = [{"ErrorEquals": ["States.ALL"], "IntervalSeconds": 20, "MaxAttempts": 1}]
    failing = {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Retry": retry}
    catch = [{"ErrorEquals": ["States.ALL"], "Next": "S3"}]
    states: list[dict[str, Any]] = [
        {"Type": "Wait", "Seconds": 20},
        {**failing, "Arguments": {"FunctionName": "absent"}, "Catch": catch, "Next": "S3"},
        {"Type": "Succeed"},
    ]
    began = time.monotonic()
    assert run_in(cloud, chain(*states))["output"]["Error"] == "Lambda.ResourceNotFoundException"
    assert 0.4 < time.monotonic() - began < 20


def test_an_execution_that_ran_when_the_instance_was_killed_is_closed(own_cloud: Instance) -> None:
    client = own_cloud.client("stepfunctions")
    machine = create_machine(own_cloud, WAIT)
    arn = client.start_execution(stateMachineArn=machine, name="cut-off")["executionArn"]
    wait_for(lambda: last_event(own_cloud, arn) == "WaitStateEntered", "the wait")
    own_cloud.kill()
    client = own_cloud.start().client("stepfunctions")
    assert client.describe_execution(executionArn=arn)["status"] == "FAILED"
    assert last_event(own_cloud, arn) == "ExecutionFailed"
    with pytest.raises(ClientError) as error:
        client.start_execution(stateMachineArn=machine, name="cut-off")
    assert code_of(error) == "ExecutionAlreadyExists"


def last_event(cloud: Instance, arn: str) -> str:
    client = cloud.client("stepfunctions")
    return str(client.get_execution_history(executionArn=arn, reverseOrder=True)["events"][0]["type"])
