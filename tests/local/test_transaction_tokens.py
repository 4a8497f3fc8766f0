from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError
from hypothesis import given
from hypothesis import strategies as st
from ministack.services import dynamodb

from instances import Instance
from localcloud.persistence.shapes import dynamodb_state
from localcloud.persistence.snapshots import encoded
from localcloud.transaction_tokens import RequestDigest

JSON = st.recursive(
    st.none() | st.booleans() | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)
REQUESTS = st.dictionaries(st.text(max_size=4), JSON, max_size=4)


def _client_of_table(cloud: Instance, name: str) -> Any:
    """A client, once there is a table of that name with the key ``id``."""
    client = cloud.client("dynamodb")
    client.create_table(
        TableName=name,
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        BillingMode="PAY_PER_REQUEST",
    )
    return client


@given(first=REQUESTS, second=REQUESTS)
def test_a_digest_equals_the_request_that_it_is_of_and_no_other(
    first: dict[str, Any], second: dict[str, Any]
) -> None:
    digest = RequestDigest(first)

    assert digest == dict(reversed(first.items()))
    assert (digest == second) == (first == second)


def test_a_token_repeats_its_transaction_and_refuses_another(cloud: Instance) -> None:
    client = _client_of_table(cloud, "tokens")

    def add(amount: str) -> None:
        update = {
            "TableName": "tokens",
            "Key": {"id": {"S": "sum"}},
            "UpdateExpression": "ADD amount :amount",
            "ExpressionAttributeValues": {":amount": {"N": amount}},
        }
        client.transact_write_items(TransactItems=[{"Update": update}], ClientRequestToken="real")

    add("5")
    add("5")
    with pytest.raises(ClientError, match="IdempotentParameterMismatch"):
        add("6")

    found = client.get_item(TableName="tokens", Key={"id": {"S": "sum"}})["Item"]
    assert found["amount"] == {"N": "5"}


def test_the_tables_are_saved_as_ministack_would_save_them(monkeypatch: pytest.MonkeyPatch) -> None:
    table = {"TableName": "t", "items": {"a": {"": {"id": {"S": "a"}}}}, dynamodb._INDEX_MEMBERS: {"i": 1}}
    tables = type(dynamodb._tables)()
    tables.set_scoped("000000000000", "us-east-1", "t", table)
    monkeypatch.setattr(dynamodb, "_tables", tables)

    assert encoded("dynamodb", dynamodb_state()) == encoded("dynamodb", dynamodb.get_state())


def test_transactions_leave_no_memory_of_their_requests(cloud: Instance) -> None:
    client = _client_of_table(cloud, "large-transactions")
    # About 110 KB as objects, always of the same items.
    attributes = {f"name{number}": {"S": f"value{number}"} for number in range(8)}
    items = [{**attributes, "id": {"S": str(number)}} for number in range(50)]
    puts = [{"Put": {"TableName": "large-transactions", "Item": item}} for item in items]
    assert cloud.process is not None
    status = Path(f"/proc/{cloud.process.pid}/status")

    def megabytes_after(transactions: int) -> int:
        for _ in range(transactions):
            client.transact_write_items(TransactItems=puts)
        return int(status.read_text().partition("VmRSS:")[2].split()[0]) // 1024

    before = megabytes_after(50)

    assert megabytes_after(400) - before < 15
