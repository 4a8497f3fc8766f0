"""Walks the states of one branch: of the machine itself, of a Parallel branch or of one Map iteration."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from localcloud.stepfunctions.expressions import Scope, evaluate_field
from localcloud.stepfunctions.failures import QueryFailure, StateFailure
from localcloud.stepfunctions.history import Trail, as_text, timestamp
from localcloud.stepfunctions.lifetime import Lifetime
from localcloud.stepfunctions.limits import within_limit

State = Mapping[str, Any]


class Call(Protocol):
    """One call of a service integration, as the integration sees it."""

    @property
    def lifetime(self) -> Lifetime:
        """The span in which somebody waits for the result."""

    def submitted(self, output: Any) -> None:
        """Report that a job was started, with the answer of the service."""


@dataclass(frozen=True)
class Surroundings:
    """What a branch needs from outside.

    ``handlers`` run a state of each type; ``perform(resource, arguments, call)`` runs a task's resource.
    ``wait_scale`` multiplies Wait states and retry delays. ``random`` returns a number from 0 to 1.
    """

    handlers: Mapping[str, "Handler"]
    perform: Callable[[str, Any, Call], Any]
    wait_scale: float
    random: Callable[[], float]


@dataclass(frozen=True)
class Outcome:
    """The output of a state, the next state (None: the branch ends) and the variables it sets."""

    output: Any
    next: str | None
    assigned: Mapping[str, Any] = field(default_factory=dict)


@dataclass
class Branch:
    """One branch with its own span, line of history, context object and variables."""

    surroundings: Surroundings
    lifetime: Lifetime
    trail: Trail
    context: dict[str, Any]
    variables: dict[str, Any]
    _entered: int = 0

    def fork(self, lifetime: Lifetime, **context: Any) -> "Branch":
        """An inner branch: it reads the variables of this one, and what it assigns stays inside.

        Source: docs.aws.amazon.com/step-functions/latest/dg/workflow-variables.html (scope)
        """
        return Branch(
            self.surroundings, lifetime, self.trail.fork(), {**self.context, **context}, dict(self.variables)
        )

    def run(self, machine: State, data: Any) -> Any:
        """Run the states of ``machine`` from StartAt; the output of the last one."""
        name = machine["StartAt"]
        while name is not None:
            self.lifetime.check()
            state = machine["States"].get(name)
            if state is None:
                raise StateFailure("States.Runtime", f"The state '{name}' is not defined.")
            data, name = self._visit(name, state, data)
        return data

    def scope(self, data: Any) -> Scope:
        """What the expressions of the state being visited see before it has a result."""
        return Scope(data, self.context, self.variables)

    def enter_attempt(self, retry_count: int) -> None:
        """Note the number of retries in the context object."""
        self.context["State"] = {**self.context["State"], "RetryCount": retry_count}

    def note(self, failure: StateFailure) -> None:
        """Write an expression that failed into the history, once, and say in its cause which state it was.

        Source: docs.aws.amazon.com/step-functions/latest/apireference/API_EvaluationFailedEventDetails.html
        """
        if not isinstance(failure, QueryFailure) or failure.noted:
            return
        failure.noted = True
        name = self.context["State"]["Name"]
        where = f"the state '{name}' (entered at the event id #{self._entered})"
        failure.cause = f"An error occurred while executing {where}. {failure.cause}"
        details = {"state": name, "error": failure.error, "cause": failure.cause}
        located = {} if failure.location is None else {"location": failure.location}
        self.trail.add("EvaluationFailed", {**details, **located})

    def _visit(self, name: str, state: State, data: Any) -> tuple[Any, str | None]:
        kind = state["Type"]
        self.context["State"] = {"Name": name, "EnteredTime": timestamp(), "RetryCount": 0}
        self.trail.add(f"{kind}StateEntered", {"name": name, "input": as_text(data)})
        self._entered = self.trail.last
        handler = self.surroundings.handlers.get(kind)
        if handler is None:
            raise StateFailure("States.Runtime", f"The state '{name}' has the unknown type '{kind}'.")
        try:
            outcome = handler(self, state, data)
        except StateFailure as failure:
            self.note(failure)
            raise
        output = within_limit(outcome.output, name, "output")
        self.variables.update(outcome.assigned)
        self.trail.add(f"{kind}StateExited", _exit_details(name, output, outcome.assigned))
        return output, outcome.next


Handler = Callable[[Branch, State, Any], Outcome]


def _exit_details(name: str, output: Any, assigned: Mapping[str, Any]) -> dict[str, Any]:
    details: dict[str, Any] = {"name": name, "output": as_text(output)}
    if assigned:
        details["assignedVariables"] = {variable: as_text(value) for variable, value in assigned.items()}
    return details


def finish(
    holder: State, scope: Scope, default: Any, name: str, next_state: str | None, prefix: str = ""
) -> Outcome:
    """Output and Assign of a state, a Choice rule or a Catch entry; ``prefix`` tells which: ``Catch[1]/``.

    Both see the same values: what Assign sets is visible from the next state on.
    """
    output = evaluate_field(holder, "Output", scope, default, prefix)
    assigned = evaluate_field(holder, "Assign", scope, {}, prefix)
    within_limit(assigned, name, "variables assigned")
    return Outcome(output, next_state, assigned)
