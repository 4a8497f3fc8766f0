"""The states that call nothing: Pass, Choice, Wait, Succeed and Fail.

Source: docs.aws.amazon.com/step-functions/latest/dg/workflow-states.html
"""

from datetime import datetime, timezone
from typing import Any, NoReturn

from localcloud.stepfunctions.branch import Branch, Outcome, State, finish
from localcloud.stepfunctions.expressions import Scope, evaluate_as, evaluate_field, is_expression
from localcloud.stepfunctions.failures import QueryFailure, StateFailure


def state_name(branch: Branch) -> str:
    """The name of the state that a branch is visiting."""
    return str(branch.context["State"]["Name"])


def run_pass(branch: Branch, state: State, data: Any) -> Outcome:
    """Output in the place of the input, if there is one."""
    return finish(state, branch.scope(data), data, state_name(branch), state.get("Next"))


def run_choice(branch: Branch, state: State, data: Any) -> Outcome:
    """The first rule whose Condition is true, with its Output and Assign, or the Default with the state's."""
    scope = branch.scope(data)
    for index, rule in enumerate(state["Choices"]):
        which = f"Choices[{index}]/"
        if evaluate_as("boolean", rule, "Condition", scope, which):
            return finish(rule, scope, data, state_name(branch), rule["Next"], which)
    if "Default" not in state:
        raise StateFailure("States.NoChoiceMatched", f"No rule of '{state_name(branch)}' matched.")
    return finish(state, scope, data, state_name(branch), state["Default"])


def run_wait(branch: Branch, state: State, data: Any) -> Outcome:
    """Wait for Seconds or until Timestamp; an end of the execution ends the wait."""
    scope = branch.scope(data)
    seconds = _seconds(state, scope) if "Seconds" in state else _seconds_until(state, scope)
    branch.lifetime.sleep(seconds * branch.surroundings.wait_scale)
    return finish(state, scope, data, state_name(branch), state.get("Next"))


def run_succeed(branch: Branch, state: State, data: Any) -> Outcome:
    """End the branch with Output, or with the input."""
    return Outcome(evaluate_field(state, "Output", branch.scope(data), data), None)


def run_fail(branch: Branch, state: State, data: Any) -> NoReturn:
    """Fail with Error and Cause, which must be strings."""
    scope = branch.scope(data)
    error, cause = (
        str(evaluate_as("string", state, name, scope)) if name in state else default
        for name, default in (("Error", "States.Fail"), ("Cause", ""))
    )
    raise StateFailure(error, cause)


def _seconds(state: State, scope: Scope) -> float:
    seconds = evaluate_as("number", state, "Seconds", scope)
    if seconds < 0 or seconds != int(seconds):
        raise QueryFailure(f"Seconds must be a whole number of 0 or more, not {seconds}.", "Seconds")
    return float(seconds)


def _seconds_until(state: State, scope: Scope) -> float:
    text = evaluate_as("string", state, "Timestamp", scope)
    try:
        moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
        return max(0.0, (moment - datetime.now(timezone.utc)).total_seconds())
    except (ValueError, TypeError) as error:
        cause = f"'{text}' is no ISO 8601 moment with an offset."
        computed = is_expression(state["Timestamp"])
        failure = QueryFailure(cause, "Timestamp") if computed else StateFailure("States.Runtime", cause)
        raise failure from error
