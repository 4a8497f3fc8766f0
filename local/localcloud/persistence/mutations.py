"""Which saved states a request may have changed: read from the request alone, before anything is saved.

Too much is only slow, too little loses an acknowledged write; what is unknown therefore counts as a write.
"""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs

EVERYTHING = frozenset({"*"})
NOTHING: frozenset[str] = frozenset()

_READS = re.compile(
    r"(Describe|Get|List|Head|BatchGet|TransactGet|Query|Scan|Filter|Search|Lookup|Estimate|Validate|"
    r"Preview|Test|Check)"
)
# These begin like reads and change state all the same.
_WRITES_NAMED_AS_READS = frozenset({"GetActivityTask", "ReceiveMessage"})
# Measurements, not records: the periodic save is enough, and each would save all log lines again.
_MEASUREMENTS = frozenset({"PutLogEvents", "CreateLogStream", "PutMetricData"})

# Services that pass messages on to queues before they answer.
_DELIVERING = frozenset({"events", "sns", "scheduler"})


def operation_of(headers: Mapping[str, str], body: bytes, query: Mapping[str, Any]) -> str:
    """The operation of a JSON or query protocol request, empty for a REST protocol."""
    target = headers.get("x-amz-target", "")
    if target:
        return target.rpartition(".")[2]
    if "Action" in query:
        return str(query["Action"][0])
    if headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        return parse_qs(body[:4096].decode("utf-8", "replace")).get("Action", [""])[0]
    return ""


def is_read(operation: str, method: str) -> bool:
    """Whether a request changes nothing: by its operation's name, else by its HTTP method."""
    if operation:
        return bool(_READS.match(operation)) and operation not in _WRITES_NAMED_AS_READS
    return method in ("GET", "HEAD", "OPTIONS")


def _s3_states(method: str, path: str, query: Mapping[str, Any]) -> frozenset[str]:
    """Objects and their versions are files of their own; only what belongs to a bucket is in a state."""
    if method in ("GET", "HEAD", "OPTIONS"):
        return NOTHING
    _, _, key = path.lstrip("/").partition("/")
    about_objects = bool(key) or "delete" in query
    return NOTHING if about_objects else frozenset({"s3"})


def states_changed_by(
    service: str,
    state: str,
    method: str,
    path: str,
    headers: Mapping[str, str],
    body: bytes,
    query: Mapping[str, Any],
) -> frozenset[str]:
    """The states to save before this request is answered; ``state`` is the one of its own service.

    A stack's resources are made in the background and reported by reads of CloudFormation, so each of
    its requests saves everything that changed.
    """
    if service == "cloudformation":
        return EVERYTHING
    if service == "s3":
        return _s3_states(method, path, query)
    operation = operation_of(headers, body, query)
    if service == "states":
        # A read may report the end of an execution, which must not be undone afterwards.
        return frozenset({"executions"}) if is_read(operation, method) else frozenset({state, "executions"})
    if is_read(operation, method) or operation in _MEASUREMENTS:
        return NOTHING
    if service == "lambda" and path.endswith(("/invocations", "/invoke-async", "/invoke-async/")):
        return NOTHING
    return frozenset({state, "sqs"}) if service in _DELIVERING else frozenset({state})
