"""What ministack keeps for DynamoDB and Step Functions beside the items and the executions."""

import copy
import json
from typing import Any

from ministack.core import persistence as ministack_persistence
from ministack.services import dynamodb, stepfunctions

from localcloud.seams import DYNAMODB_STORES, STATE_MACHINE_STORES

_ITEM_MEMBERS = ("items", "ItemCount", "TableSizeBytes", dynamodb._INDEX_MEMBERS)
_TABLE_SETTINGS = tuple(name for name in DYNAMODB_STORES if name not in ("_tables", "_INDEX_MEMBERS"))


def dynamodb_shape() -> str:
    """Tables and settings without the items, as text to compare."""
    tables = {
        repr(key): {name: value for name, value in table.items() if name not in _ITEM_MEMBERS}
        for key, table in dynamodb._tables._data.items()
    }
    settings = {name: getattr(dynamodb, name) for name in _TABLE_SETTINGS}
    return json.dumps([tables, settings], default=ministack_persistence._json_default, sort_keys=True)


def dynamodb_state() -> dict[str, Any]:
    """What ministack's ``dynamodb.get_state`` gives, without its copies: encode it before a handler runs."""
    tables = type(dynamodb._tables)()
    for key, table in dynamodb._tables._data.items():
        tables._data[key] = {name: value for name, value in table.items() if name != dynamodb._INDEX_MEMBERS}
    return {"tables": tables, **{name[1:]: getattr(dynamodb, name) for name in _TABLE_SETTINGS}}


def stepfunctions_state() -> dict[str, Any]:
    """ministack's own state of Step Functions without the executions, which are files of their own."""
    return {name: copy.deepcopy(getattr(stepfunctions, f"_{name}")) for name in STATE_MACHINE_STORES}
