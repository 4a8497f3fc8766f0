"""StartExecution: what a request must hold, which definition runs, and when a start is a repetition.

Source: docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html
"""

import json
import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from localcloud.stepfunctions.history import timestamp
from localcloud.stepfunctions.limits import MAX_PAYLOAD_BYTES

_FORBIDDEN = re.compile(r"[\s<>{}\[\]?*\"#%\\^|~`$&,;:/\x00-\x1f\x7f-\x9f]")
_MAX_NAME = 80


class StartRefused(Exception):
    """The request is refused with an error code of the API."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


@dataclass(frozen=True)
class Target:
    """What an ARN in a request stands for: the machine, and the version or alias that was named."""

    machine_arn: str
    machine: Mapping[str, Any]
    version_arn: str | None = None
    alias_arn: str | None = None


@dataclass(frozen=True)
class StartRequest:
    """A valid request."""

    name: str
    input: str


def read_request(data: Mapping[str, Any]) -> StartRequest:
    """The name and the input of a request; raises StartRefused with InvalidName or InvalidExecutionInput."""
    name = data.get("name") or str(uuid.uuid4())
    if len(name) > _MAX_NAME or _FORBIDDEN.search(name):
        raise StartRefused(
            "InvalidName",
            f"Invalid Name: '{name}': 1 to {_MAX_NAME} characters, no white space, none of :/#%[]{{}} ...",
        )
    text = data.get("input", "{}")
    if len(text.encode()) > MAX_PAYLOAD_BYTES:
        raise StartRefused(
            "InvalidExecutionInput",
            f"The input is larger than {MAX_PAYLOAD_BYTES} bytes; pass large data by S3 key.",
        )
    try:
        json.loads(text)
    except ValueError as error:
        raise StartRefused(
            "InvalidExecutionInput", f"Invalid State Machine Execution Input: {error}"
        ) from error
    return StartRequest(name, text)


def is_repetition(record: Mapping[str, Any], request: StartRequest) -> bool:
    """True when a start repeats the one of a running execution; raises ExecutionAlreadyExists otherwise."""
    if record["status"] == "RUNNING" and record["input"] == request.input:
        return True
    raise StartRefused("ExecutionAlreadyExists", f"Execution Already Exists: '{record['executionArn']}'")


def new_record(target: Target, request: StartRequest, arn: str) -> dict[str, Any]:
    """ministack's document of an execution that starts now."""
    started = timestamp()
    details = {
        "input": request.input,
        "inputDetails": {"truncated": False},
        "roleArn": target.machine.get("roleArn", ""),
    }
    event = {"id": 1, "previousEventId": 0, "type": "ExecutionStarted", "timestamp": started}
    return {
        "executionArn": arn,
        "stateMachineArn": target.machine_arn,
        "stateMachineVersionArn": target.version_arn,
        "stateMachineAliasArn": target.alias_arn,
        "name": request.name,
        "status": "RUNNING",
        "startDate": started,
        "stopDate": None,
        "input": request.input,
        "inputDetails": {"included": True},
        "output": None,
        "outputDetails": {"included": True},
        "testCase": "",
        "mockAttempts": {},
        "events": [{**event, "executionStartedEventDetails": details}],
    }
