"""The machine, its branches and its iterators: each is a set of states that lead only to each other."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Flow:
    """States with a start, and where they are in the definition; the machine itself is at ``""``."""

    machine: Mapping[str, Any]
    location: str

    def states(self) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """Each state with its location."""
        for name, state in self.machine["States"].items():
            yield f"{self.location}/States/{name}", state

    def inner(self) -> Iterator["Flow"]:
        """The flows inside the states of this one."""
        for location, state in self.states():
            yield from flows_in(state, location)


def flows_in(state: Any, location: str) -> Iterator[Flow]:
    """The branches of a Parallel or the processor of a Map, where they have states."""
    if not isinstance(state, Mapping):
        return
    for index, branch in enumerate(state.get("Branches", [])):
        yield Flow(branch, f"{location}/Branches[{index}]")
    if "ItemProcessor" in state:
        yield Flow(state["ItemProcessor"], f"{location}/ItemProcessor")


def flows_of(machine: Mapping[str, Any], location: str = "") -> Iterator[Flow]:
    """The machine and every flow inside it that has states."""
    flow = Flow(machine, location)
    yield flow
    for inner in flow.inner():
        if isinstance(inner.machine, Mapping) and isinstance(inner.machine.get("States"), Mapping):
            yield from flows_of(inner.machine, inner.location)
