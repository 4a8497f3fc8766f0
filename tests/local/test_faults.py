"""Each fault of the injector does to a real client, on a real instance, what its rule says."""

import json
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from botocore.config import Config
from botocore.exceptions import ClientError, ConnectionClosedError
from botocore.session import Session

from fault_rules import fired, put_rule, release
from glue_jobs import create_job, start, until
from instances import Instance, wait_for
from localcloud.faults import FaultRuleError, Rule
from test_lambda_runtime import deploy


class Bucket:
    """A bucket of one test, used by a client that never repeats a request."""

    def __init__(self, cloud: Instance) -> None:
        self.name = f"faults-{uuid4().hex}"
        self._s3 = Session().create_client(
            "s3",
            region_name="us-east-1",
            endpoint_url=cloud.endpoint,
            aws_access_key_id="test",
            aws_secret_access_key="test",
            config=Config(
                retries={"total_max_attempts": 1}, read_timeout=30, s3={"addressing_style": "path"}
            ),
        )
        self._s3.create_bucket(Bucket=self.name)

    def put(self, key: str) -> None:
        self._s3.put_object(Bucket=self.name, Key=key, Body=b"content")

    def keys(self) -> list[str]:
        return [item["Key"] for item in self._s3.list_objects_v2(Bucket=self.name).get("Contents", [])]


@pytest.fixture
def bucket(cloud: Instance) -> Bucket:
    return Bucket(cloud)


def test_an_error_before_a_request_is_the_services_own_and_nothing_is_done(
    cloud: Instance, bucket: Bucket
) -> None:
    about = {"service": "s3", "operation": "PutObject", "target": bucket.name}
    rule = put_rule(cloud, **about, action="error", status=503, code="SlowDown")

    with pytest.raises(ClientError) as raised:
        bucket.put("a")

    assert raised.value.response["Error"]["Code"] == "SlowDown"
    assert raised.value.response["ResponseMetadata"]["HTTPStatusCode"] == 503
    assert bucket.keys() == []
    assert fired(cloud, rule) == [f"s3 PutObject '/{bucket.name}/a?'"]
    bucket.put("a")
    assert bucket.keys() == ["a"]


@pytest.mark.parametrize("service", ["dynamodb", "glue", "states", "sns", "lambda"])
def test_an_error_has_the_form_that_the_sdk_of_the_service_reads(cloud: Instance, service: str) -> None:
    operations = {
        "dynamodb": ("ListTables", "list_tables", {}),
        "glue": ("GetJobRuns", "get_job_runs", {"JobName": "any"}),
        "states": ("ListStateMachines", "list_state_machines", {}),
        "sns": ("ListTopics", "list_topics", {}),
        "lambda": ("Invoke", "invoke", {"FunctionName": "any"}),
    }
    operation, method, arguments = operations[service]
    about = {"service": service, "operation": operation, "target": ""}
    put_rule(cloud, **about, action="error", status=400, code="AccessDeniedException")
    client = cloud.client("stepfunctions" if service == "states" else service)

    with pytest.raises(ClientError) as raised:
        getattr(client, method)(**arguments)

    assert raised.value.response["Error"]["Code"] == "AccessDeniedException"


@pytest.mark.parametrize(("moment", "done"), [("before", []), ("after", ["a"])])
def test_a_dropped_connection_is_all_that_the_caller_learns(
    cloud: Instance, bucket: Bucket, moment: str, done: list[str]
) -> None:
    put_rule(cloud, service="s3", operation="PutObject", target=bucket.name, moment=moment, action="drop")

    with pytest.raises(ConnectionClosedError):
        bucket.put("a")

    assert bucket.keys() == done


def test_a_rule_waits_for_its_turn_and_strikes_as_often_as_it_says(cloud: Instance, bucket: Bucket) -> None:
    about = {"service": "s3", "operation": "PutObject", "target": f"/{bucket.name}/[bcde]"}
    rule = put_rule(cloud, **about, skip=1, times=2, action="error")

    outcomes = {}
    for key in "abcde":
        try:
            bucket.put(key)
            outcomes[key] = "stored"
        except ClientError:
            outcomes[key] = "failed"

    assert outcomes == {"a": "stored", "b": "stored", "c": "failed", "d": "failed", "e": "stored"}
    assert len(fired(cloud, rule)) == 2
    assert not (cloud.home / "faults" / f"{rule}.json").exists()


@pytest.mark.parametrize(("moment", "meanwhile"), [("before", []), ("after", ["a"])])
def test_a_request_or_its_answer_is_held_until_it_is_released(
    cloud: Instance, bucket: Bucket, moment: str, meanwhile: list[str]
) -> None:
    rule = put_rule(
        cloud, service="s3", operation="PutObject", target=bucket.name, moment=moment, action="hold"
    )

    with ThreadPoolExecutor(1) as caller:
        pending = caller.submit(bucket.put, "a")
        wait_for(lambda: fired(cloud, rule), "the request")
        wait_for(lambda: bucket.keys() == meanwhile, "what is done by then")
        assert not pending.done()
        release(cloud, rule)
        pending.result(timeout=30)

    assert bucket.keys() == ["a"]


CALLER = """
import boto3
boto3.client("s3").put_object(Bucket="{bucket}", Key="{key}", Body=b"content")
print("went on")
"""


@pytest.mark.parametrize(("moment", "done"), [("before", []), ("after", ["a"])])
def test_the_job_that_sends_a_request_is_killed(
    cloud: Instance, bucket: Bucket, moment: str, done: list[str]
) -> None:
    name = f"killed-{moment}"
    create_job(cloud, name, CALLER.format(bucket=bucket.name, key="a"))
    put_rule(
        cloud, service="s3", operation="PutObject", target=bucket.name, moment=moment, action="kill-caller"
    )

    run = until(cloud, name, start(cloud, name), "FAILED", "SUCCEEDED")

    assert "signal 9" in run["ErrorMessage"]
    assert bucket.keys() == done


def test_a_held_request_is_carried_out_although_its_sender_is_dead(cloud: Instance, bucket: Bucket) -> None:
    create_job(cloud, "zombie", CALLER.format(bucket=bucket.name, key="late"))
    rule = put_rule(cloud, service="s3", operation="PutObject", target=bucket.name, action="hold")
    run_id = start(cloud, "zombie")
    wait_for(lambda: fired(cloud, rule), "the request")

    cloud.client("glue").batch_stop_job_run(JobName="zombie", JobRunIds=[run_id])
    until(cloud, "zombie", run_id, "STOPPED")
    assert bucket.keys() == []
    release(cloud, rule)

    wait_for((cloud.home / "faults" / f"{rule}.finished").exists, "the request of the dead job")
    assert bucket.keys() == ["late"]


def test_the_function_that_sends_a_request_is_killed_and_the_next_call_has_another(cloud: Instance) -> None:
    source = """
const http = require('node:http');
exports.handler = () => new Promise((resolve, reject) => {
  const headers = { authorization: 'AWS4-HMAC-SHA256 Credential=test/20250101/us-east-1/s3/aws4_request' };
  const options = { method: 'HEAD', headers };
  http.request(process.env.AWS_ENDPOINT_URL + '/killed-by-head/a', options, () => resolve('answered'))
    .on('error', reject).end();
});
"""
    deploy(cloud, "killed", source)
    put_rule(cloud, service="s3", operation="HeadObject", target="/killed-by-head/a", action="kill-caller")

    first, second = (cloud.client("lambda").invoke(FunctionName="killed") for _ in range(2))

    assert first["FunctionError"] == "Unhandled"
    assert json.loads(first["Payload"].read())["errorType"] == "Runtime.ExitError"
    assert json.loads(second["Payload"].read()) == "answered"


def test_the_cloud_is_killed_after_the_request_and_not_again_once_it_is_started(own_cloud: Instance) -> None:
    bucket = Bucket(own_cloud)
    about = {"service": "s3", "operation": "PutObject", "target": bucket.name}
    put_rule(own_cloud, **about, moment="after", action="kill-cloud")

    with pytest.raises(ConnectionClosedError):
        bucket.put("a")

    assert own_cloud.process is not None
    assert own_cloud.process.wait(timeout=30) == -9
    own_cloud.start()
    bucket.put("b")
    assert bucket.keys() == ["a", "b"]


class Deliveries:
    """A queue that gets what is put into a bucket."""

    def __init__(self, cloud: Instance, bucket: Bucket) -> None:
        s3, events, self._sqs = (cloud.client(name) for name in ("s3", "events", "sqs"))
        name = bucket.name
        configuration: dict[str, dict[str, str]] = {"EventBridgeConfiguration": {}}
        s3.put_bucket_notification_configuration(Bucket=name, NotificationConfiguration=configuration)
        self._url = self._sqs.create_queue(QueueName=name)["QueueUrl"]
        attributes = self._sqs.get_queue_attributes(QueueUrl=self._url, AttributeNames=["QueueArn"])
        events.put_rule(Name=name, EventPattern=json.dumps({"detail": {"bucket": {"name": [name]}}}))
        targets = [{"Id": "queue", "Arn": attributes["Attributes"]["QueueArn"]}]
        events.put_targets(Rule=name, Targets=targets)
        self._received: list[str] = []

    def received(self) -> list[str]:
        """The keys that arrived so far."""
        answer = self._sqs.receive_message(QueueUrl=self._url, MaxNumberOfMessages=10)
        for message in answer.get("Messages", []):
            self._received.append(json.loads(message["Body"])["detail"]["object"]["key"])
        return self._received


def test_a_delivery_is_lost_doubled_or_overtaken(cloud: Instance, bucket: Bucket) -> None:
    deliveries = Deliveries(cloud, bucket)
    actions = {"lost": "drop", "twice": "double", "late": "hold"}
    rules = {
        key: put_rule(
            cloud, service="events", operation="Deliver", target=f'{bucket.name}.*"{key}"', action=action
        )
        for key, action in actions.items()
    }
    for key in (*actions, "plain"):
        bucket.put(key)

    wait_for(lambda: sorted(deliveries.received()) == ["plain", "twice", "twice"], "what is not held")
    release(cloud, rules["late"])
    wait_for(lambda: deliveries.received()[-1] == "late", "what was held")
    assert all(len(fired(cloud, rule)) == 1 for rule in rules.values())


@pytest.mark.parametrize(
    "rule",
    [
        {"service": "s3", "operation": "PutObject", "target": "", "action": "explode"},
        {"service": "s3", "operation": "PutObject", "target": "", "action": "fail"},
        {"service": "events", "operation": "Deliver", "target": "", "action": "error"},
        {"service": "s3", "operation": "PutObject", "action": "drop"},
        {"service": "s3", "operation": "PutObject", "target": "", "action": "drop", "moments": "after"},
        {"service": "s3", "operation": "PutObject", "target": "", "action": "drop", "moment": "during"},
        {"service": "s3", "operation": "PutObject", "target": "", "action": "drop", "times": "2"},
    ],
    ids=lambda rule: json.dumps(rule),
)
def test_a_rule_that_means_nothing_is_refused(rule: dict[str, object]) -> None:
    with pytest.raises(FaultRuleError, match="typo: "):
        Rule.parse("typo", rule)
