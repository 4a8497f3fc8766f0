"""Where the engines differ and why ours is right; the pages are of docs.aws.amazon.com/step-functions."""

from collections.abc import Mapping
from dataclasses import dataclass

from machines import Json

FAILED_QUERY = {
    "error": ("States.QueryEvaluationError", "States.Runtime"),
    "events": (["EvaluationFailed", "ExecutionFailed"], ["ExecutionFailed"]),
}


@dataclass(frozen=True)
class Difference:
    """What is seen as (ours, moto's), and the page that decides."""

    seen: Json
    because: str


QUERY_PAGE = (
    "concepts-error-handling.html: a JSONata type error, an incorrectly typed or undefined result is "
    "States.QueryEvaluationError; moto fails with an exception of Python"
)


DIFFERENCES: Mapping[str, Difference] = {
    "output sees old values": Difference(
        {"output": (1, 2)},
        "workflow-variables.html: all expressions of a state see the values on entry; a new value is there "
        "from the next state on",
    ),
    "variable of text with quotes": Difference(
        {
            "status": ("SUCCEEDED", "FAILED"),
            "output": ('say "no"', None),
            "error": (None, "States.Runtime"),
            "events": (["PassStateExited", "ExecutionSucceeded"], ["ExecutionFailed"]),
        },
        "workflow-variables.html: a variable holds any JSON; moto pastes text into the expression as it is",
    ),
    "condition of text": Difference(FAILED_QUERY, QUERY_PAGE),
    "condition of number": Difference(FAILED_QUERY, QUERY_PAGE),
    "wrong type in an expression": Difference(FAILED_QUERY, QUERY_PAGE),
    "function as output": Difference(FAILED_QUERY, QUERY_PAGE),
    "fail of a number": Difference(FAILED_QUERY, QUERY_PAGE),
    "choice without a match": Difference(
        {"error": ("States.NoChoiceMatched", "States.Runtime")},
        "state-choice.html: Step Functions returns States.NoChoiceMatched",
    ),
    "negative wait": Difference(
        {
            "status": ("FAILED", "SUCCEEDED"),
            "output": (None, {}),
            "error": ("States.QueryEvaluationError", None),
            "events": (["EvaluationFailed", "ExecutionFailed"], ["WaitStateExited", "ExecutionSucceeded"]),
        },
        "state-wait.html: Seconds is a whole number from 0 to 99999999",
    ),
    "expression in output caught": Difference(
        {
            "status": ("SUCCEEDED", "FAILED"),
            "output": ("States.QueryEvaluationError", None),
            "error": (None, "States.QueryEvaluationError"),
            "events": (
                ["TaskStateExited", "SucceedStateEntered", "SucceedStateExited", "ExecutionSucceeded"],
                ["ExecutionFailed"],
            ),
        },
        "concepts-error-handling.html: a Catch of a Task takes any error that the state reports. Seen on AWS "
        "for an Output: github.com/floci-io/floci/issues/2665",
    ),
    "expression in arguments caught": Difference(
        {
            "events": (
                ["TaskStateExited", "SucceedStateEntered", "SucceedStateExited", "ExecutionSucceeded"],
                [
                    *("EvaluationFailed", "TaskStateExited", "SucceedStateEntered", "SucceedStateExited"),
                    "ExecutionSucceeded",
                ],
            )
        },
        "API_EvaluationFailedEventDetails.html: an evaluation failure that occurred, and there was one",
    ),
    "machine times out": Difference(
        {"events": (["ExecutionTimedOut"], [])},
        "API_HistoryEvent.html: ExecutionTimedOut; statemachine-structure.html (TimeoutSeconds)",
    ),
    "variable of 256 KiB": Difference(
        {
            "status": ("FAILED", "SUCCEEDED"),
            "output": (None, {}),
            "error": ("States.DataLimitExceeded", None),
            "events": (["ExecutionFailed"], ["PassStateExited", "ExecutionSucceeded"]),
        },
        "workflow-variables.html: a variable, and all of one Assign, have at most 256 KiB",
    ),
    "result of 256 KiB past a catch": Difference(
        {
            "status": ("FAILED", "SUCCEEDED"),
            "output": (None, "States.DataLimitExceeded"),
            "error": ("States.DataLimitExceeded", None),
            "events": (
                ["ExecutionFailed"],
                ["TaskStateExited", "SucceedStateEntered", "SucceedStateExited", "ExecutionSucceeded"],
            ),
        },
        "concepts-error-handling.html: States.ALL does not catch States.DataLimitExceeded",
    ),
}
