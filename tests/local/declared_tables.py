"""Tables of the Data Catalog as the stack declares them, the references of its template resolved."""

import json
import re
import uuid
from collections.abc import Mapping
from typing import Any

import yaml

from delta_tables import DeltaTable
from instances import PROJECT, Instance
from localcloud.wire import ACCOUNT, REGION

_REFERENCE = re.compile(r"\$\{(!?)([\w:]+)\}")
_PSEUDO_PARAMETERS = {"AWS::AccountId": ACCOUNT, "AWS::Region": REGION}


def declare(cloud: Instance, tables: Mapping[str, DeltaTable]) -> str:
    """Put these tables into a database as the generated catalog declares them; its name."""
    database = f"declared_{uuid.uuid4().hex}"
    glue = cloud.client("glue")
    glue.create_database(DatabaseInput={"Name": database})
    catalog = json.loads((PROJECT / "generated" / "catalog.json").read_text())
    for resource in catalog["Resources"].values():
        table = resource["Properties"]["TableInput"]
        if table["Name"] in tables:
            buckets = {"WarehouseBucket": tables[table["Name"]].bucket}
            glue.create_table(DatabaseName=database, TableInput=_resolved(table, buckets))
    return database


def audit_table(bucket: str) -> dict[str, Any]:
    """The audit trail's table over the objects of a bucket, as Glue's CreateTable takes it."""
    resources = yaml.safe_load((PROJECT / "resources" / "auditTable.yml").read_text())["Resources"]
    table: dict[str, Any] = _resolved(
        resources["AuditTable"]["Properties"]["TableInput"], {"AuditBucket": bucket}
    )
    return table


def _resolved(value: Any, references: dict[str, str]) -> Any:
    """A part of a template without ``Fn::Sub``: what it refers to, and ``${Name}`` for ``${!Name}``."""
    if isinstance(value, list):
        return [_resolved(part, references) for part in value]
    if not isinstance(value, dict):
        return value
    if "Fn::Sub" not in value:
        return {name: _resolved(part, references) for name, part in value.items()}
    known = {**_PSEUDO_PARAMETERS, **references}
    return _REFERENCE.sub(lambda found: f"${{{found[2]}}}" if found[1] else known[found[2]], value["Fn::Sub"])
