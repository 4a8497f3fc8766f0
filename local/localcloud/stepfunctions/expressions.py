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
from localcloud.stepfunctions.history import as_text

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


def text_of(template: Any) -> str:
    """The expression in ``{% ... %}``; of anything else its text."""
    return template[2:-2].strip() if is_expression(template) else str(template)


def evaluate(template: Any, scope: Scope, field: str = "") -> Any:
    """``template`` with every expression in it replaced by its value.

    ``field`` is where it stands in the state: ``Output/rows[0]``. Raises QueryFailure when an expression is
    wrong, fails or yields nothing.
    """
    if is_expression(template):
        return _value(text_of(template), scope, field)
    if isinstance(template, dict):
        return {key: evaluate(value, scope, f"{field}/{key}") for key, value in template.items()}
    if isinstance(template, list):
        return [evaluate(value, scope, f"{field}[{index}]") for index, value in enumerate(template)]
    return template


def evaluate_field(
    holder: Mapping[str, Any], name: str, scope: Scope, default: Any = None, prefix: str = ""
) -> Any:
    """The value of field ``name`` of a state, rule or catcher; ``default`` when there is no such field.

    ``prefix`` tells which rule or catcher: ``Catch[1]/``.
    """
    return evaluate(holder[name], scope, prefix + name) if name in holder else default


def evaluate_as(kind: str, holder: Mapping[str, Any], name: str, scope: Scope, prefix: str = "") -> Any:
    """Field ``name``, held to a JSON type: "array", "boolean", "number" or "string"."""
    value = evaluate_field(holder, name, scope, prefix=prefix)
    found = json_type(value)
    if found != kind:
        expected = f"Expected '{kind}', but was '{found}' for value: {as_text(value)}"
        expression = text_of(holder[name])
        raise _failure(expression, prefix + name, f"returned an unexpected result type. {expected}")
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


def _failure(expression: str, field: str, what: str) -> QueryFailure:
    """A failure in the words of AWS: which expression, of which field, did what."""
    return QueryFailure(
        f"The JSONata expression '{expression}' specified for the field '{field}' {what}", field
    )


def _value(expression: str, scope: Scope, field: str) -> Any:
    try:
        parse(expression)
        # As a member of an object, undefined (no member) and null (a member) can be told apart.
        program = Jsonata.jsonata(f"{{'value': (\n{expression}\n)}}", timeout=_EVALUATION_MILLISECONDS)
        ministack._register_sfn_jsonata_functions(program)
        result = program.evaluate(None, _bindings(scope))
    except Exception as error:
        code = getattr(error, "error", None)
        cause = f"{code}: {error}" if isinstance(code, str) else str(error)
        raise _failure(expression, field, f"threw an error during evaluation. {cause}") from error
    value = result.get("value", _ABSENT) if isinstance(result, dict) else _ABSENT
    if value is _ABSENT:
        raise _failure(expression, field, "returned nothing (undefined).")
    try:
        return _plain(value)
    except TypeError as error:
        raise _failure(expression, field, f"returned an unsupported result type: {error}.") from error


@lru_cache(maxsize=1024)
def parse(expression: str) -> None:
    """Raises when the expression is none by itself: what closes the object around it must not mend it."""
    Jsonata.jsonata(expression)


def _bindings(scope: Scope) -> dict[str, Any]:
    variables = {
        name: Utils.NULL_VALUE if value is None else value for name, value in scope.variables.items()
    }
    return {**variables, "states": {"input": scope.input, "context": scope.context, **scope.outcome}}


def _plain(value: Any) -> Any:
    """A copy in plain JSON types: no sequence types of the library, whole numbers without a fraction.

    Raises TypeError for what is no JSON, such as a function.
    """
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return int(value)
    if value is None or isinstance(value, bool | int | float | str):
        return value
    raise TypeError(type(value).__name__)
