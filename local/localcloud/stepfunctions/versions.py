"""Versions of machines where ministack differs from AWS, and their CloudFormation type.

Sources: docs.aws.amazon.com/step-functions/latest/apireference/API_PublishStateMachineVersion.html,
API_ListStateMachineVersions.html and API_DeleteStateMachine.html
"""

import json
from collections.abc import Callable, Mapping
from typing import Any

from ministack.core.responses import json_response
from ministack.services import stepfunctions as ministack
from ministack.services.cloudformation import provisioners

Request = Mapping[str, Any]
Response = tuple[int, dict[str, str], bytes]
Answer = Callable[[Request], Response]
Created = tuple[str, dict[str, Any]]
_ALL = 100


class VersionRefused(ValueError):
    """A resource that AWS does not take; the stack's event shows the message."""


def install() -> None:
    """Put the corrections in front of ministack's operations and teach CloudFormation the type."""
    ministack._publish_state_machine_version = publishing_once(ministack._publish_state_machine_version)
    ministack._list_state_machine_versions = newest_first(ministack._list_state_machine_versions)
    ministack._delete_state_machine = with_versions(ministack._delete_state_machine)
    handlers = provisioners._RESOURCE_HANDLERS
    handlers["AWS::StepFunctions::StateMachine"]["delete"] = _delete_machine
    handlers["AWS::StepFunctions::StateMachineVersion"] = {
        "create": _create_version,
        "update": _update_version,
        "delete": _delete_version,
    }


def publishing_once(publish: Answer) -> Answer:
    """PublishStateMachineVersion answers with the version that the revision has, if it has one."""

    def answer(data: Request) -> Response:
        machine = ministack._state_machines.get(data.get("stateMachineArn"))
        revision = machine.get("revisionId") if machine else None
        if revision and data.get("revisionId") in (None, "", revision):
            for version in list(ministack._state_machine_versions.values()):
                if version["stateMachineRevisionId"] == revision:
                    return _answered(
                        json_response(
                            {
                                "stateMachineVersionArn": version["stateMachineVersionArn"],
                                "creationDate": version["creationDate"],
                            }
                        )
                    )
        return publish(data)

    return answer


def newest_first(list_versions: Answer) -> Answer:
    """ListStateMachineVersions in the order of the numbers: two versions may have one creation date."""

    def answer(data: Request) -> Response:
        status, headers, body = list_versions({**data, "maxResults": 0})
        if status != 200:
            return status, headers, body
        found = json.loads(body)["stateMachineVersions"]
        found.sort(key=lambda item: -int(item["stateMachineVersionArn"].rpartition(":")[2]))
        start = int(data.get("nextToken") or 0)
        end = start + int(data.get("maxResults") or _ALL)
        more = {"nextToken": str(end)} if end < len(found) else {}
        return _answered(json_response({"stateMachineVersions": found[start:end], **more}))

    return answer


def with_versions(delete: Answer) -> Answer:
    """DeleteStateMachine takes the machine's versions and aliases along."""

    def answer(data: Request) -> Response:
        prefix = f"{data.get('stateMachineArn')}:"
        for store in (ministack._state_machine_versions, ministack._state_machine_aliases):
            for arn in [arn for arn in list(store) if arn.startswith(prefix)]:
                store.pop(arn, None)
        return delete(data)

    return answer


def _delete_machine(arn: str, properties: Request) -> None:
    ministack._delete_state_machine({"stateMachineArn": arn})


def _create_version(logical_id: str, properties: Request, stack: str) -> Created:
    arn = called(
        ministack._publish_state_machine_version,
        {
            "stateMachineArn": properties["StateMachineArn"],
            "revisionId": properties.get("StateMachineRevisionId"),
            "description": properties.get("Description", ""),
        },
    )["stateMachineVersionArn"]
    return arn, {"Arn": arn}


def _update_version(arn: str, old: Request, new: Request, stack: str) -> Created:
    """Only a description changes in place; another revision is another version."""
    if {**old, "Description": ""} != {**new, "Description": ""}:
        return _create_version(arn, new, stack)
    if arn in ministack._state_machine_versions:
        ministack._state_machine_versions[arn]["description"] = new.get("Description", "")
    return arn, {"Arn": arn}


def _delete_version(arn: str, properties: Request) -> None:
    called(ministack._delete_state_machine_version, {"stateMachineVersionArn": arn})


def called(operation: Answer, request: Request) -> dict[str, Any]:
    """The answer of an operation of the API; raises VersionRefused with what it says against the request."""
    status, _headers, body = operation(request)
    answer: dict[str, Any] = json.loads(body)
    if status != 200:
        raise VersionRefused(str(answer.get("message") or answer))
    return answer


def _answered(response: Any) -> Response:
    status, headers, body = response
    return status, headers, body
