"""What a role asks of the local cloud is on record as IAM would check it: real requests of the AWS SDK."""

import contextlib
import io
import json
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from instances import Instance, wait_for
from localcloud.wire import client

ROLE = "planner"
ACCOUNT = "us-east-1:000000000000"
LEDGER = f"arn:aws:dynamodb:{ACCOUNT}:table/ledger"
Call = tuple[str, str, dict[str, Any]]


class Caller:
    """A role's clients, and what was recorded of it since it was last asked."""

    def __init__(self, cloud: Instance) -> None:
        self._cloud = cloud
        self._told = 0

    def client(self, service: str) -> Any:
        return client(service, self._cloud.endpoint, ROLE)

    def lines(self) -> list[dict[str, Any]]:
        file = self._cloud.home / "calls.jsonl"
        return [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []

    def needs(self) -> list[Call]:
        known = [line for line in self.lines() if line["role"] == ROLE and "action" in line]
        fresh, self._told = known[self._told :], len(known)
        return [(call["action"], call["resource"], call["context"]) for call in fresh]


@pytest.fixture(scope="module")
def recorded_cloud(tmp_path_factory: pytest.TempPathFactory, toolchain: Any) -> Iterator[Instance]:
    variables = {"LOCALCLOUD_RECORD_CALLS": "1", "LOCALCLOUD_WAIT_SCALE": "0.01"}
    instance = Instance(tmp_path_factory.mktemp("recorded"), toolchain, variables).start()
    instance.client("s3").create_bucket(Bucket="files")
    instance.client("dynamodb").create_table(
        TableName="ledger",
        BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
        AttributeDefinitions=[
            {"AttributeName": name, "AttributeType": "S"} for name in ("pk", "sk", "state", "sequence")
        ],
        GlobalSecondaryIndexes=[
            {
                "IndexName": "byState",
                "KeySchema": [
                    {"AttributeName": "state", "KeyType": "HASH"},
                    {"AttributeName": "sequence", "KeyType": "RANGE"},
                ],
                "Projection": {"ProjectionType": "ALL"},
            }
        ],
    )
    yield instance
    instance.stop()


@pytest.fixture
def role(recorded_cloud: Instance) -> Caller:
    caller = Caller(recorded_cloud)
    caller.needs()
    return caller


def of_key(action: str, key: str) -> Call:
    return (f"s3:{action}", f"arn:aws:s3:::files/{key}", {})


BUCKET = "arn:aws:s3:::files"


def test_reads_and_writes_of_objects_name_their_keys(role: Caller) -> None:
    s3 = role.client("s3")
    s3.put_object(Bucket="files", Key="a b/ü+%.csv", Body=b"x")
    s3.put_object(Bucket="files", Key="tagged", Body=b"x", Tagging="a=b")
    s3.get_object(Bucket="files", Key="a b/ü+%.csv")["Body"].read()
    s3.head_object(Bucket="files", Key="a b/ü+%.csv")
    s3.get_object_tagging(Bucket="files", Key="tagged")
    s3.delete_object(Bucket="files", Key="tagged")

    assert role.needs() == [
        of_key("PutObject", "a b/ü+%.csv"),
        of_key("PutObject", "tagged"),
        of_key("PutObjectTagging", "tagged"),
        of_key("GetObject", "a b/ü+%.csv"),
        of_key("GetObjectTagging", "tagged"),
        of_key("DeleteObject", "tagged"),
    ]


def test_a_copy_needs_its_source_and_its_destination(role: Caller) -> None:
    s3 = role.client("s3")
    s3.put_object(Bucket="files", Key="from+here", Body=b"x")
    role.needs()
    s3.copy_object(Bucket="files", Key="to", CopySource={"Bucket": "files", "Key": "from+here"})
    source = {"Bucket": "files", "Key": "from+here", "VersionId": "null"}
    with pytest.raises(ClientError):
        s3.copy_object(Bucket="files", Key="to", CopySource={**source, "Key": "absent"})

    assert role.needs() == [
        of_key("PutObject", "to"),
        of_key("GetObject", "from+here"),
        of_key("GetObjectVersion", "absent"),
        ("s3:ListBucket", BUCKET, {}),
    ]


def test_an_object_that_is_not_there_needs_the_right_to_list(role: Caller) -> None:
    with pytest.raises(ClientError):
        role.client("s3").head_object(Bucket="files", Key="nothing")

    assert ("s3:GetObject", f"{BUCKET}/nothing", {}) in role.needs()
    listed = [line for line in role.lines() if line.get("action") == "s3:ListBucket"]
    assert {"role": ROLE, "action": "s3:ListBucket", "resource": BUCKET, "context": {}} in listed


def test_listings_tell_their_prefix(role: Caller) -> None:
    s3 = role.client("s3")
    s3.list_objects_v2(Bucket="files", Prefix="raw/", Delimiter="/")
    s3.list_object_versions(Bucket="files", Prefix="raw/")
    s3.get_bucket_location(Bucket="files")

    assert role.needs() == [
        ("s3:ListBucket", BUCKET, {"s3:prefix": "raw/", "s3:delimiter": "/"}),
        ("s3:ListBucketVersions", BUCKET, {"s3:prefix": "raw/"}),
        ("s3:GetBucketLocation", BUCKET, {}),
    ]


def test_a_deletion_of_many_objects_and_the_parts_of_an_upload_are_those_of_single_ones(role: Caller) -> None:
    s3 = role.client("s3")
    objects = [{"Key": "one&two"}, {"Key": "three", "VersionId": "null"}]
    s3.delete_objects(Bucket="files", Delete={"Objects": objects})
    upload = s3.create_multipart_upload(Bucket="files", Key="large")["UploadId"]
    s3.upload_part(Bucket="files", Key="large", UploadId=upload, PartNumber=1, Body=b"x")
    s3.list_parts(Bucket="files", Key="large", UploadId=upload)
    s3.abort_multipart_upload(Bucket="files", Key="large", UploadId=upload)

    assert role.needs() == [
        of_key("DeleteObject", "one&two"),
        of_key("DeleteObjectVersion", "three"),
        of_key("PutObject", "large"),
        of_key("ListMultipartUploadParts", "large"),
        of_key("AbortMultipartUpload", "large"),
    ]


def key(pk: str) -> dict[str, Any]:
    return {"pk": {"S": pk}, "sk": {"S": "s"}}


def test_requests_to_a_table_tell_the_partition_keys_of_their_items(role: Caller) -> None:
    dynamodb = role.client("dynamodb")
    dynamodb.put_item(TableName="ledger", Item={**key("entry"), "state": {"S": "OPEN"}})
    dynamodb.get_item(TableName="ledger", Key=key("control"))
    dynamodb.batch_get_item(RequestItems={"ledger": {"Keys": [key("b"), key("a")]}})
    dynamodb.query(
        TableName="ledger",
        KeyConditionExpression="#p = :p AND sk > :from",
        ExpressionAttributeNames={"#p": "pk"},
        ExpressionAttributeValues={":p": {"S": "pending"}, ":from": {"S": "0"}},
    )
    dynamodb.query(
        TableName="ledger",
        IndexName="byState",
        KeyConditionExpression="#state = :state",
        ExpressionAttributeNames={"#state": "state"},
        ExpressionAttributeValues={":state": {"S": "FAILED"}},
    )

    assert role.needs() == [
        ("dynamodb:PutItem", LEDGER, {"dynamodb:LeadingKeys": ["entry"]}),
        ("dynamodb:GetItem", LEDGER, {"dynamodb:LeadingKeys": ["control"]}),
        ("dynamodb:BatchGetItem", LEDGER, {"dynamodb:LeadingKeys": ["a", "b"]}),
        ("dynamodb:Query", LEDGER, {"dynamodb:LeadingKeys": ["pending"]}),
        ("dynamodb:Query", f"{LEDGER}/index/byState", {"dynamodb:LeadingKeys": ["FAILED"]}),
    ]


def test_a_transaction_needs_the_actions_of_its_items(role: Caller) -> None:
    check = {"TableName": "ledger", "Key": key("control"), "ConditionExpression": "attribute_not_exists(pk)"}
    item = {"TableName": "ledger", "Item": key("entry")}
    file = {"TableName": "ledger", "Item": key("file#1")}
    role.client("dynamodb").transact_write_items(
        TransactItems=[{"ConditionCheck": check}, {"Put": item}, {"Put": file}]
    )

    assert role.needs() == [
        ("dynamodb:ConditionCheckItem", LEDGER, {"dynamodb:LeadingKeys": ["control"]}),
        ("dynamodb:PutItem", LEDGER, {"dynamodb:LeadingKeys": ["entry", "file#1"]}),
    ]


@pytest.mark.parametrize(
    ("service", "method", "arguments", "action", "resources"),
    [
        (
            *("glue", "get_table", {"DatabaseName": "lake", "Name": "orders"}, "glue:GetTable"),
            [f"arn:aws:glue:{ACCOUNT}:{name}" for name in ("catalog", "database/lake", "table/lake/orders")],
        ),
        ("glue", "start_job_run", {"JobName": "j"}, "glue:StartJobRun", [f"arn:aws:glue:{ACCOUNT}:job/j"]),
        (
            *("lambda", "invoke", {"FunctionName": f"arn:aws:lambda:{ACCOUNT}:function:f"}),
            *("lambda:InvokeFunction", [f"arn:aws:lambda:{ACCOUNT}:function:f"]),
        ),
        (
            *("sqs", "send_message", {"QueueUrl": "http://127.0.0.1/000000000000/q", "MessageBody": "m"}),
            *("sqs:SendMessage", [f"arn:aws:sqs:{ACCOUNT}:q"]),
        ),
        (
            *("sns", "publish", {"TopicArn": f"arn:aws:sns:{ACCOUNT}:t", "Message": "m"}),
            *("sns:Publish", [f"arn:aws:sns:{ACCOUNT}:t"]),
        ),
        (
            *(
                "stepfunctions",
                "start_execution",
                {"stateMachineArn": f"arn:aws:states:{ACCOUNT}:stateMachine:m"},
            ),
            *("states:StartExecution", [f"arn:aws:states:{ACCOUNT}:stateMachine:m"]),
        ),
        (
            *("athena", "start_query_execution", {"QueryString": "SELECT 1", "WorkGroup": "w"}),
            *("athena:StartQueryExecution", [f"arn:aws:athena:{ACCOUNT}:workgroup/w"]),
        ),
        (
            *("logs", "create_log_stream", {"logGroupName": "/g", "logStreamName": "s"}),
            *("logs:CreateLogStream", [f"arn:aws:logs:{ACCOUNT}:log-group:/g:log-stream:s"]),
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_request_to_another_service_names_what_it_reaches(
    role: Caller, service: str, method: str, arguments: dict[str, Any], action: str, resources: list[str]
) -> None:
    # Nothing of this is there; IAM is asked before that.
    with contextlib.suppress(ClientError):
        getattr(role.client(service), method)(**arguments)

    assert role.needs() == [(action, resource, {}) for resource in resources]


def test_an_alias_is_authorised_by_its_machine_with_its_name_as_the_qualifier(role: Caller) -> None:
    machine = f"arn:aws:states:{ACCOUNT}:stateMachine:released"
    with pytest.raises(ClientError):
        role.client("stepfunctions").start_execution(stateMachineArn=f"{machine}:live")

    assert role.needs() == [("states:StartExecution", machine, {"states:StateMachineQualifier": ["live"]})]


def test_a_query_is_checked_by_its_work_group(recorded_cloud: Instance, role: Caller) -> None:
    recorded_cloud.client("athena").create_work_group(
        Name="lake", Configuration={"ResultConfiguration": {"OutputLocation": "s3://files/results/"}}
    )
    athena = role.client("athena")
    query = athena.start_query_execution(QueryString="SELECT 1", WorkGroup="lake")["QueryExecutionId"]
    role.needs()

    def finished() -> bool:
        execution = athena.get_query_execution(QueryExecutionId=query)["QueryExecution"]
        return bool(execution["Status"]["State"] == "SUCCEEDED")

    wait_for(finished, "the query")
    group = f"arn:aws:athena:{ACCOUNT}:workgroup/lake"
    needs = role.needs()
    assert ("athena:GetQueryExecution", group, {}) in needs
    # Athena writes the result in the name of whoever asked.
    assert ("s3:PutObject", f"{BUCKET}/results/{query}.csv", {}) in needs


def test_a_request_that_is_not_known_is_recorded_as_such(role: Caller) -> None:
    role.client("s3").put_bucket_versioning(Bucket="files", VersioningConfiguration={"Status": "Suspended"})
    role.client("sqs").list_queues()

    unknown = [line["unknown"] for line in role.lines() if "unknown" in line]
    assert unknown == ["s3 PUT /files?versioning", "sqs ListQueues"]


def test_the_operators_own_requests_are_not_recorded(recorded_cloud: Instance, role: Caller) -> None:
    recorded_cloud.client("s3").put_object(Bucket="files", Key="operators", Body=b"x")

    assert "operators" not in (recorded_cloud.home / "calls.jsonl").read_text()


def test_functions_and_machines_call_with_the_key_of_their_role(
    recorded_cloud: Instance, role: Caller
) -> None:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("index.js", "exports.handler = async () => process.env.AWS_ACCESS_KEY_ID")
    function = recorded_cloud.client("lambda").create_function(
        FunctionName="who",
        Runtime="nodejs24.x",
        Handler="index.handler",
        Role="arn:aws:iam::000000000000:role/worker",
        Code={"ZipFile": archive.getvalue()},
    )
    arguments = {"FunctionName": function["FunctionArn"], "Payload": {}}
    state = {
        "Type": "Task",
        "Resource": "arn:aws:states:::lambda:invoke",
        "Arguments": arguments,
        "End": True,
    }
    states = recorded_cloud.client("stepfunctions")
    machine = states.create_state_machine(
        name="asks-who",
        definition=json.dumps({"QueryLanguage": "JSONata", "StartAt": "Ask", "States": {"Ask": state}}),
        roleArn="arn:aws:iam::000000000000:role/conductor",
    )["stateMachineArn"]
    execution = states.start_execution(stateMachineArn=machine)["executionArn"]

    def output() -> str:
        return str(states.describe_execution(executionArn=execution).get("output", ""))

    assert json.loads(wait_for(output, "the execution"))["Payload"] == "worker"
    by_role = {
        (line["role"], line["action"]): line.get("resource") for line in role.lines() if "action" in line
    }
    assert by_role["conductor", "lambda:InvokeFunction"] == function["FunctionArn"]
    log = f"arn:aws:logs:{ACCOUNT}:log-group:/aws/lambda/who:log-stream:any"
    assert by_role["worker", "logs:CreateLogStream"] == by_role["worker", "logs:PutLogEvents"] == log
