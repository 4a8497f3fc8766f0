"""Puts the output of a run into CloudWatch Logs, where Glue puts it."""

import time
from collections.abc import Callable, Iterator
from typing import Any

from localcloud.wire import AwsError

OUTPUT_GROUP = "/aws-glue/jobs/output"
ERROR_GROUP = "/aws-glue/jobs/error"

# Of PutLogEvents: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html
_BATCH_EVENTS = 10_000
_BATCH_BYTES = 1_048_576
_EVENT_OVERHEAD_BYTES = 26
_LINE_CHARACTERS = 60_000

Call = Callable[[str, str, dict[str, Any]], Any]


def batches(text: str) -> Iterator[list[str]]:
    """The lines of ``text`` that are not empty, in parts as large as one request may be."""
    batch: list[str] = []
    size = 0
    for line in filter(None, (line[:_LINE_CHARACTERS] for line in text.split("\n"))):
        cost = len(line.encode()) + _EVENT_OVERHEAD_BYTES
        if batch and (len(batch) == _BATCH_EVENTS or size + cost > _BATCH_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(line)
        size += cost
    if batch:
        yield batch


def _create(call: Call, operation: str, **names: str) -> None:
    try:
        call("logs", operation, dict(names))
    except AwsError as error:
        if error.code != "ResourceAlreadyExistsException":
            raise


def ship(call: Call, group: str, stream: str, text: str) -> None:
    """Write ``text`` to a log stream; ``call(service, operation, request)`` reaches CloudWatch Logs."""
    _create(call, "CreateLogGroup", logGroupName=group)
    _create(call, "CreateLogStream", logGroupName=group, logStreamName=stream)
    for batch in batches(text):
        now = int(time.time() * 1000)
        events = [{"timestamp": now, "message": line} for line in batch]
        call("logs", "PutLogEvents", {"logGroupName": group, "logStreamName": stream, "logEvents": events})
