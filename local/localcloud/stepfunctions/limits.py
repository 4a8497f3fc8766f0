"""Payload quotas: docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html."""

from typing import Any

from localcloud.stepfunctions.failures import StateFailure
from localcloud.stepfunctions.history import as_text

MAX_PAYLOAD_BYTES = 256 * 1024


def payload_bytes(value: Any) -> int:
    """Size of a JSON value as UTF-8 text without white space."""
    return len(as_text(value).encode())


def within_limit(value: Any, state: str, what: str) -> Any:
    """``value`` itself; raises States.DataLimitExceeded when it is larger than a payload may be.

    ``what`` names the payload in the cause, e.g. "output".
    """
    if payload_bytes(value) > MAX_PAYLOAD_BYTES:
        raise StateFailure(
            "States.DataLimitExceeded",
            f"The {what} of the state/task '{state}' exceeds the maximum number of bytes "
            f"service limit ({MAX_PAYLOAD_BYTES}).",
        )
    return value
