"""Versions and aliases in a real instance, by API and by CloudFormation:
docs.aws.amazon.com/step-functions/latest/apireference/API_PublishStateMachineVersion.html and
docs.aws.amazon.com/step-functions/latest/apireference/API_CreateStateMachineAlias.html."""

import uuid
from typing import Any

import pytest
from botocore.exceptions import ClientError

from instances import Instance
from machine_releases import definition, output_of, settled, template
from machines import ROLE, chain, create_machine

Json = dict[str, Any]


def publish(client: Any, arn: str) -> str:
    return str(client.publish_state_machine_version(stateMachineArn=arn)["stateMachineVersionArn"])


def versions_of(client: Any, arn: str) -> list[str]:
    found = client.list_state_machine_versions(stateMachineArn=arn)["stateMachineVersions"]
    return [version["stateMachineVersionArn"] for version in found]


# API_PublishStateMachineVersion.html: idempotent by the revision
def test_a_revision_is_published_once(cloud: Instance) -> None:
    client = cloud.client("stepfunctions")
    arn = create_machine(cloud, chain({"Type": "Succeed"}))
    assert publish(client, arn) == publish(client, arn) == f"{arn}:1"
    client.update_state_machine(stateMachineArn=arn, definition=definition("new"), roleArn=ROLE)
    assert publish(client, arn) == f"{arn}:2"


# API_ListStateMachineVersions.html: from the latest to the first, 100 a page unless asked otherwise
def test_versions_are_listed_from_the_latest_page_by_page(cloud: Instance) -> None:
    client = cloud.client("stepfunctions")
    arn = create_machine(cloud, chain({"Type": "Succeed"}))
    for number in range(1, 12):
        client.update_state_machine(stateMachineArn=arn, definition=definition(str(number)), roleArn=ROLE)
        publish(client, arn)
    assert versions_of(client, arn) == [f"{arn}:{number}" for number in range(11, 0, -1)]
    first = client.list_state_machine_versions(stateMachineArn=arn, maxResults=10)
    rest = client.list_state_machine_versions(stateMachineArn=arn, nextToken=first["nextToken"])
    assert [item["stateMachineVersionArn"] for item in rest["stateMachineVersions"]] == [f"{arn}:1"]
    assert "nextToken" not in rest


# API_DeleteStateMachineVersion.html: not while an alias leads to it
def test_a_version_goes_only_when_no_alias_leads_to_it(cloud: Instance) -> None:
    client = cloud.client("stepfunctions")
    arn = create_machine(cloud, chain({"Type": "Succeed"}))
    version = publish(client, arn)
    alias = client.create_state_machine_alias(
        name="live", routingConfiguration=[{"stateMachineVersionArn": version, "weight": 100}]
    )["stateMachineAliasArn"]
    with pytest.raises(ClientError) as error:
        client.delete_state_machine_version(stateMachineVersionArn=version)
    assert error.value.response["Error"]["Code"] == "ConflictException"
    assert [a["stateMachineAliasArn"] for a in aliases_of(client, arn)] == [alias]
    client.delete_state_machine_alias(stateMachineAliasArn=alias)
    client.delete_state_machine_version(stateMachineVersionArn=version)
    assert versions_of(client, arn) == []


def aliases_of(client: Any, arn: str) -> list[Json]:
    found: list[Json] = client.list_state_machine_aliases(stateMachineArn=arn)["stateMachineAliases"]
    return found


# API_UpdateStateMachineAlias.html; the execution's ARN names the machine alone, whatever was started:
# docs.aws.amazon.com/step-functions/latest/dg/execution-alias-version-associate.html
def test_an_alias_that_is_moved_back_starts_the_former_version(cloud: Instance) -> None:
    client = cloud.client("stepfunctions")
    arn = create_machine(cloud, chain({"Type": "Succeed", "Output": "good"}))
    good = publish(client, arn)
    client.update_state_machine(stateMachineArn=arn, definition=definition("bad"), roleArn=ROLE)
    bad = publish(client, arn)
    alias = client.create_state_machine_alias(
        name="live", routingConfiguration=[{"stateMachineVersionArn": bad, "weight": 100}]
    )["stateMachineAliasArn"]
    assert output_of(cloud, alias) == "bad"
    client.update_state_machine_alias(
        stateMachineAliasArn=alias,
        routingConfiguration=[{"stateMachineVersionArn": good, "weight": 100}],
    )
    routes = client.describe_state_machine_alias(stateMachineAliasArn=alias)["routingConfiguration"]
    assert routes == [{"stateMachineVersionArn": good, "weight": 100}]
    assert output_of(cloud, alias) == "good"
    started = client.start_execution(stateMachineArn=alias, name="by-alias")["executionArn"]
    assert started == f"{arn.replace(':stateMachine:', ':execution:')}:by-alias"


# aws-resource-stepfunctions-statemachineversion.html and -statemachinealias.html
def test_an_update_of_a_stack_keeps_the_former_version_and_moves_the_alias(cloud: Instance) -> None:
    cloudformation, client = cloud.client("cloudformation"), cloud.client("stepfunctions")
    name = f"released-{uuid.uuid4()}"
    cloudformation.create_stack(StackName=name, TemplateBody=template(name, "first"))
    (output,) = settled(cloudformation, name)["Outputs"]
    alias = output["OutputValue"]
    arn = alias.removesuffix(":live")
    assert output_of(cloud, alias) == "first"

    cloudformation.update_stack(StackName=name, TemplateBody=template(name, "second"))
    assert settled(cloudformation, name)["StackStatus"] == "UPDATE_COMPLETE"
    assert output_of(cloud, alias) == "second"
    assert output_of(cloud, f"{arn}:1") == "first"
    described = client.describe_state_machine(stateMachineArn=f"{arn}:2")
    assert (described["description"], described["definition"]) == ("second", definition("second"))

    cloudformation.delete_stack(StackName=name)
    cloudformation.get_waiter("stack_delete_complete").wait(
        StackName=name, WaiterConfig={"Delay": 1, "MaxAttempts": 30}
    )
    # API_DeleteStateMachine.html: versions and aliases go with their machine
    cloudformation.create_stack(StackName=name, TemplateBody=template(name, "again"))
    assert settled(cloudformation, name)["StackStatus"] == "CREATE_COMPLETE"
    assert versions_of(client, arn) == [f"{arn}:1"]
    assert output_of(cloud, alias) == "again"
