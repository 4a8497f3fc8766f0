"""How work inside an execution ends other than well."""


class StateFailure(Exception):
    """A state failed with an error of the Amazon States Language: Retry and Catch see ``error``."""

    def __init__(self, error: str, cause: str = "") -> None:
        super().__init__(f"{error}: {cause}")
        self.error = error
        self.cause = cause


class QueryFailure(StateFailure):
    """An expression failed, or a field has no value or one of the wrong type: States.QueryEvaluationError.

    ``location`` is the field of the state in which it happened, where it is known.
    """

    def __init__(self, cause: str, location: str | None = None) -> None:
        super().__init__("States.QueryEvaluationError", cause)
        self.location = location
        self.noted = False


class WorkEnded(Exception):
    """The execution, or the Parallel or Map attempt around this work, is over: stop, report nothing."""
