"""What IAM checks for a request to DynamoDB.

Sources: docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html; for transactions
docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis-iam.html: the actions of the items.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from localcloud.calls.log import Need, UnknownRequest

HashKey = Callable[[str, str | None], str]
"""The attribute that partitions a table, or one of its indexes."""

_TRANSACTED = {
    "ConditionCheck": "dynamodb:ConditionCheckItem",
    "Delete": "dynamodb:DeleteItem",
    "Get": "dynamodb:GetItem",
    "Put": "dynamodb:PutItem",
    "Update": "dynamodb:UpdateItem",
}
_OF_ONE_ITEM = ("DeleteItem", "GetItem", "PutItem", "UpdateItem")
_EQUALITY = re.compile(r"([#\w.]+)\s*=\s*(:\w+)")
_Named = tuple[str, str, str]


def needs_of_dynamodb(operation: str, data: Any, region: str, account: str, hash_key: HashKey) -> list[Need]:
    """One need for each action and table, with the partition keys of all items as dynamodb:LeadingKeys."""
    if operation in _OF_ONE_ITEM:
        named = [(f"dynamodb:{operation}", data["TableName"], _leading(data["TableName"], data, hash_key))]
    elif operation in ("TransactWriteItems", "TransactGetItems"):
        named = [_transacted(item, hash_key) for item in data["TransactItems"]]
    elif operation == "BatchGetItem":
        named = [
            ("dynamodb:BatchGetItem", table, _value(key[hash_key(table, None)]))
            for table, request in data["RequestItems"].items()
            for key in request["Keys"]
        ]
    elif operation == "BatchWriteItem":
        named = [
            ("dynamodb:BatchWriteItem", table, _leading(table, next(iter(write.values())), hash_key))
            for table, writes in data["RequestItems"].items()
            for write in writes
        ]
    elif operation == "Query":
        return [_query(data, region, account, hash_key)]
    else:
        raise UnknownRequest(f"dynamodb {operation}")
    return list(_by_action(named, region, account))


def _arn(table: str, region: str, account: str) -> str:
    return table if table.startswith("arn:") else f"arn:aws:dynamodb:{region}:{account}:table/{table}"


def _by_action(named: Iterable[_Named], region: str, account: str) -> Iterable[Need]:
    keys: dict[tuple[str, str], set[str]] = {}
    for action, table, key in named:
        keys.setdefault((action, table), set()).add(key)
    for (action, table), leading in keys.items():
        yield Need(action, _arn(table, region, account), {"dynamodb:LeadingKeys": sorted(leading)})


def _value(attribute: Mapping[str, Any]) -> str:
    """``{"S": "a"}`` -> ``a``; a key has one value, of type S, N or B."""
    return str(next(iter(attribute.values())))


def _leading(table: str, request: Mapping[str, Any], hash_key: HashKey) -> str:
    item = request.get("Key") or request["Item"]
    return _value(item[hash_key(table, None)])


def _transacted(item: Mapping[str, Any], hash_key: HashKey) -> _Named:
    kind, request = next(iter(item.items()))
    if kind not in _TRANSACTED:
        raise UnknownRequest(f"dynamodb transaction with {kind}")
    return _TRANSACTED[kind], request["TableName"], _leading(request["TableName"], request, hash_key)


def _query(data: Mapping[str, Any], region: str, account: str, hash_key: HashKey) -> Need:
    table, index = data["TableName"], data.get("IndexName")
    names = data.get("ExpressionAttributeNames", {})
    partition = hash_key(table, index)
    values = [
        _value(data["ExpressionAttributeValues"][value])
        for name, value in _EQUALITY.findall(data.get("KeyConditionExpression", ""))
        if names.get(name, name) == partition
    ]
    if not values:
        raise UnknownRequest(f"dynamodb Query of {table} by {data.get('KeyConditionExpression')!r}")
    arn = _arn(table, region, account) + (f"/index/{index}" if index else "")
    return Need("dynamodb:Query", arn, {"dynamodb:LeadingKeys": values})
