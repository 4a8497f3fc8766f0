"""JSONata in the fields of a state.

Source: docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html. The language itself is the
jsonata-python package; ministack adds the functions that only Step Functions has ($partition, $parse ...).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from jsonata import Jsonata
from jsonata.utils import Utils
from ministack.services import stepfunctions as ministack

from localcloud.stepfunctions.failures import QueryFailure

_EVALUATION_MILLISECONDS = 5000
_ABSENT = object()


@dataclass(frozen=True)
class Scope:
    """What the expressions of a state see: ``$states`` and the variables, as they were on entry."""

    input: Any
    context: Mapping[str, Any]
    variables: Mapping[str, Any]
    outcome: Mapping[str, Any] = field(default_factory=dict)

    def with_result(self, result: Any) -> "Scope":
        """The scope of Output and Assign after success: ``$states.result`` is there."""
        return replace(self, outcome={"result": result})

    def with_error(self, error: str, cause: str) -> "Scope":
        """The scope of a Catch entry: ``$states.errorOutput`` is there."""
        return replace(self, outcome={"errorOutput": {"Error": error, "Cause": cause}})


def is_expression(value: Any) -> bool:
    """True for a string whose whole text is ``{% ... %}``."""
    return isinstance(value, str) and value.startswith("{%") and value.endswith("%}")


def evaluate(template: Any, scope: Scope) -> Any:
    """``template`` with every expression in it replaced by its value.

    Raises QueryFailure when an expression is wrong, fails or yields nothing.
    """
    if is_expression(template):
        return _plain(_value(template[2:-2].strip(), scope))
    if isinstance(template, dict):
        return {key: evaluate(value, scope) for key, value in template.items()}
    if isinstance(template, list):
        return [evaluate(value, scope) for value in template]
    return template


def evaluate_field(holder: Mapping[str, Any], name: str, scope: Scope, default: Any = None) -> Any:
    """The value of field ``name`` of a state, rule or catcher; ``default`` when there is no such field."""
    if name not in holder:
        return default
    try:
        return evaluate(holder[name], scope)
    except QueryFailure as failure:
        failure.location = name
        raise


def evaluate_as(kind: str, state: Mapping[str, Any], name: str, scope: Scope) -> Any:
    """Field ``name`` of a state, held to a JSON type: "array", "boolean", "number" or "string"."""
    value = evaluate_field(state, name, scope)
    found = json_type(value)
    if found != kind:
        cause = f"The field '{name}' must be of type '{kind}', but its value is of type '{found}'."
        raise QueryFailure(cause, name)
    return value


def json_type(value: Any) -> str:
    """The JSON type of a value, by its name in JSON Schema."""
    if value is None:
        return "null"
    for types, name in (
        (bool, "boolean"),
        ((int, float), "number"),
        (str, "string"),
        (list, "array"),
    ):
        if isinstance(value, types):
            return name
    return "object"


def _value(expression: str, scope: Scope) -> Any:
    try:
        _parse(expression)
        # As a member of an object, undefined (no member) and null (a member) can be told apart.
        program = Jsonata.jsonata(f"{{'value': (\n{expression}\n)}}", timeout=_EVALUATION_MILLISECONDS)
        ministack._register_sfn_jsonata_functions(program)
        result = program.evaluate(None, _bindings(scope))
    except Exception as error:
        code = getattr(error, "error", None)
        cause = f"{code}: {error}" if isinstance(code, str) else str(error)
        raise QueryFailure(f"{cause} in: {expression}") from error
    value = result.get("value", _ABSENT) if isinstance(result, dict) else _ABSENT
    if value is _ABSENT:
        raise QueryFailure(f"The expression yields nothing: {expression}")
    return value


@lru_cache(maxsize=1024)
def _parse(expression: str) -> None:
    """Raises when the expression is none by itself: what closes the object around it must not mend it."""
    Jsonata.jsonata(expression)


def _bindings(scope: Scope) -> dict[str, Any]:
    variables = {
        name: Utils.NULL_VALUE if value is None else value for name, value in scope.variables.items()
    }
    return {**variables, "states": {"input": scope.input, "context": scope.context, **scope.outcome}}


def _plain(value: Any) -> Any:
    """A copy in plain JSON types: no sequence types of the library, whole numbers without a fraction."""
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return int(value)
    if value is None or isinstance(value, bool | int | float | str):
        return value
    raise QueryFailure(f"An expression returned a {type(value).__name__}, which is no JSON.")
