"""How a new version takes the starts over, step by step, while alarms are watched.

Source: docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/
aws-properties-stepfunctions-statemachinealias-deploymentpreference.html
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

_LOOK_EVERY_SECONDS = 0.5


class ShiftStopped(Exception):
    """An alarm went off before the new version had everything; the alias leads where it led before."""


@dataclass(frozen=True)
class Plan:
    """Shares in percent that the new version gets in turn, the seconds between two, and what is watched."""

    shares: list[int]
    interval_seconds: float
    alarms: list[str]


def read_plan(preference: Mapping[str, Any], time_scale: float) -> Plan:
    """The plan of a DeploymentPreference; ``time_scale`` multiplies its minutes."""
    minutes = int(preference.get("Interval", 0))
    return Plan(
        shares_of(str(preference["Type"]), int(preference.get("Percentage", 100))),
        minutes * 60 * time_scale,
        [str(name) for name in preference.get("Alarms", [])],
    )


def shares_of(kind: str, percentage: int) -> list[int]:
    """LINEAR: equal increments; CANARY: one, then the rest; ALL_AT_ONCE: the rest."""
    if kind == "LINEAR":
        return [*range(percentage, 100, percentage), 100]
    return [percentage, 100] if kind == "CANARY" else [100]


def shift(
    plan: Plan,
    route: Callable[[int], None],
    is_ringing: Callable[[str], bool],
    pause: Callable[[float], None],
) -> None:
    """Give the new version each share in turn; when an alarm rings, none, and raise ShiftStopped.

    ``route`` sets the share of the new version in percent; ``pause`` waits for seconds.
    """
    *steps, everything = plan.shares
    looks = max(1, math.ceil(plan.interval_seconds / _LOOK_EVERY_SECONDS))
    for share in steps:
        route(share)
        for _ in range(looks):
            pause(plan.interval_seconds / looks)
            ringing = [name for name in plan.alarms if is_ringing(name)]
            if ringing:
                route(0)
                raise ShiftStopped(
                    f"alarm {', '.join(ringing)} went off while {share} % of the executions started on the "
                    "new version: all start on the one before again."
                )
    route(everything)
