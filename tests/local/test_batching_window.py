import io
import json
import time
import zipfile
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from instances import Instance, wait_for
from localcloud.batching_window import BatchingWindow


def test_the_first_message_opens_the_window_and_its_end_makes_the_batch() -> None:
    window = BatchingWindow()

    assert window.remaining(waiting=0, batch_size=10, window=5, now=0) is None
    assert window.remaining(waiting=1, batch_size=10, window=5, now=1) == 5
    assert window.remaining(waiting=2, batch_size=10, window=5, now=4) == 2
    assert window.remaining(waiting=2, batch_size=10, window=5, now=6) == 0
    assert window.remaining(waiting=1, batch_size=10, window=5, now=7) == 5


@given(st.integers(1, 100), st.integers(0, 100), st.floats(0, 300))
def test_a_full_batch_never_waits(batch_size: int, more: int, seconds: float) -> None:
    assert BatchingWindow().remaining(batch_size + more, batch_size, seconds, now=0) == 0


def function_zip(source: str) -> bytes:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("index.js", source)
    return archive.getvalue()


def deploy(cloud: Instance, name: str, source: str, visibility: int = 60, **mapping: Any) -> tuple[str, str]:
    """A queue with a function behind it that writes what it gets to a bucket; URL and bucket."""
    queues, functions, s3 = (cloud.client(service) for service in ("sqs", "lambda", "s3"))
    url = queues.create_queue(QueueName=name, Attributes={"VisibilityTimeout": str(visibility)})["QueueUrl"]
    s3.create_bucket(Bucket=name)
    functions.create_function(
        FunctionName=name,
        Runtime="nodejs24.x",
        Handler="index.handler",
        Role="arn:aws:iam::000000000000:role/any",
        Code={"ZipFile": function_zip(PUT_OBJECT + source)},
        Environment={"Variables": {"BUCKET": name}},
        Timeout=20,
    )
    arn = f"arn:aws:sqs:us-east-1:000000000000:{name}"
    functions.create_event_source_mapping(EventSourceArn=arn, FunctionName=name, **mapping)
    return url, name


# Without the SDK: the path-style endpoint of the instance takes an unsigned upload.
PUT_OBJECT = """
const put = (key, body) => fetch(`${process.env.AWS_ENDPOINT_URL}/${process.env.BUCKET}/${key}`,
  {method: 'PUT', body: JSON.stringify(body)});
"""


def documents(cloud: Instance, bucket: str) -> list[Any]:
    s3 = cloud.client("s3")
    listing = s3.list_objects_v2(Bucket=bucket).get("Contents", [])
    return [json.loads(s3.get_object(Bucket=bucket, Key=entry["Key"])["Body"].read()) for entry in listing]


def test_messages_of_one_window_arrive_as_one_batch(cloud: Instance) -> None:
    source = """
    exports.handler = async (event) => {
      await put(event.Records[0].messageId, event.Records.map(r => r.body));
    };"""
    url, bucket = deploy(cloud, "windowed-batch", source, BatchSize=100, MaximumBatchingWindowInSeconds=3)
    began = time.monotonic()
    for numbers in (range(10), range(10, 12)):
        entries = [{"Id": str(number), "MessageBody": str(number)} for number in numbers]
        cloud.client("sqs").send_message_batch(QueueUrl=url, Entries=entries)

    batches = wait_for(lambda: documents(cloud, bucket), "the batch", seconds=30)

    assert time.monotonic() - began >= 3
    assert [sorted(batch, key=int) for batch in batches] == [[str(number) for number in range(12)]]


def test_a_mapping_still_works_after_a_crash(own_cloud: Instance) -> None:
    source = "exports.handler = async (event) => { await put('got', event.Records[0].body); };"
    url, bucket = deploy(own_cloud, "after-crash", source, BatchSize=1)

    own_cloud.kill()
    own_cloud.start()
    own_cloud.client("sqs").send_message(QueueUrl=url, MessageBody="hello")

    assert wait_for(lambda: documents(own_cloud, bucket), "the message") == ["hello"]


def test_only_the_failed_items_of_a_batch_come_again(cloud: Instance) -> None:
    source = """
    exports.handler = async (event) => {
      const attempt = (r) => `${r.body}-${r.attributes.ApproximateReceiveCount}`;
      for (const r of event.Records) await put(attempt(r), r.body);
      const failed = event.Records.filter((r) => attempt(r) === 'bad-1');
      return {batchItemFailures: failed.map((r) => ({itemIdentifier: r.messageId}))};
    };"""
    url, bucket = deploy(
        cloud,
        "partial-failure",
        source,
        visibility=3,
        BatchSize=2,
        MaximumBatchingWindowInSeconds=1,
        FunctionResponseTypes=["ReportBatchItemFailures"],
    )
    queues = cloud.client("sqs")
    entries = [{"Id": body, "MessageBody": body} for body in ("good", "bad")]
    queues.send_message_batch(QueueUrl=url, Entries=entries)

    def empty() -> bool:
        attributes = queues.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
        return all(attributes[f"ApproximateNumberOfMessages{which}"] == "0" for which in ("", "NotVisible"))

    wait_for(lambda: len(documents(cloud, bucket)) >= 3, "the failed item to come again", seconds=30)
    wait_for(empty, "the queue to be empty")
    listing = cloud.client("s3").list_objects_v2(Bucket=bucket)["Contents"]
    assert [entry["Key"] for entry in listing] == ["bad-1", "bad-2", "good-1"]
