"""How work inside an execution ends other than well."""


class StateFailure(Exception):
    """A state failed with an error of the Amazon States Language: Retry and Catch see ``error``."""

    def __init__(self, error: str, cause: str = "") -> None:
        super().__init__(f"{error}: {cause}")
        self.error = error
        self.cause = cause


class WorkEnded(Exception):
    """The execution, or the Parallel or Map attempt around this work, is over: stop, report nothing."""
