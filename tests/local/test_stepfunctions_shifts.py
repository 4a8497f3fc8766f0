"""A gradual shift of an alias, by its rules and by CloudFormation in a real instance:
docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/
aws-properties-stepfunctions-statemachinealias-deploymentpreference.html."""

import uuid
from typing import Any

import pytest

from instances import Instance, wait_for
from localcloud.stepfunctions.aliases import chosen_version
from localcloud.stepfunctions.shifting import Plan, ShiftStopped, read_plan, shares_of, shift
from machine_releases import Json, output_of, settled, template
from machines import ended

ROUTES = [
    {"stateMachineVersionArn": "new", "weight": 20},
    {"stateMachineVersionArn": "old", "weight": 80},
]


@pytest.mark.parametrize(
    ("kind", "percentage", "shares"),
    [
        ("LINEAR", 20, [20, 40, 60, 80, 100]),
        ("LINEAR", 40, [40, 80, 100]),
        ("CANARY", 10, [10, 100]),
        ("ALL_AT_ONCE", 10, [100]),
    ],
)
def test_a_shift_has_the_steps_of_its_type(kind: str, percentage: int, shares: list[int]) -> None:
    assert shares_of(kind, percentage) == shares


def test_the_minutes_between_two_steps_are_scaled() -> None:
    plan = read_plan({"Type": "CANARY", "Percentage": 5, "Interval": 3, "Alarms": ["a"]}, 0.5)
    assert plan == Plan([5, 100], 90, ["a"])


@pytest.mark.parametrize(("draw", "version"), [(0.0, "new"), (0.1999, "new"), (0.2, "old"), (0.9999, "old")])
def test_a_start_gets_a_version_by_its_weight(draw: float, version: str) -> None:
    assert chosen_version(ROUTES, draw) == version


def play(plan: Plan, rings_after: float) -> tuple[list[int], float, ShiftStopped | None]:
    """The shares that were given, the seconds that it took, and what stopped it."""
    given: list[int] = []
    spent = 0.0

    def pause(seconds: float) -> None:
        nonlocal spent
        spent += seconds

    try:
        shift(plan, given.append, lambda name: name == "failed" and spent >= rings_after, pause)
    except ShiftStopped as stopped:
        return given, spent, stopped
    return given, spent, None


def test_a_shift_takes_its_interval_after_each_step_but_the_last() -> None:
    given, spent, stopped = play(Plan([25, 50, 75, 100], 60, ["failed"]), rings_after=1000)
    assert (given, stopped) == ([25, 50, 75, 100], None)
    assert spent == pytest.approx(180)


def test_a_shift_whose_alarm_goes_off_gives_everything_back_at_once_and_says_why() -> None:
    given, spent, stopped = play(Plan([25, 50, 75, 100], 60, ["quiet", "failed"]), rings_after=70)
    assert given == [25, 50, 0]
    assert spent == pytest.approx(70, abs=1)
    assert "alarm failed went off while 50 %" in str(stopped)


def routes_of(client: Any, alias: str) -> dict[str, int]:
    found = client.describe_state_machine_alias(stateMachineAliasArn=alias)["routingConfiguration"]
    return {route["stateMachineVersionArn"].rpartition(":")[2]: route["weight"] for route in found}


def deployed(cloud: Instance, name: str) -> str:
    """The alias of a stack whose first version is good."""
    cloudformation = cloud.client("cloudformation")
    cloudformation.create_stack(StackName=name, TemplateBody=template(name, "good"))
    (output,) = settled(cloudformation, name)["Outputs"]
    return str(output["OutputValue"])


def test_an_update_gives_a_new_version_its_share_step_by_step(cloud: Instance) -> None:
    cloudformation, client = cloud.client("cloudformation"), cloud.client("stepfunctions")
    name = f"shifted-{uuid.uuid4()}"
    alias = deployed(cloud, name)
    assert routes_of(client, alias) == {"1": 100}

    linear = template(name, "better", Type="LINEAR", Percentage=40, Interval=5)
    cloudformation.update_stack(StackName=name, TemplateBody=linear)
    wait_for(lambda: routes_of(client, alias) == {"2": 40, "1": 60}, "the first step")
    wait_for(lambda: routes_of(client, alias) == {"2": 80, "1": 20}, "the second step")
    assert settled(cloudformation, name)["StackStatus"] == "UPDATE_COMPLETE"
    assert routes_of(client, alias) == {"2": 100}
    assert output_of(cloud, alias) == "better"


def test_executions_that_fail_on_a_new_version_take_its_deployment_back(own_cloud: Instance) -> None:
    cloudformation, client = own_cloud.client("cloudformation"), own_cloud.client("stepfunctions")
    name = f"stopped-{uuid.uuid4()}"
    alias = deployed(own_cloud, name)
    watched: Json = {"Type": "CANARY", "Percentage": 50, "Interval": 10, "Alarms": [f"{name}-failed"]}
    bad = template(name, "bad", fails=True, **watched)
    cloudformation.update_stack(StackName=name, TemplateBody=bad)
    wait_for(lambda: routes_of(client, alias) == {"2": 50, "1": 50}, "the first step")

    # half of the starts: that one version gets all forty is one case of 10 ** 12
    started = [client.start_execution(stateMachineArn=alias)["executionArn"] for _ in range(40)]
    seen = [ended(own_cloud, execution) for execution in started]
    assert {(one["status"], one["stateMachineVersionArn"].rpartition(":")[2]) for one in seen} == {
        ("SUCCEEDED", "1"),
        ("FAILED", "2"),
    }

    assert settled(cloudformation, name)["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    assert routes_of(client, alias) == {"1": 100}
    assert output_of(own_cloud, alias) == "good"
    reasons = [
        event.get("ResourceStatusReason", "")
        for event in cloudformation.describe_stack_events(StackName=name)["StackEvents"]
    ]
    assert any(f"alarm {name}-failed went off" in reason for reason in reasons)


@pytest.mark.parametrize(("missing", "status"), [("notBreaching", "UPDATE"), ("missing", "UPDATE_ROLLBACK")])
def test_an_alarm_that_has_no_values_any_more_is_over_if_it_takes_that_for_good(
    cloud: Instance, missing: str, status: str
) -> None:
    """ministack leaves an alarm in its state until its metric has another value."""
    cloudformation, cloudwatch = cloud.client("cloudformation"), cloud.client("cloudwatch")
    name = f"over-{uuid.uuid4()}"
    deployed(cloud, name)
    cloudwatch.put_metric_alarm(
        AlarmName=name,
        Namespace="Nobody",
        MetricName="Emits",
        Statistic="Sum",
        Period=60,
        EvaluationPeriods=1,
        Threshold=1,
        ComparisonOperator="GreaterThanThreshold",
        TreatMissingData=missing,
    )
    cloudwatch.set_alarm_state(AlarmName=name, StateValue="ALARM", StateReason="long ago")
    watched: Json = {"Type": "CANARY", "Percentage": 50, "Interval": 1, "Alarms": [name, "none-such"]}
    cloudformation.update_stack(StackName=name, TemplateBody=template(name, "better", **watched))
    assert settled(cloudformation, name)["StackStatus"] == f"{status}_COMPLETE"
