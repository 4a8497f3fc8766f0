"""kill -9 of the launcher loses nothing that was answered."""

import json
import time
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from instances import Instance, wait_for
from localcloud.persistence.mutations import is_read, operation_of

TABLE: dict[str, Any] = {
    "TableName": "ledger",
    "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
    "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}],
    "BillingMode": "PAY_PER_REQUEST",
}


def crash(cloud: Instance) -> None:
    cloud.kill()
    cloud.start()


def test_item_writes_survive_in_their_order(own_cloud: Instance) -> None:
    table = own_cloud.client("dynamodb")
    table.create_table(**TABLE)
    table.put_item(TableName="ledger", Item={"pk": {"S": "gone"}})
    table.delete_item(TableName="ledger", Key={"pk": {"S": "gone"}})
    add: dict[str, Any] = {
        "UpdateExpression": "ADD n :one",
        "ExpressionAttributeValues": {":one": {"N": "1"}},
    }
    for _ in range(3):
        table.update_item(TableName="ledger", Key={"pk": {"S": "counter"}}, **add)
    write = {"Put": {"TableName": "ledger", "Item": {"pk": {"S": "a\nb"}}}}
    table.transact_write_items(TransactItems=[write])

    for _ in range(2):
        # The second crash finds the journal folded into a snapshot, or not: the counter tells.
        crash(own_cloud)

    items = {item["pk"]["S"]: item for item in table.scan(TableName="ledger")["Items"]}
    assert sorted(items) == ["a\nb", "counter"]
    assert items["counter"]["n"] == {"N": "3"}


def test_a_queued_and_a_received_message_reappear(own_cloud: Instance) -> None:
    queues = own_cloud.client("sqs")
    url = queues.create_queue(QueueName="arrivals", Attributes={"VisibilityTimeout": "1"})["QueueUrl"]
    queues.send_message(QueueUrl=url, MessageBody="one")
    queues.send_message(QueueUrl=url, MessageBody="two")
    received = queues.receive_message(QueueUrl=url, MaxNumberOfMessages=1)["Messages"][0]

    crash(own_cloud)

    seen: set[str] = set()

    def both() -> bool:
        for message in queues.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", []):
            seen.add(message["Body"])
        return seen == {"one", "two"}

    wait_for(both, "the message that was in flight")
    assert received["Body"] in seen


def test_a_deleted_message_stays_deleted(own_cloud: Instance) -> None:
    queues = own_cloud.client("sqs")
    url = queues.create_queue(QueueName="arrivals")["QueueUrl"]
    queues.send_message(QueueUrl=url, MessageBody="one")
    message = queues.receive_message(QueueUrl=url)["Messages"][0]
    queues.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])

    crash(own_cloud)

    attributes = queues.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    assert attributes["ApproximateNumberOfMessages"] == "0"
    assert attributes["ApproximateNumberOfMessagesNotVisible"] == "0"


def test_an_object_with_its_versions_metadata_and_time_survives(own_cloud: Instance) -> None:
    s3 = own_cloud.client("s3")
    s3.create_bucket(Bucket="landing")
    s3.put_bucket_versioning(Bucket="landing", VersioningConfiguration={"Status": "Enabled"})
    first = s3.put_object(Bucket="landing", Key="raw/a b.csv", Body=b"1", Metadata={"sequence": "7"})
    second = s3.put_object(Bucket="landing", Key="raw/a b.csv", Body=b"22")
    before = s3.list_object_versions(Bucket="landing")["Versions"]

    crash(own_cloud)

    assert s3.list_object_versions(Bucket="landing")["Versions"] == before
    old = s3.get_object(Bucket="landing", Key="raw/a b.csv", VersionId=first["VersionId"])
    assert (old["Body"].read(), old["Metadata"]) == (b"1", {"sequence": "7"})
    new = s3.get_object(Bucket="landing", Key="raw/a b.csv", VersionId=second["VersionId"])
    assert new["Body"].read() == b"22"


def test_the_event_of_an_acknowledged_upload_is_in_its_queue(own_cloud: Instance) -> None:
    s3, events, queues = (own_cloud.client(name) for name in ("s3", "events", "sqs"))
    url = queues.create_queue(QueueName="arrivals")["QueueUrl"]
    s3.create_bucket(Bucket="landing")
    s3.put_bucket_notification_configuration(
        Bucket="landing", NotificationConfiguration={"EventBridgeConfiguration": {}}
    )
    events.put_rule(Name="arrival", EventPattern=json.dumps({"source": ["aws.s3"]}))
    target = {"Id": "queue", "Arn": "arn:aws:sqs:us-east-1:000000000000:arrivals"}
    events.put_targets(Rule="arrival", Targets=[target])

    s3.put_object(Bucket="landing", Key="raw/one.csv", Body=b"x")
    crash(own_cloud)
    s3.put_object(Bucket="landing", Key="raw/two.csv", Body=b"x")

    messages = queues.receive_message(QueueUrl=url, MaxNumberOfMessages=10)["Messages"]
    keys = {json.loads(message["Body"])["detail"]["object"]["key"] for message in messages}
    assert keys == {"raw/one.csv", "raw/two.csv"}


def test_a_running_execution_comes_back_failed_and_an_ended_one_unchanged(own_cloud: Instance) -> None:
    machines = own_cloud.client("stepfunctions")

    def machine(name: str, state: dict[str, Any]) -> str:
        definition = {"QueryLanguage": "JSONata", "StartAt": "S", "States": {"S": {**state, "End": True}}}
        role = "arn:aws:iam::000000000000:role/any"
        made = machines.create_state_machine(name=name, definition=json.dumps(definition), roleArn=role)
        return str(made["stateMachineArn"])

    ended = machines.start_execution(stateMachineArn=machine("short", {"Type": "Pass"}))["executionArn"]
    long = machine("long", {"Type": "Wait", "Seconds": 3600})
    running = machines.start_execution(stateMachineArn=long, input='{"a":1}')["executionArn"]
    wait_for(
        lambda: machines.describe_execution(executionArn=ended)["status"] == "SUCCEEDED", "the short one"
    )
    history = machines.get_execution_history(executionArn=ended)["events"]

    crash(own_cloud)

    assert machines.describe_execution(executionArn=ended)["status"] == "SUCCEEDED"
    assert machines.get_execution_history(executionArn=ended)["events"] == history
    interrupted = machines.describe_execution(executionArn=running)
    assert (interrupted["status"], interrupted["input"]) == ("FAILED", '{"a":1}')
    assert interrupted["error"] == "States.ServiceRestart"
    last = machines.get_execution_history(executionArn=running)["events"][-1]
    assert last["type"] == "ExecutionFailed"


def test_a_stack_reported_complete_is_there_with_its_resources(own_cloud: Instance) -> None:
    stacks = own_cloud.client("cloudformation")
    resources = {
        "Alerts": {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": "alerts"}},
        "Ledger": {"Type": "AWS::DynamoDB::Table", "Properties": TABLE},
        "Job": {
            "Type": "AWS::Glue::Job",
            "Properties": {"Name": "orders", "Role": "r", "Command": {"Name": "glueetl"}},
        },
    }
    stacks.create_stack(StackName="lakehouse", TemplateBody=json.dumps({"Resources": resources}))

    def complete() -> bool:
        return bool(
            stacks.describe_stacks(StackName="lakehouse")["Stacks"][0]["StackStatus"] == "CREATE_COMPLETE"
        )

    wait_for(complete, "the stack")

    crash(own_cloud)

    assert complete()
    assert len(own_cloud.client("sns").list_topics()["Topics"]) == 1
    assert own_cloud.client("dynamodb").list_tables()["TableNames"] == ["ledger"]
    assert own_cloud.client("glue").get_job(JobName="orders")["Job"]["Name"] == "orders"


def test_a_write_that_cannot_be_saved_is_not_acknowledged(own_cloud: Instance) -> None:
    state = own_cloud.home / "state"
    state.rename(own_cloud.home / "moved")
    queues = own_cloud.client("sqs")

    try:
        queues.create_queue(QueueName="arrivals")
    except Exception as error:
        assert "500" in str(error) or "Internal" in str(error)
    else:
        raise AssertionError("a write without a place to save it was acknowledged")
    finally:
        (own_cloud.home / "moved").rename(state)


def test_a_clean_stop_keeps_what_a_crash_keeps(own_cloud: Instance) -> None:
    table = own_cloud.client("dynamodb")
    table.create_table(**TABLE)
    table.put_item(TableName="ledger", Item={"pk": {"S": "a"}})

    began = time.monotonic()
    own_cloud.stop()
    assert time.monotonic() - began < 10
    own_cloud.start()

    assert table.scan(TableName="ledger")["Count"] == 1


@given(st.sampled_from(["Describe", "Get", "List", "BatchGet", "Query", "Scan"]), st.text("abcT", min_size=1))
def test_reads_are_told_by_their_name_in_every_protocol(verb: str, noun: str) -> None:
    operation = f"{verb}{noun.capitalize()}"

    assert is_read(operation_of({"x-amz-target": f"Some_2020.{operation}"}, b"", {}), "POST")
    form = {"content-type": "application/x-www-form-urlencoded"}
    assert is_read(operation_of(form, f"Action={operation}&Version=1".encode(), {}), "POST")


def test_receiving_a_message_is_a_write() -> None:
    assert not is_read("ReceiveMessage", "POST")
    assert not is_read("", "PUT")
