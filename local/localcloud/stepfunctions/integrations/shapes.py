"""JSON of a state machine to and from the parameters of an AWS client.

Source: docs.aws.amazon.com/step-functions/latest/dg/supported-services-awssdk.html: names start with a
capital letter, whatever the API does.
"""

import base64
import json
from collections.abc import Callable
from datetime import datetime, timezone
from typing import Any


def iso_moment(moment: datetime) -> str:
    """A moment as an aws-sdk integration returns it."""
    text = moment.astimezone(timezone.utc).isoformat(timespec="milliseconds")
    return text.replace("+00:00", "Z")


def epoch_milliseconds(moment: datetime) -> int:
    """A moment as an optimised integration returns it."""
    return round(moment.timestamp() * 1000)


def capitalised(name: str) -> str:
    """``executionArn`` as Step Functions writes it: ``ExecutionArn``."""
    return name[:1].upper() + name[1:]


def to_client(value: Any, shape: Any) -> Any:
    """Arguments of a task as parameters of the client, names as the API has them."""
    if shape.type_name == "structure" and isinstance(value, dict):
        names = {capitalised(name): name for name in shape.members}
        return {
            names.get(key, key): to_client(item, shape.members[names[key]]) if key in names else item
            for key, item in value.items()
        }
    if shape.type_name == "list" and isinstance(value, list):
        return [to_client(item, shape.member) for item in value]
    if shape.type_name == "map" and isinstance(value, dict):
        return {key: to_client(item, shape.value) for key, item in value.items()}
    if shape.type_name == "blob":
        return (value if isinstance(value, str) else json.dumps(value)).encode()
    return value


def from_client(value: Any, moment: Callable[[datetime], Any]) -> Any:
    """An answer of the client as JSON, except for the names of its members; ``moment`` renders timestamps."""
    if isinstance(value, dict):
        return {key: from_client(item, moment) for key, item in value.items()}
    if isinstance(value, list):
        return [from_client(item, moment) for item in value]
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if hasattr(value, "read"):
        return value.read().decode()
    return value


def with_capitals(value: Any, shape: Any) -> Any:
    """The members of every structure under capitalised names; the keys of maps are data and stay."""
    if shape is None:
        return value
    if shape.type_name == "structure" and isinstance(value, dict):
        return {capitalised(key): with_capitals(item, shape.members.get(key)) for key, item in value.items()}
    if shape.type_name == "list" and isinstance(value, list):
        return [with_capitals(item, shape.member) for item in value]
    if shape.type_name == "map" and isinstance(value, dict):
        return {key: with_capitals(item, shape.value) for key, item in value.items()}
    return value


def with_json_output(description: dict[str, Any]) -> dict[str, Any]:
    """The description of an execution with its Output as JSON instead of text, as ``.sync:2`` returns it."""
    return {**description, "Output": json.loads(description["Output"])}
