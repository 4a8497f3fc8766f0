"""Every expression of a definition can be read.

AWS was seen to refuse one that cannot: github.com/floci-io/floci/issues/2745.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from localcloud.stepfunctions.definition.diagnostic import Diagnostic
from localcloud.stepfunctions.expressions import is_expression, parse, text_of

# The states inside these are judged as states of their own.
_INNER = ("Branches", "ItemProcessor")


def diagnose_queries(state: Mapping[str, Any], location: str) -> Iterator[Diagnostic]:
    """The expressions of a state that are none."""
    for name, value in state.items():
        if name not in _INNER:
            yield from _diagnose(value, f"{location}/{name}")


def _diagnose(value: Any, location: str) -> Iterator[Diagnostic]:
    if isinstance(value, Mapping):
        for key, member in value.items():
            yield from _diagnose(member, f"{location}/{key}")
    elif isinstance(value, list):
        for index, member in enumerate(value):
            yield from _diagnose(member, f"{location}[{index}]")
    elif is_expression(value):
        try:
            parse(text_of(value))
        except Exception as error:
            yield Diagnostic("INVALID_JSONATA_EXPRESSION", str(error), location)
