"""The Task state: Arguments, TimeoutSeconds and the call of the resource.

Source: docs.aws.amazon.com/step-functions/latest/dg/state-task.html
"""

from dataclasses import dataclass
from typing import Any

from localcloud.stepfunctions.attempts import with_retry_and_catch
from localcloud.stepfunctions.branch import Branch, Outcome, State
from localcloud.stepfunctions.expressions import Scope, evaluate_as, evaluate_field
from localcloud.stepfunctions.failures import QueryFailure, StateFailure
from localcloud.stepfunctions.history import Trail, as_text
from localcloud.stepfunctions.lifetime import Lifetime, run_within
from localcloud.stepfunctions.limits import within_limit
from localcloud.stepfunctions.simple_states import state_name


@dataclass(frozen=True)
class ServiceCall:
    """What an integration gets to know and may report while it runs."""

    lifetime: Lifetime
    trail: Trail
    names: dict[str, str]

    def submitted(self, output: Any) -> None:
        """Report that a job was started, with the answer of the service."""
        self.lifetime.check()
        self.trail.add("TaskSubmitted", {**self.names, "output": as_text(output)})


def run_task(branch: Branch, state: State, data: Any) -> Outcome:
    """Call the resource with Arguments (the input without them), with Retry and Catch."""
    _refuse_heartbeat(state)
    return with_retry_and_catch(branch, state, data, lambda scope: _attempt(branch, state, scope))


def _refuse_heartbeat(state: State) -> None:
    if "HeartbeatSeconds" in state:
        raise StateFailure(
            "States.Runtime", "The local cloud knows no heartbeats: nothing it runs could send one."
        )


def _attempt(branch: Branch, state: State, scope: Scope) -> Any:
    arguments = evaluate_field(state, "Arguments", scope, scope.input)
    within_limit(arguments, state_name(branch), "input")
    timeout = _seconds(state, scope)
    names = event_names(state["Resource"])
    branch.trail.add("TaskScheduled", _scheduled(names, arguments, timeout))
    branch.trail.add("TaskStarted", names)

    def perform(lifetime: Lifetime) -> Any:
        call = ServiceCall(lifetime, branch.trail, names)
        return branch.surroundings.perform(state["Resource"], arguments, call)

    try:
        result = run_within(branch.lifetime, timeout, perform)
        within_limit(result, state_name(branch), "result")
    except StateFailure as failure:
        ending = "TaskTimedOut" if failure.error == "States.Timeout" else "TaskFailed"
        branch.trail.add(ending, {**names, "error": failure.error, "cause": failure.cause})
        raise
    branch.trail.add("TaskSucceeded", {**names, "output": as_text(result)})
    return result


def event_names(resource: str) -> dict[str, str]:
    """How the history names ``arn:aws:states:::glue:startJobRun.sync``: glue, startJobRun.sync."""
    if ":function:" in resource:
        return {"resourceType": "lambda", "resource": resource}
    service, _, action = resource.split(":::")[-1].removeprefix("aws-sdk:").partition(":")
    prefix = "aws-sdk:" if ":::aws-sdk:" in resource else ""
    return {"resourceType": prefix + service, "resource": action}


def _scheduled(names: dict[str, str], arguments: Any, timeout: float | None) -> dict[str, Any]:
    details: dict[str, Any] = {**names, "region": "us-east-1", "parameters": as_text(arguments)}
    return details if timeout is None else {**details, "timeoutInSeconds": timeout}


def _seconds(state: State, scope: Scope) -> float | None:
    if "TimeoutSeconds" not in state:
        return None
    seconds = evaluate_as("number", state, "TimeoutSeconds", scope)
    if seconds <= 0 or seconds != int(seconds):
        cause = f"TimeoutSeconds must be a whole number above 0, not {seconds}."
        raise QueryFailure(cause, "TimeoutSeconds")
    return float(seconds)
