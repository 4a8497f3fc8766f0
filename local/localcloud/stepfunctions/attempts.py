"""Retry and Catch around the attempts of a Task, Parallel or Map state.

Source: docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
"""

from collections.abc import Callable
from typing import Any

from localcloud.stepfunctions.branch import Branch, Outcome, State, finish
from localcloud.stepfunctions.expressions import Scope
from localcloud.stepfunctions.failures import StateFailure
from localcloud.stepfunctions.limits import within_limit
from localcloud.stepfunctions.retry import Retries, find_catcher
from localcloud.stepfunctions.simple_states import state_name


def with_retry_and_catch(branch: Branch, state: State, data: Any, attempt: Callable[[Scope], Any]) -> Outcome:
    """Run ``attempt`` until it gives a result, no Retry takes its error, or a Catch does.

    Output and Assign belong to the attempt: an expression in them that fails can be caught.
    """
    name = state_name(branch)
    retries = Retries(state.get("Retry", []), branch.surroundings.random)
    while True:
        branch.enter_attempt(retries.count)
        scope = branch.scope(data)
        try:
            result = within_limit(attempt(scope), name, "result")
            return finish(state, scope.with_result(result), result, name, state.get("Next"))
        except StateFailure as failure:
            branch.note(failure)
            delay = retries.delay_after(failure.error)
            if delay is not None:
                branch.lifetime.sleep(delay * branch.surroundings.wait_scale)
                continue
            index = find_catcher(state.get("Catch", []), failure.error)
            if index is None:
                raise
            catcher, which = state["Catch"][index], f"Catch[{index}]/"
            caught = scope.with_error(failure.error, failure.cause)
            return finish(catcher, caught, caught.outcome["errorOutput"], name, catcher["Next"], which)
