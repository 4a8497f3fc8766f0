"""Waits for the event of an S3 write to reach its targets before the write is acknowledged.

ministack delivers S3 events in a thread of their own. AWS keeps an event from the moment of the write
on; here an event that is still in a thread dies with the process, and its file would never be seen.
"""

import threading
from typing import Any

from ministack.services import s3

_PATIENCE_SECONDS = 10.0


class EventDeliveries:
    """Counts deliveries that began and that ended."""

    def __init__(self) -> None:
        self.started = 0
        self._ended = 0
        self._changed = threading.Condition()

    def install(self) -> None:
        """Take part in ministack's delivery of S3 events."""
        fire, deliver = s3._fire_s3_event_async, s3._fire_s3_event

        def counted_fire(bucket_name: str, *args: Any, **kwargs: Any) -> None:
            if bucket_name in s3._bucket_notifications:
                with self._changed:
                    self.started += 1
                fire(bucket_name, *args, **kwargs)

        def counted_deliver(*args: Any, **kwargs: Any) -> None:
            try:
                deliver(*args, **kwargs)
            finally:
                with self._changed:
                    self._ended += 1
                    self._changed.notify_all()

        s3._fire_s3_event_async = counted_fire
        s3._fire_s3_event = counted_deliver

    def wait(self) -> None:
        """Return when as many deliveries ended as had begun before this call, or after ten seconds."""
        with self._changed:
            begun = self.started
            self._changed.wait_for(lambda: self._ended >= begun, timeout=_PATIENCE_SECONDS)
