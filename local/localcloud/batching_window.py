"""SQS to Lambda waits for a batch to fill, as MaximumBatchingWindowInSeconds says.

ministack stores the setting and polls at once, ten messages at a time. AWS invokes when the batch
is full, the window has passed since the first message, or the payload reaches 6 MB:
https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
"""

import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ministack.core import concurrency
from ministack.services import lambda_svc, sqs

from localcloud.toolchain import Toolchain

_PAYLOAD_BYTES = 6 * 1024 * 1024
# Around each body travel its attributes and the queue's name.
_ENVELOPE_BYTES = 1024
_RECEIVE_LIMIT = 10


class BatchingWindow:
    """Decides when the messages of one queue make a batch; times are seconds of one clock."""

    def __init__(self) -> None:
        self._opened: float | None = None

    def remaining(self, waiting: int, batch_size: int, window: float, now: float) -> float | None:
        """Seconds until a batch is due (0: now); None while no message waits."""
        if waiting == 0:
            self._opened = None
            return None
        if self._opened is None:
            self._opened = now
        left = self._opened + window - now
        if waiting >= batch_size or left <= 0:
            self._opened = None
            return 0.0
        return left


def _mapping_of(queue_arn: str) -> Mapping[str, Any]:
    for _, _, mapping in lambda_svc._iter_all_esms():
        if mapping.get("EventSourceArn") == queue_arn and mapping.get("Enabled", True):
            found: Mapping[str, Any] = mapping
            return found
    return {}


def _waiting(queue: Mapping[str, Any], now: float) -> int:
    with sqs._queues_lock:
        return sum(1 for message in queue["messages"] if message.get("visible_at", 0) <= now)


def _received(receive: Any, queue_url: str, batch_size: int) -> list[dict[str, Any]]:
    batch: list[dict[str, Any]] = []
    size = 0
    while len(batch) < batch_size:
        part = receive(queue_url, min(_RECEIVE_LIMIT, batch_size - len(batch)))
        if not part:
            break
        batch += part
        size += sum(len(message["body"].encode()) + _ENVELOPE_BYTES for message in part)
        # Ten more of the largest messages seen would still have to fit.
        largest = max(len(message["body"]) + _ENVELOPE_BYTES for message in batch)
        if size + _RECEIVE_LIMIT * largest > _PAYLOAD_BYTES:
            break
    return batch


def install(endpoint: str, home: Path, toolchain: Toolchain) -> None:
    """Let the poller of ministack see a queue's messages only when they make a batch."""
    receive = sqs._receive_messages_for_esm
    windows: dict[str, BatchingWindow] = {}

    def receive_batch(queue_url: str, batch_size: int) -> list[dict[str, Any]]:
        queue = sqs._queues.get(queue_url)
        arn = queue["attributes"].get("QueueArn", "") if queue else ""
        seconds = float(_mapping_of(arn).get("MaximumBatchingWindowInSeconds") or 0)
        if queue and seconds and not queue.get("is_fifo"):
            window = windows.setdefault(queue_url, BatchingWindow())
            left = window.remaining(_waiting(queue, time.time()), batch_size, seconds, time.monotonic())
            if left is None:
                return []
            if left > 0:
                # The poller sleeps up to a second otherwise.
                wake = threading.Timer(left, concurrency.esm_wake.set)
                wake.daemon = True
                wake.start()
                return []
        return _received(receive, queue_url, batch_size)

    sqs._receive_messages_for_esm = receive_batch
