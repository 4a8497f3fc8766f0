"""EventBridge's S3 events name the version of the object, which ministack leaves out.

For a bucket with versioning it is ``detail.object.version-id``:
https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html
"""

import json
from contextvars import ContextVar
from pathlib import Path
from typing import Any

from ministack.services import eventbridge, s3

from localcloud.toolchain import Toolchain

_version: ContextVar[str | None] = ContextVar("version of the object of the event in delivery", default=None)


def install(endpoint: str, home: Path, toolchain: Toolchain) -> None:
    """Carry the version from the delivery of an S3 event to the event that EventBridge dispatches."""
    deliver, dispatch = s3._fire_s3_event, eventbridge._dispatch_event

    def deliver_with_version(*args: Any, version_id: str | None = None, **kwargs: Any) -> None:
        token = _version.set(version_id)
        try:
            deliver(*args, version_id=version_id, **kwargs)
        finally:
            _version.reset(token)

    def dispatch_with_version(event: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        version = _version.get()
        if version and event.get("Source") == "aws.s3":
            detail = json.loads(event["Detail"])
            detail["object"]["version-id"] = version
            event = {**event, "Detail": json.dumps(detail)}
        return dispatch(event, *args, **kwargs)

    s3._fire_s3_event = deliver_with_version
    eventbridge._dispatch_event = dispatch_with_version
