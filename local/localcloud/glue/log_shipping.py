"""Puts the output of a run into CloudWatch Logs, where Glue puts it."""

import time
from collections.abc import Callable, Iterator
from typing import Any

from botocore.exceptions import ClientError

# Of PutLogEvents: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html
_BATCH_EVENTS = 10_000
_BATCH_BYTES = 1_048_576
_EVENT_OVERHEAD_BYTES = 26
_LINE_CHARACTERS = 60_000


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


def _create(create: Callable[..., Any], **names: str) -> None:
    try:
        create(**names)
    except ClientError as error:
        if error.response["Error"]["Code"] != "ResourceAlreadyExistsException":
            raise


def create_group(logs: Any, group: str) -> None:
    """Create a log group unless it is there; ``logs`` is a client of CloudWatch Logs."""
    _create(logs.create_log_group, logGroupName=group)


def ship(logs: Any, group: str, stream: str, text: str) -> None:
    """Write ``text`` to a stream of a group that is there; ``logs`` is a client of CloudWatch Logs."""
    _create(logs.create_log_stream, logGroupName=group, logStreamName=stream)
    for batch in batches(text):
        now = int(time.time() * 1000)
        events = [{"timestamp": now, "message": line} for line in batch]
        logs.put_log_events(logGroupName=group, logStreamName=stream, logEvents=events)
