"""How a broken definition is refused:
docs.aws.amazon.com/step-functions/latest/apireference/API_CreateStateMachine.html (InvalidDefinition),
API_UpdateStateMachine.html and API_ValidateStateMachineDefinition.html."""

import json
import uuid

import pytest
from botocore.exceptions import ClientError

from instances import Instance, wait_for
from machines import ROLE, chain

NO_TARGET = "MISSING_TRANSITION_TARGET"
SOUND = {"QueryLanguage": "JSONata", **chain({"Type": "Pass"})}
BROKEN = {
    "QueryLanguage": "JSONata",
    "StartAt": "A",
    "States": {"A": {"Type": "Pass", "Next": "X"}, "B": {"Type": "Pass", "End": True}},
}
# Verbatim what AWS answers, by github.com/localstack/localstack/issues/11978.
MESSAGE = (
    "Invalid State Machine Definition: "
    "'MISSING_TRANSITION_TARGET: Missing 'Next' target: X at /States/A/Next, "
    'MISSING_TRANSITION_TARGET: State "B" is not reachable. at /States/B\''
)


def refusal(error: pytest.ExceptionInfo[ClientError]) -> tuple[str, str]:
    details = error.value.response["Error"]
    return details["Code"], details["Message"]


def test_a_machine_is_neither_created_nor_changed_with_a_broken_definition(cloud: Instance) -> None:
    client = cloud.client("stepfunctions")
    name = f"m-{uuid.uuid4()}"
    with pytest.raises(ClientError) as error:
        client.create_state_machine(name=name, roleArn=ROLE, definition=json.dumps(BROKEN))
    assert refusal(error) == ("InvalidDefinition", MESSAGE)
    sound = json.dumps(SOUND)
    arn = client.create_state_machine(name=name, roleArn=ROLE, definition=sound)["stateMachineArn"]
    with pytest.raises(ClientError) as error:
        client.update_state_machine(stateMachineArn=arn, definition=json.dumps(BROKEN))
    assert refusal(error) == ("InvalidDefinition", MESSAGE)
    assert client.describe_state_machine(stateMachineArn=arn)["definition"] == sound


def test_a_definition_can_be_validated_without_creating_a_machine(cloud: Instance) -> None:
    """API_ValidateStateMachineDefinition.html"""
    client = cloud.client("stepfunctions")
    answer = client.validate_state_machine_definition(definition=json.dumps(BROKEN))
    assert (answer["result"], answer["truncated"]) == ("FAIL", False)
    assert [(found["severity"], found["code"], found["location"]) for found in answer["diagnostics"]] == [
        ("ERROR", NO_TARGET, "/States/A/Next"),
        ("ERROR", NO_TARGET, "/States/B"),
    ]
    sound = client.validate_state_machine_definition(definition=json.dumps(SOUND))
    assert (sound["result"], sound["diagnostics"]) == ("OK", [])


def test_a_stack_with_a_broken_machine_is_not_created(cloud: Instance) -> None:
    client = cloud.client("cloudformation")
    properties = {"RoleArn": ROLE, "DefinitionString": json.dumps(BROKEN)}
    template = {
        "Resources": {"Machine": {"Type": "AWS::StepFunctions::StateMachine", "Properties": properties}}
    }
    name = f"s-{uuid.uuid4()}"
    client.create_stack(StackName=name, TemplateBody=json.dumps(template), OnFailure="DO_NOTHING")

    def failed() -> list[str]:
        events = client.describe_stack_events(StackName=name)["StackEvents"]
        failures = [event for event in events if event["ResourceStatus"] == "CREATE_FAILED"]
        return [event.get("ResourceStatusReason", "") for event in failures]

    assert any(NO_TARGET in reason for reason in wait_for(failed, "the machine to be refused"))


def test_a_stack_with_a_machine_that_names_other_resources_is_created(cloud: Instance) -> None:
    """Judged is what the references stand for, not the template's text."""
    client = cloud.client("cloudformation")
    task = {"Type": "Task", "Resource": "${lambda}", "Arguments": {"FunctionName": "${topic}"}, "End": True}
    text = json.dumps({"QueryLanguage": "JSONata", "StartAt": "A", "States": {"A": task}})
    values = {"lambda": "arn:aws:states:::lambda:invoke", "topic": {"Ref": "Topic"}}
    properties = {"RoleArn": ROLE, "DefinitionString": {"Fn::Sub": [text, values]}}
    resources = {
        "Topic": {"Type": "AWS::SNS::Topic"},
        "Machine": {"Type": "AWS::StepFunctions::StateMachine", "Properties": properties},
    }
    name = f"s-{uuid.uuid4()}"
    client.create_stack(StackName=name, TemplateBody=json.dumps({"Resources": resources}))

    def status() -> str | None:
        found = str(client.describe_stacks(StackName=name)["Stacks"][0]["StackStatus"])
        return None if found == "CREATE_IN_PROGRESS" else found

    assert wait_for(status, "the stack") == "CREATE_COMPLETE"
