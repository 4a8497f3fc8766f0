"""moto's engine for state machines, for the second opinion of test_stepfunctions_moto.

moto evaluates JSONata on a JVM that it does not bring along; here our port of the language does.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any
from unittest import mock

from jsonata import Jsonata
from moto.stepfunctions.parser.api import InvalidDefinition
from moto.stepfunctions.parser.asl.component.common.retry import retrier_decl
from moto.stepfunctions.parser.asl.component.state.exec.state_task import lambda_eval_utils
from moto.stepfunctions.parser.asl.jsonata import jsonata as moto_jsonata
from moto.stepfunctions.parser.models import StepFunctionsParserBackend

from instances import wait_for
from machines import ROLE, Json

Invoke = Callable[[Any], Any]


def evaluate(expression: str) -> Any:
    """What moto's bridge to the JVM does: evaluate an expression that brings its variables along."""
    try:
        return json.loads(json.dumps(Jsonata.jsonata(expression).evaluate(None)))
    except Exception as error:
        raise moto_jsonata.JSONataException("UNKNOWN", str(error)) from error


@contextmanager
def patched(invoke: Invoke) -> Iterator[None]:
    """moto with JSONata, with ``invoke`` behind every function, and without waiting for retries.

    ``invoke(payload)`` returns the payload of the answer, or raises FunctionFailed.
    """

    def answer(parameters: Json, region: str, state_credentials: Any) -> Json:
        try:
            return {"Payload": invoke(json.loads(parameters["Payload"])), "StatusCode": 200}
        except FunctionFailed as failure:
            return {"Payload": failure.document, "StatusCode": 200, "FunctionError": "Unhandled"}

    with (
        mock.patch.object(moto_jsonata, "_eval_jsonata", evaluate),
        mock.patch.object(lambda_eval_utils, "_invoke_lambda_function", answer),
        mock.patch.object(retrier_decl, "time", SimpleNamespace(sleep=lambda seconds: None)),
    ):
        yield


class FunctionFailed(Exception):
    """A function threw; ``document`` is what Lambda reports."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.document = {"errorType": name, "errorMessage": "on purpose"}


def is_taken_by_moto(definition: str) -> bool:
    """Whether moto creates a machine with a definition."""
    backend = StepFunctionsParserBackend("us-east-1", "000000000000")
    try:
        backend.create_state_machine(name="m", definition=definition, roleArn=ROLE)
    except InvalidDefinition:
        return False
    return True


def run_on_moto(machine: Json, data: Any, invoke: Invoke) -> Json:
    """The description of an execution on moto's engine, with its events."""
    with patched(invoke):
        backend = StepFunctionsParserBackend("us-east-1", "000000000000")
        definition = json.dumps({"QueryLanguage": "JSONata", **machine})
        arn = backend.create_state_machine(name="m", definition=definition, roleArn=ROLE).arn
        execution = backend.start_execution(arn, name="one", execution_input=json.dumps(data))
        wait_for(lambda: execution.status != "RUNNING", "the end on moto")
        return {**execution.to_describe_output(), "events": execution.to_history_output()["events"]}
