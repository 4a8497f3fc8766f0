"""Which parts of a state machine a set of histories has taken: states, transitions, retriers and catchers."""

from collections.abc import Iterator, Mapping
from typing import Any

Json = Mapping[str, Any]


def flows(machine: Json) -> Iterator[Json]:
    """The machine itself, every branch and every iterator."""
    yield machine
    for state in machine["States"].values():
        for inner in [*state.get("Branches", []), *filter(None, [state.get("ItemProcessor")])]:
            yield from flows(inner)


def states(machine: Json) -> dict[str, Json]:
    """Every state of the machine by its name, which is unique in it."""
    named = [item for flow in flows(machine) for item in flow["States"].items()]
    assert len(dict(named)) == len(named), "two states share a name"
    return dict(named)


def parts(machine: Json) -> set[str]:
    """Everything that there is to take, each in words."""
    return {part for name, state in states(machine).items() for part in _parts_of(name, state)}


def _parts_of(name: str, state: Json) -> Iterator[str]:
    yield name
    targets = [rule["Next"] for rule in state.get("Choices", [])]
    # The history shows where a Choice went and not why: two ways to one state could not be told apart.
    assert len(set(targets) | {state.get("Default")}) == len(targets) + 1, f"{name} has two ways to one state"
    yield from (_way(name, target) for target in targets)
    if state["Type"] not in ("Fail", "Succeed"):
        yield _way(name, state["Default"] if state["Type"] == "Choice" else state.get("Next"))
    yield from (_retried(name, retrier) for retrier in state.get("Retry", []))
    yield from (_caught(name, catcher) for catcher in state.get("Catch", []))


def taken(machine: Json, events: list[Any]) -> set[str]:
    """What one history has taken."""
    known = states(machine)
    found: set[str] = set()
    following = {
        event["previousEventId"]: event["stateEnteredEventDetails"]["name"]
        for event in events
        if "stateEnteredEventDetails" in event
    }
    for event in events:
        if "stateEnteredEventDetails" in event:
            found.add(event["stateEnteredEventDetails"]["name"])
        if "stateExitedEventDetails" in event:
            name = event["stateExitedEventDetails"]["name"]
            found |= _taken_by(name, known[name], _line(events, event), following.get(event["id"]))
    return found


def _taken_by(name: str, state: Json, line: list[Any], following: str | None) -> set[str]:
    if state["Type"] in ("Fail", "Succeed"):
        return set()
    errors = [_error(event) for event in line]
    found = {
        _retried(name, _entry_for(state["Retry"], error))
        for error, later in zip(errors, line[1:], strict=False)
        if error and later["type"] == "TaskScheduled"
    }
    if errors and errors[-1]:
        return found | {_caught(name, _entry_for(state["Catch"], errors[-1]))}
    return found | {_way(name, following)}


def _line(events: list[Any], exited: Any) -> list[Any]:
    """The events of a visit to a state, from its entry to its exit; of a Map or Parallel the last one."""
    line: list[Any] = []
    event = events[exited["previousEventId"] - 1]
    while "stateEnteredEventDetails" not in event:
        line.insert(0, event)
        if event["type"].startswith(("Map", "Parallel")):
            break
        event = events[event["previousEventId"] - 1]
    return line


def _error(event: Any) -> str | None:
    """The error that an event tells of; a Map or Parallel that failed does not say which."""
    for key in ("taskFailedEventDetails", "taskTimedOutEventDetails", "evaluationFailedEventDetails"):
        if key in event:
            return str(event[key]["error"])
    return "States.ALL" if event["type"] in ("MapStateFailed", "ParallelStateFailed") else None


def _entry_for(entries: list[Json], error: str) -> Json:
    """The first Retry or Catch entry that takes ``error``; States.TaskFailed stands for all but a timeout."""
    wildcards = {"States.ALL"} if error == "States.Timeout" else {"States.ALL", "States.TaskFailed"}
    return next(entry for entry in entries if {error, *wildcards} & set(entry["ErrorEquals"]))


def _way(name: str, target: str | None) -> str:
    return f"{name} -> {target or 'end'}"


def _retried(name: str, retrier: Json) -> str:
    return f"{name} again after {retrier['ErrorEquals'][0]}"


def _caught(name: str, catcher: Json) -> str:
    return f"{name} -> {catcher['Next']} after {catcher['ErrorEquals'][0]}"
