import json
from uuid import uuid4

from instances import Instance
from localcloud.wire import client


def test_the_event_of_a_put_names_the_version_that_was_put(cloud: Instance) -> None:
    s3, sqs, events = (client(name, cloud.endpoint) for name in ("s3", "sqs", "events"))
    name = f"versions-{uuid4().hex}"
    s3.create_bucket(Bucket=name)
    s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
    s3.put_bucket_notification_configuration(
        Bucket=name, NotificationConfiguration={"EventBridgeConfiguration": {}}
    )
    queue = sqs.create_queue(QueueName=name)["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    events.put_rule(Name=name, EventPattern=json.dumps({"detail": {"bucket": {"name": [name]}}}))
    events.put_targets(Rule=name, Targets=[{"Id": "queue", "Arn": arn}])

    put = [s3.put_object(Bucket=name, Key="raw/a.csv", Body=body)["VersionId"] for body in (b"1", b"2")]

    received: list[str] = []
    while len(received) < len(put):
        answer = sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10, WaitTimeSeconds=5)
        assert answer.get("Messages"), "no further event within 5 s"
        received += [json.loads(m["Body"])["detail"]["object"]["version-id"] for m in answer["Messages"]]
    assert sorted(received) == sorted(put)
