"""Aliases of machines: which version a start gets, and the CloudFormation type, which shifts by and by.

Sources: docs.aws.amazon.com/step-functions/latest/dg/concepts-state-machine-alias.html and
docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-stepfunctions-statemachinealias.html
"""

import time
from collections.abc import Mapping, Sequence
from typing import Any

from ministack.services import cloudformation
from ministack.services import stepfunctions as ministack
from ministack.services.cloudformation import provisioners, stacks

from localcloud.stepfunctions.measuring import is_ringing
from localcloud.stepfunctions.shifting import Plan, read_plan, shift
from localcloud.stepfunctions.versions import called

_TYPE = "AWS::StepFunctions::StateMachineAlias"

Properties = Mapping[str, Any]
Created = tuple[str, dict[str, Any]]
Route = dict[str, Any]


def chosen_version(routes: Sequence[Route], draw: float) -> str:
    """The version that a start gets; ``draw`` is evenly spread over 0 to 1, 1 left out."""
    left = draw * 100
    for route in routes:
        left -= route["weight"]
        if left < 0:
            return str(route["stateMachineVersionArn"])
    raise ValueError(f"the weights of {routes} do not sum to 100")


class AliasType:
    """The handlers of the CloudFormation type; ``time_scale`` multiplies the minutes of a gradual shift."""

    def __init__(self, time_scale: float) -> None:
        self._time_scale = time_scale

    def install(self) -> None:
        """Teach CloudFormation the type, on a thread of its own: a shift takes its time."""
        provisioners._RESOURCE_HANDLERS[_TYPE] = {
            "create": self.create,
            "update": self.update,
            "delete": self.delete,
        }
        blocks = stacks._runs_on_worker_thread
        stacks._runs_on_worker_thread = lambda kind: kind == _TYPE or blocks(kind)

    def create(self, logical_id: str, properties: Properties, stack: str) -> Created:
        """A new alias has no version to shift from."""
        arn = called(
            ministack._create_state_machine_alias,
            {
                "name": properties["Name"],
                "description": properties.get("Description", ""),
                "routingConfiguration": _final_routes(properties),
            },
        )["stateMachineAliasArn"]
        return arn, {"Arn": arn}

    def update(self, arn: str, old: Properties, new: Properties, stack: str) -> Created:
        """Shift as the template prefers; raise ShiftStopped when an alarm went off."""
        if old.get("Name") != new.get("Name"):
            return self.create("", new, stack)
        before = _leading_version(arn)
        preference = new.get("DeploymentPreference")
        if preference is None or _is_rolled_back(stack) or preference["StateMachineVersionArn"] == before:
            _route(arn, _final_routes(new), new)
            return arn, {"Arn": arn}
        after = str(preference["StateMachineVersionArn"])
        self._shift(read_plan(preference, self._time_scale), arn, before, after, new)
        return arn, {"Arn": arn}

    def delete(self, arn: str, properties: Properties) -> None:
        """The versions stay."""
        called(ministack._delete_state_machine_alias, {"stateMachineAliasArn": arn})

    def _shift(self, plan: Plan, arn: str, before: str, after: str, properties: Properties) -> None:
        def give(share: int) -> None:
            routes = [(after, share), (before, 100 - share)]
            named = [{"stateMachineVersionArn": version, "weight": weight} for version, weight in routes]
            _route(arn, [route for route in named if route["weight"]], properties)

        shift(plan, give, is_ringing, time.sleep)


def _final_routes(properties: Properties) -> list[Route]:
    """Where the alias leads in the end."""
    preference = properties.get("DeploymentPreference")
    if preference is not None:
        return [{"stateMachineVersionArn": preference["StateMachineVersionArn"], "weight": 100}]
    return [
        {"stateMachineVersionArn": route["StateMachineVersionArn"], "weight": int(route["Weight"])}
        for route in properties.get("RoutingConfiguration", [])
    ]


def _leading_version(arn: str) -> str:
    """What the alias leads to now, wherever a rollback moved it; of two versions the one with more weight."""
    routes = ministack._state_machine_aliases[arn]["routingConfiguration"]
    return str(max(routes, key=lambda route: route["weight"])["stateMachineVersionArn"])


def _route(arn: str, routes: list[Route], properties: Properties) -> None:
    request = {
        "stateMachineAliasArn": arn,
        "description": properties.get("Description", ""),
        "routingConfiguration": routes,
    }
    called(ministack._update_state_machine_alias, request)


def _is_rolled_back(stack: str) -> bool:
    """A stack that goes back does so at once."""
    return "ROLLBACK" in cloudformation._stacks[stack]["StackStatus"]
