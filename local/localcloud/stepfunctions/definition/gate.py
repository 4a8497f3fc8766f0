"""Judges a definition in front of the operations of ministack that take one.

ministack's own judgement comes after ours and stays.
"""

from collections.abc import Callable, Mapping
from typing import Any

from ministack.core.responses import error_response_json, json_response
from ministack.services.cloudformation import provisioners

from localcloud.stepfunctions.definition import diagnose, speaks_jsonata

Request = Mapping[str, Any]
Operation = Callable[[Request], Any]


def refusing(operation: Operation) -> Operation:
    """CreateStateMachine or UpdateStateMachine that answers InvalidDefinition to what AWS refuses."""

    def judge(data: Request) -> Any:
        problem = problem_of(data.get("definition"))
        return error_response_json("InvalidDefinition", problem, 400) if problem else operation(data)

    return judge


def validating(operation: Operation) -> Operation:
    """ValidateStateMachineDefinition with diagnostics; of a JSONPath machine what ministack says."""

    def judge(data: Request) -> Any:
        text = data.get("definition")
        if not speaks_jsonata(text):
            return operation(data)
        found = [diagnostic.as_answer() for diagnostic in diagnose(str(text))]
        result = "FAIL" if found else "OK"
        return json_response({"result": result, "diagnostics": found, "truncated": False})

    return judge


def provisioning(definition_of: Callable[[Request], str]) -> Callable[[Request], str]:
    """The definition of a resource of CloudFormation, whose provisioning fails with what is wrong with it."""

    def judge(properties: Request) -> str:
        text = definition_of(properties)
        problem = problem_of(text)
        if problem:
            raise provisioners._sfn_handler_error(problem)
        return text

    return judge


def problem_of(text: Any) -> str | None:
    """What is wrong with a definition, in the words in which AWS refuses it; None when it may be created."""
    if not speaks_jsonata(text):
        return None
    found = diagnose(text)
    told = ", ".join(f"{each.code}: {each.message} at {each.location or 'null'}" for each in found)
    return f"Invalid State Machine Definition: '{told}'" if found else None
