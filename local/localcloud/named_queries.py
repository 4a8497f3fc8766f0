"""CloudFormation type ``AWS::Athena::NamedQuery``, which ministack stores but does not create."""

import json
from pathlib import Path
from typing import Any

from ministack.services import athena
from ministack.services.cloudformation import provisioners

from localcloud.toolchain import Toolchain


def _create(logical_id: str, properties: dict[str, Any], stack: str) -> tuple[str, dict[str, Any]]:
    request = {"Description": "", **properties}
    identifier = json.loads(athena._create_named_query(request)[2])["NamedQueryId"]
    return identifier, {"NamedQueryId": identifier}


def _delete(identifier: str, properties: dict[str, Any]) -> None:
    athena._delete_named_query({"NamedQueryId": identifier})


def install(endpoint: str, home: Path, toolchain: Toolchain) -> None:
    """Teach CloudFormation the type; a stack with saved queries deploys as it is."""
    provisioners._RESOURCE_HANDLERS["AWS::Athena::NamedQuery"] = {"create": _create, "delete": _delete}
