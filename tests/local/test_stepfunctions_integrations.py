"""What a task calls, in a real instance:
docs.aws.amazon.com/step-functions/latest/dg/integrate-optimized.html (connect-lambda.html, connect-ddb.html,
connect-sns.html ...) and supported-services-awssdk.html."""

import io
import json
import uuid
import zipfile
from collections.abc import Callable
from typing import Any

import botocore.session
import pytest

from instances import Instance, wait_for
from localcloud.stepfunctions.integrations.faults import optimised_error, sdk_error
from machines import ROLE, chain, create_machine, ended, run_in, task

OPTIMISED = "arn:aws:states:::"
SDK = "arn:aws:states:::aws-sdk:"

HANDLER = """
class LeaseLost extends Error { constructor(m) { super(m); this.name = 'LeaseLost'; } }
exports.handler = async (event) => {
  if (event.fail) throw new LeaseLost('lease ' + event.fail + ' is gone');
  return { got: event };
};
"""


@pytest.fixture(scope="module")
def function(cloud: Instance) -> str:
    """The ARN of a function that returns its event, or throws LeaseLost."""
    code = io.BytesIO()
    with zipfile.ZipFile(code, "w") as archive:
        archive.writestr("index.js", HANDLER)
    return str(
        cloud.client("lambda").create_function(
            FunctionName=f"f-{uuid.uuid4()}",
            Runtime="nodejs22.x",
            Role=ROLE,
            Handler="index.handler",
            Code={"ZipFile": code.getvalue()},
            Timeout=20,
        )["FunctionArn"]
    )


@pytest.fixture
def table(cloud: Instance) -> str:
    name = f"t-{uuid.uuid4()}"
    cloud.client("dynamodb").create_table(
        TableName=name,
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    return name


KEY = {"pk": {"S": "a"}}
NO_TOPIC = "arn:aws:sns:us-east-1:000000000000:absent"
NO_RUN = "arn:aws:states:us-east-1:000000000000:execution:m:absent"


def call(resource: str, arguments: Any, **fields: Any) -> dict[str, Any]:
    return chain({**task(Resource=resource, Arguments=arguments), **fields})


def result_of(cloud: Instance, resource: str, arguments: Any) -> Any:
    description = run_in(cloud, call(resource, arguments))
    assert description["status"] == "SUCCEEDED", (description["error"], description["cause"])
    return description["output"]


def failure_of(cloud: Instance, resource: str, arguments: Any) -> tuple[str, str]:
    description = run_in(cloud, call(resource, arguments))
    assert description["status"] == "FAILED", description["output"]
    return description["error"], description.get("cause", "")


def test_lambda_invoke_takes_and_gives_json(cloud: Instance, function: str) -> None:
    result = result_of(cloud, OPTIMISED + "lambda:invoke", {"FunctionName": function, "Payload": {"a": [1]}})
    assert (result["Payload"], result["StatusCode"]) == ({"got": {"a": [1]}}, 200)


def test_a_function_as_resource_gives_its_payload(cloud: Instance, function: str) -> None:
    assert result_of(cloud, function, {"a": 1}) == {"got": {"a": 1}}


def test_the_error_of_a_function_is_caught_by_its_name(cloud: Instance, function: str) -> None:
    catch = [{"ErrorEquals": ["LeaseLost"], "Next": "S2"}]
    arguments = {"FunctionName": function, "Payload": {"fail": "7"}}
    invoke = task(Resource=OPTIMISED + "lambda:invoke", Arguments=arguments, Catch=catch, Next="S2")
    description = run_in(cloud, chain(invoke, {"Type": "Succeed"}))
    caught = description["output"]
    assert caught["Error"] == "LeaseLost"
    assert json.loads(caught["Cause"])["errorMessage"] == "lease 7 is gone"


def test_dynamodb_items_keep_their_attribute_names(cloud: Instance, table: str) -> None:
    item = {"pk": {"S": "a"}, "lower": {"M": {"n": {"N": "1"}}}, "no": {"NULL": True}, "list": {"L": []}}
    result_of(cloud, OPTIMISED + "dynamodb:putItem", {"TableName": table, "Item": item})
    read = result_of(cloud, OPTIMISED + "dynamodb:getItem", {"TableName": table, "Key": {"pk": {"S": "a"}}})
    assert read["Item"] == item
    update = {
        "TableName": table,
        "Key": {"pk": {"S": "a"}},
        "UpdateExpression": "SET #n = :v",
        "ExpressionAttributeNames": {"#n": "lower"},
        "ExpressionAttributeValues": {":v": {"S": "b"}},
        "ReturnValues": "UPDATED_NEW",
    }
    assert result_of(cloud, OPTIMISED + "dynamodb:updateItem", update)["Attributes"] == {"lower": {"S": "b"}}
    sdk_read = result_of(cloud, SDK + "dynamodb:getItem", {"TableName": table, "Key": {"pk": {"S": "a"}}})
    assert sdk_read["Item"]["lower"] == {"S": "b"}


@pytest.mark.parametrize(
    ("resource", "error"),
    [
        (OPTIMISED + "dynamodb:deleteItem", "DynamoDB.ConditionalCheckFailedException"),
        (SDK + "dynamodb:deleteItem", "DynamoDb.ConditionalCheckFailedException"),
    ],
)
def test_a_failed_condition_has_the_name_of_its_integration(
    cloud: Instance, table: str, resource: str, error: str
) -> None:
    arguments = {
        "TableName": table,
        "Key": {"pk": {"S": "absent"}},
        "ConditionExpression": "attribute_exists(pk)",
    }
    assert failure_of(cloud, resource, arguments)[0] == error


@pytest.mark.parametrize(
    ("resource", "arguments", "error"),
    [
        ("lambda:invoke", {"FunctionName": "absent", "Payload": {}}, "Lambda.ResourceNotFoundException"),
        ("dynamodb:getItem", {"TableName": "absent", "Key": KEY}, "DynamoDB.ResourceNotFoundException"),
        ("glue:startJobRun", {"JobName": "absent"}, "Glue.EntityNotFoundException"),
        ("glue:startJobRun.sync", {"JobName": "absent"}, "Glue.EntityNotFoundException"),
        ("athena:getQueryResults", {"QueryExecutionId": "absent"}, "Athena.InvalidRequestException"),
        ("sns:publish", {"TopicArn": NO_TOPIC, "Message": "m"}, "SNS.NotFoundException"),
        ("aws-sdk:s3:getObject", {"Bucket": "absent-bucket", "Key": "k"}, "S3.S3Exception"),
        ("aws-sdk:sfn:describeExecution", {"ExecutionArn": NO_RUN}, "Sfn.ExecutionDoesNotExistException"),
        ("dynamodb:getItem", {"TableName": "t", "Key": {}, "Unknown": 1}, "States.Runtime"),
        ("batch:submitJob.sync", {}, "States.Runtime"),
        ("lambda:invoke.waitForTaskToken", {"FunctionName": "absent"}, "States.Runtime"),
        ("aws-sdk:s3:noSuchThing", {}, "States.Runtime"),
    ],
)
def test_errors_have_the_names_that_aws_gives_them(
    cloud: Instance, resource: str, arguments: Any, error: str
) -> None:
    assert failure_of(cloud, OPTIMISED + resource, arguments)[0] == error


BUSY = "ConcurrentRunsExceededException"
EXISTS = "ExecutionAlreadyExists"


@pytest.mark.parametrize(
    ("name", "service", "operation", "code", "error"),
    [
        (optimised_error, "glue", "StartJobRun", BUSY, f"Glue.{BUSY}"),
        (
            optimised_error,
            "dynamodb",
            "UpdateItem",
            "ValidationException",
            "DynamoDB.AmazonDynamoDBException",
        ),
        (optimised_error, "lambda", "Invoke", "TooManyRequestsException", "Lambda.TooManyRequestsException"),
        (optimised_error, "stepfunctions", "StartExecution", EXISTS, f"StepFunctions.{EXISTS}Exception"),
        (sdk_error, "stepfunctions", "StartExecution", EXISTS, f"Sfn.{EXISTS}Exception"),
        (sdk_error, "s3", "GetObject", "NoSuchKey", "S3.NoSuchKeyException"),
        (sdk_error, "athena", "GetQueryResults", "InvalidRequestException", "Athena.InvalidRequestException"),
    ],
)
def test_an_error_code_becomes_an_exception_of_the_java_sdk(
    name: Callable[..., str], service: str, operation: str, code: str, error: str
) -> None:
    model = botocore.session.Session().get_service_model(service)
    assert name(service, model.operation_model(operation), code) == error


def test_sns_publish_sends_an_object_as_json_text(cloud: Instance) -> None:
    sns, sqs = cloud.client("sns"), cloud.client("sqs")
    topic = sns.create_topic(Name=f"n-{uuid.uuid4()}")["TopicArn"]
    url = sqs.create_queue(QueueName=f"q-{uuid.uuid4()}")["QueueUrl"]
    queue = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=queue)
    result = result_of(cloud, OPTIMISED + "sns:publish", {"TopicArn": topic, "Message": {"a": 1}})
    messages = wait_for(lambda: sqs.receive_message(QueueUrl=url).get("Messages"), "the message")
    body = json.loads(messages[0]["Body"])
    assert (json.loads(body["Message"]), body["MessageId"]) == ({"a": 1}, result["MessageId"])


def test_s3_get_object_gives_the_body_as_text(cloud: Instance) -> None:
    s3, bucket = cloud.client("s3"), f"b-{uuid.uuid4()}"
    s3.create_bucket(Bucket=bucket)
    s3.put_object(Bucket=bucket, Key="k", Body='{"a": "ü"}'.encode())
    result = result_of(cloud, SDK + "s3:getObject", {"Bucket": bucket, "Key": "k"})
    assert json.loads(result["Body"]) == {"a": "ü"}
    assert (
        failure_of(cloud, SDK + "s3:getObject", {"Bucket": bucket, "Key": "x"})[0] == "S3.NoSuchKeyException"
    )


CHILD = chain({"Type": "Succeed", "Output": "{% {'doubled': $states.input.n * 2} %}"})


def test_an_execution_can_be_started_and_described_through_the_sdk(cloud: Instance) -> None:
    child = create_machine(cloud, CHILD)
    arguments = {"StateMachineArn": child, "Name": "one", "Input": '{"n":1}'}
    started = result_of(cloud, SDK + "sfn:startExecution", arguments)
    ended(cloud, started["ExecutionArn"])
    described = result_of(cloud, SDK + "sfn:describeExecution", {"ExecutionArn": started["ExecutionArn"]})
    assert (described["Status"], described["Output"]) == ("SUCCEEDED", '{"doubled":2}')
    assert described["StartDate"].endswith("Z")
    again = failure_of(cloud, SDK + "sfn:startExecution", arguments)
    assert again[0] == "Sfn.ExecutionAlreadyExistsException"


def test_a_nested_execution_can_be_waited_for(cloud: Instance) -> None:
    child = create_machine(cloud, CHILD)
    arguments = {"StateMachineArn": child, "Input": {"n": 2}}
    text = result_of(cloud, OPTIMISED + "states:startExecution.sync", arguments)["Output"]
    assert text == '{"doubled":4}'
    document = result_of(cloud, OPTIMISED + "states:startExecution.sync:2", arguments)["Output"]
    assert document == {"doubled": 4}
    failing = create_machine(cloud, chain({"Type": "Fail", "Error": "Bad", "Cause": "c"}))
    error, cause = failure_of(cloud, OPTIMISED + "states:startExecution.sync", {"StateMachineArn": failing})
    assert (error, json.loads(cause)["Error"]) == ("States.TaskFailed", "Bad")


def test_a_nested_execution_is_aborted_with_the_one_that_waits_for_it(cloud: Instance) -> None:
    client = cloud.client("stepfunctions")
    child = create_machine(cloud, chain({"Type": "Wait", "Seconds": 100_000}))
    parent = call(OPTIMISED + "states:startExecution.sync", {"StateMachineArn": child})
    arn = client.start_execution(stateMachineArn=create_machine(cloud, parent))["executionArn"]
    listed = lambda: client.list_executions(stateMachineArn=child)["executions"]  # noqa: E731
    inner = wait_for(listed, "the nested execution")[0]["executionArn"]
    client.stop_execution(executionArn=arn)
    assert ended(cloud, inner)["status"] == "ABORTED"


def test_the_start_of_a_job_is_in_the_history(cloud: Instance) -> None:
    child = create_machine(cloud, CHILD)
    machine = call(OPTIMISED + "states:startExecution.sync", {"StateMachineArn": child, "Input": {"n": 1}})
    description = run_in(cloud, machine)
    events = cloud.client("stepfunctions").get_execution_history(executionArn=description["executionArn"])
    assert [event["type"] for event in events["events"]] == [
        *("ExecutionStarted", "TaskStateEntered", "TaskScheduled", "TaskStarted", "TaskSubmitted"),
        *("TaskSucceeded", "TaskStateExited", "ExecutionSucceeded"),
    ]
