"""The lease on the batch log: a job may write only while the execution that started it holds it."""

from dataclasses import dataclass
from typing import Any, Protocol

from lakehouse.errors import LeaseLost, ServiceUnavailable


class Lease(Protocol):
    """Tells whether the job may still write."""

    def check(self) -> None:
        """Raise LeaseLost if another execution holds the lease, ServiceUnavailable if nobody can tell."""
        ...


@dataclass(frozen=True)
class DynamoLease:
    """The lease in the ledger's control item, read consistently. `client` is a boto3 DynamoDB client."""

    client: Any
    table: str
    owner: str
    fence: int

    def check(self) -> None:
        """Compare owner and fence with the control item."""
        key = {"pk": {"S": "control"}, "sk": {"S": "control"}}
        try:
            item = self.client.get_item(TableName=self.table, Key=key, ConsistentRead=True).get("Item", {})
        except Exception as error:
            raise ServiceUnavailable(f"the ledger did not answer: {type(error).__name__} {error}") from error
        owner, fence = item.get("owner", {}).get("S"), item.get("fence", {}).get("N")
        if owner != self.owner or fence is None or int(fence) != self.fence:
            raise LeaseLost(
                f"the lease is held by {owner or 'nobody'} with fence {fence}, this job was started "
                f"under fence {self.fence}: it must not write; the new holder finishes the work"
            )
