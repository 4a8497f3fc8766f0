"""The request-response integrations that are more than a plain call.

Source: docs.aws.amazon.com/step-functions/latest/dg/connect-lambda.html, connect-sns.html, connect-sqs.html
and connect-eventbridge.html.
"""

import json
from typing import Any

from localcloud.stepfunctions.failures import StateFailure
from localcloud.stepfunctions.history import as_text
from localcloud.stepfunctions.integrations.services import Services


def invoke_lambda(services: Services, arguments: Any) -> dict[str, Any]:
    """``lambda:invoke``: Payload goes in and comes out as JSON.

    A function that throws fails the task with the name of its error and the error document as cause.
    """
    answer = services.optimised("lambda", "invoke", arguments)
    text = answer.pop("Payload", "")
    error = answer.pop("FunctionError", None)
    if error is not None:
        raise StateFailure(_error_type(text), text)
    answer.pop("LogResult", None)
    return {**answer, "Payload": _json_or_text(text)}


def invoke_function(services: Services, arn: str, payload: Any) -> Any:
    """A function's ARN as Resource: its payload is the result."""
    return invoke_lambda(services, {"FunctionName": arn, "Payload": payload})["Payload"]


def publish(services: Services, arguments: Any) -> dict[str, Any]:
    """``sns:publish``: a Message that is not a string is sent as JSON text."""
    return services.optimised("sns", "publish", _as_text_member(arguments, "Message"))


def send_message(services: Services, arguments: Any) -> dict[str, Any]:
    """``sqs:sendMessage``: a MessageBody that is not a string is sent as JSON text."""
    return services.optimised("sqs", "sendMessage", _as_text_member(arguments, "MessageBody"))


def put_events(services: Services, arguments: Any) -> dict[str, Any]:
    """``events:putEvents``: Detail is JSON; a refused entry fails the task."""
    entries = [_as_text_member(entry, "Detail") for entry in arguments["Entries"]]
    answer = services.optimised("events", "putEvents", {**arguments, "Entries": entries})
    if answer.get("FailedEntryCount"):
        raise StateFailure("EventBridge.FailedEntry", as_text(answer["Entries"]))
    return answer


def _as_text_member(arguments: Any, name: str) -> Any:
    value = arguments.get(name)
    return arguments if value is None or isinstance(value, str) else {**arguments, name: as_text(value)}


def _error_type(text: str) -> str:
    document = _json_or_text(text)
    name = document.get("errorType") if isinstance(document, dict) else None
    return name if isinstance(name, str) and name else "Lambda.Unknown"


def _json_or_text(text: str) -> Any:
    try:
        return json.loads(text) if text else {}
    except ValueError:
        return text
