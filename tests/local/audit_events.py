"""Events of the audit trail as CloudTrail writes them, and what the query of the trail makes of them:
docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html"""

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any

_TODAY = datetime.now(timezone.utc)
_WAREHOUSE = "arn:aws:s3:::dwh"
FILE = f"{_WAREHOUSE}/orders/part-1.parquet"


@dataclass(frozen=True)
class Event:
    """``day``: of its delivery, as its folder is named; ``record``: the part that the table declares."""

    day: str
    record: dict[str, Any]


def session(name: str) -> str:
    """Who asks: a session of the role ``reader``."""
    return f"arn:aws:sts::1:assumed-role/reader/{name}"


def event(who: str | None, action: str, *arns: str, error: str | None = None, days: int = 0) -> Event:
    """A request ``days`` ago; of a service of AWS where nobody is named."""
    day = (_TODAY - timedelta(days=days)).strftime("%Y/%m/%d")
    record: dict[str, Any] = {
        "eventTime": f"{day}T10:00:00Z",
        "eventName": action,
        "userIdentity": {"arn": who} if who else {"invokedBy": "athena.amazonaws.com"},
        "resources": [{"ARN": arn} for arn in arns],
    }
    return Event(day, {**record, "errorCode": error} if error else record)


EVENTS = (
    event(session("ann"), "GetObject", FILE, _WAREHOUSE),
    event(session("bob"), "GetObject", FILE, _WAREHOUSE, error="AccessDenied", days=1),
    event("arn:aws:iam::1:user/eve", "DeleteObject", f"{_WAREHOUSE}/products/part-2.parquet", _WAREHOUSE),
    event(None, "PutObject", "arn:aws:s3:::artefacts/query-results/1.csv"),
    event(session("too-long-ago"), "GetObject", FILE, days=8),
)
FOUND = [
    ["arn:aws:sts::1:assumed-role/reader", "GetObject", "dwh/orders", 2, 1],
    ["arn:aws:iam::1:user/eve", "DeleteObject", "dwh/products", 1, 0],
    ["athena.amazonaws.com", "PutObject", "artefacts/query-results", 1, 0],
]
