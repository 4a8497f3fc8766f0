"""Machines that are released by a template: a version of each revision behind an alias."""

import json
from typing import Any

from instances import Instance, wait_for
from machines import ROLE, chain, ended

Json = dict[str, Any]


def definition(output: str, fails: bool = False) -> str:
    """A machine that answers with ``output``, or fails with it."""
    end = {"Type": "Fail", "Error": output} if fails else {"Type": "Succeed", "Output": output}
    return json.dumps({"QueryLanguage": "JSONata", **chain(end)})


def output_of(cloud: Instance, target: str) -> Any:
    client = cloud.client("stepfunctions")
    return ended(cloud, client.start_execution(stateMachineArn=target)["executionArn"])["output"]


def template(name: str, output: str, fails: bool = False, **preference: Any) -> str:
    """Such a machine, its version, the alias ``live`` that shifts as preferred, an alarm on failures."""
    machine = {"StateMachineName": name, "RoleArn": ROLE, "DefinitionString": definition(output, fails)}
    alarm = {
        "AlarmName": f"{name}-failed",
        "Namespace": "AWS/States",
        "MetricName": "ExecutionsFailed",
        "Dimensions": [{"Name": "StateMachineArn", "Value": {"Ref": "Machine"}}],
        "Statistic": "Sum",
        "Period": 60,
        "EvaluationPeriods": 1,
        "Threshold": 1,
        "ComparisonOperator": "GreaterThanOrEqualToThreshold",
        "TreatMissingData": "notBreaching",
    }
    version = {
        "StateMachineArn": {"Ref": "Machine"},
        "StateMachineRevisionId": {"Fn::GetAtt": ["Machine", "StateMachineRevisionId"]},
        "Description": output,
    }
    shift = {"StateMachineVersionArn": {"Ref": "Version"}, "Type": "ALL_AT_ONCE", **preference}
    kept = {"UpdateReplacePolicy": "Retain", "DeletionPolicy": "Retain"}
    kind = "AWS::StepFunctions::StateMachine"
    resources = {
        "Machine": {"Type": kind, "Properties": machine},
        "Failed": {"Type": "AWS::CloudWatch::Alarm", "Properties": alarm},
        "Version": {"Type": f"{kind}Version", **kept, "Properties": version},
        "Alias": {
            "Type": f"{kind}Alias",
            "DependsOn": ["Failed"],
            "Properties": {"Name": "live", "DeploymentPreference": shift},
        },
    }
    return json.dumps({"Resources": resources, "Outputs": {"Alias": {"Value": {"Ref": "Alias"}}}})


def settled(cloudformation: Any, stack: str) -> Json:
    """The stack when its operation has ended."""

    def ended_stack() -> Json | None:
        found: Json = cloudformation.describe_stacks(StackName=stack)["Stacks"][0]
        return None if found["StackStatus"].endswith("IN_PROGRESS") else found

    found: Json = wait_for(ended_stack, f"the stack {stack}")
    return found
