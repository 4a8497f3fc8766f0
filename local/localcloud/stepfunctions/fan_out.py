"""Parallel and inline Map: branches that run at the same time.

Source: docs.aws.amazon.com/step-functions/latest/dg/state-parallel.html and state-map-inline.html
"""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import wait
from typing import Any

from localcloud.stepfunctions.attempts import with_retry_and_catch
from localcloud.stepfunctions.branch import Branch, Outcome, State
from localcloud.stepfunctions.expressions import Scope, evaluate_as, evaluate_field
from localcloud.stepfunctions.failures import QueryFailure, StateFailure, WorkEnded
from localcloud.stepfunctions.lifetime import Lifetime, in_thread

MAX_INLINE_CONCURRENCY = 40
Work = Callable[[Lifetime], tuple[Any, int]]


def run_parallel(branch: Branch, state: State, data: Any) -> Outcome:
    """Give every branch the Arguments (or the input) and hand on the list of their outputs."""

    def attempt(scope: Scope) -> Any:
        given = evaluate_field(state, "Arguments", scope, scope.input)
        branch.trail.add("ParallelStateStarted")

        def one(machine: State) -> Work:
            def work(lifetime: Lifetime) -> tuple[Any, int]:
                inner = branch.fork(lifetime)
                return inner.run(machine, given), inner.trail.last

            return work

        results = _together(branch, "Parallel", [one(machine) for machine in state["Branches"]])
        branch.trail.add("ParallelStateSucceeded")
        return results

    return with_retry_and_catch(branch, state, data, attempt)


def run_map(branch: Branch, state: State, data: Any) -> Outcome:
    """Run the ItemProcessor for every item and hand on the list of the outputs, in the order of the items."""
    machine = state["ItemProcessor"]
    if machine.get("ProcessorConfig", {}).get("Mode", "INLINE") != "INLINE" or "ItemReader" in state:
        raise StateFailure(
            "States.Runtime", "The local cloud runs inline Map states only, no distributed ones."
        )

    def attempt(scope: Scope) -> Any:
        try:
            items = _items(state, scope)
            concurrency = (
                evaluate_as("number", state, "MaxConcurrency", scope) if "MaxConcurrency" in state else 0
            )
        except QueryFailure as failure:
            branch.note(failure)
            branch.trail.add("MapStateFailed")
            raise
        branch.trail.add("MapStateStarted", {"length": len(items)})
        works = [_iteration(branch, state, scope, index, item) for index, item in enumerate(items)]
        results = _together(branch, "Map", works, int(concurrency))
        branch.trail.add("MapStateSucceeded")
        return results

    return with_retry_and_catch(branch, state, data, attempt)


def _items(state: State, scope: Scope) -> list[Any]:
    if "Items" in state:
        items: list[Any] = evaluate_as("array", state, "Items", scope)
        return items
    if not isinstance(scope.input, list):
        raise QueryFailure("The input of a Map without Items must be an array.", "Items")
    return scope.input


def _iteration(branch: Branch, state: State, scope: Scope, index: int, item: Any) -> Work:
    details = {"name": branch.context["State"]["Name"], "index": index}

    def work(lifetime: Lifetime) -> tuple[Any, int]:
        inner = branch.fork(lifetime, Map={"Item": {"Index": index, "Value": item}})
        inner.trail.add("MapIterationStarted", details)
        try:
            selector = Scope(scope.input, inner.context, inner.variables)
            given = evaluate_field(state, "ItemSelector", selector, item)
            output = inner.run(state["ItemProcessor"], given)
        except StateFailure:
            inner.trail.add("MapIterationFailed", details)
            raise
        except WorkEnded:
            inner.trail.add("MapIterationAborted", details)
            raise
        inner.trail.add("MapIterationSucceeded", details)
        return output, inner.trail.last

    return work


def _together(branch: Branch, kind: str, works: Sequence[Work], concurrency: int = 0) -> list[Any]:
    """The outputs of all works; the first failure ends the others and is raised."""
    results: dict[int, tuple[Any, int]] = {}
    failures: list[Exception] = []
    waiting = iter(enumerate(works))
    lock = threading.Lock()
    with branch.lifetime.child() as group:

        def take_turns() -> None:
            while not group.over:
                with lock:
                    turn = next(waiting, None)
                if turn is None:
                    return
                try:
                    results[turn[0]] = turn[1](group)
                except Exception as failure:
                    failures.append(failure)
                    group.end()

        workers = min(concurrency or MAX_INLINE_CONCURRENCY, MAX_INLINE_CONCURRENCY, len(works))
        wait([in_thread(take_turns) for _ in range(workers)])
    branch.lifetime.check()
    if failures:
        branch.trail.add(f"{kind}StateFailed")
        raise failures[0]
    ordered = [results[index] for index in range(len(works))]
    branch.trail.last = max((last for _, last in ordered), default=branch.trail.last)
    return [output for output, _ in ordered]
