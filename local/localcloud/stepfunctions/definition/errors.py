"""What Retry and Catch may say.

Source: docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from localcloud.stepfunctions.definition.diagnostic import INVALID, Diagnostic, wrong_fields

_RETRIER = ("Comment", "IntervalSeconds", "MaxAttempts", "BackoffRate", "MaxDelaySeconds", "JitterStrategy")
# Field of a retrier -> type in words, the smallest and the largest value.
_NUMBERS: Mapping[str, tuple[str, float, float]] = {
    "IntervalSeconds": ("Integer of at least 1", 1, 99_999_999),
    "MaxAttempts": ("Integer from 0 to 99999999", 0, 99_999_999),
    "BackoffRate": ("Number of at least 1.0", 1, float("inf")),
    "MaxDelaySeconds": ("Integer from 1 to 31622400", 1, 31_622_400),
}


def diagnose_error_handling(state: Mapping[str, Any], location: str) -> Iterator[Diagnostic]:
    """What is wrong with the retriers and catchers of a state."""
    for index, retrier in enumerate(state.get("Retry", [])):
        yield from wrong_fields(retrier, ("ErrorEquals",), _RETRIER, f"{location}/Retry[{index}]")
        yield from _diagnose_numbers(retrier, f"{location}/Retry[{index}]")
    for index, catcher in enumerate(state.get("Catch", [])):
        optional = ("Comment", "Output", "Assign")
        yield from wrong_fields(catcher, ("ErrorEquals", "Next"), optional, f"{location}/Catch[{index}]")
    for field in ("Retry", "Catch"):
        yield from _diagnose_wildcard(state.get(field, []), f"{location}/{field}")


def _diagnose_wildcard(entries: Sequence[Mapping[str, Any]], location: str) -> Iterator[Diagnostic]:
    """States.ALL stands alone, and in the last entry: nothing after it would ever be asked."""
    for index, entry in enumerate(entries):
        errors = entry.get("ErrorEquals", [])
        where = f"{location}[{index}]/ErrorEquals"
        if not errors:
            yield Diagnostic(INVALID, "Error names are required", where)
        if "States.ALL" in errors and len(errors) > 1:
            yield Diagnostic(INVALID, "States.ALL must appear alone", where)
        if "States.ALL" in errors and index < len(entries) - 1:
            yield Diagnostic(INVALID, "States.ALL must be in the last entry", where)


def _diagnose_numbers(retrier: Mapping[str, Any], location: str) -> Iterator[Diagnostic]:
    for name, (kind, least, most) in _NUMBERS.items():
        value = retrier.get(name, least)
        whole = isinstance(value, int) or (name == "BackoffRate" and isinstance(value, float))
        if isinstance(value, bool) or not whole or not least <= value <= most:
            yield Diagnostic(INVALID, f"Expected value of type {kind}", f"{location}/{name}")
    if retrier.get("JitterStrategy", "NONE") not in ("FULL", "NONE"):
        message = "Value is not valid, it is one of [FULL, NONE]"
        yield Diagnostic(INVALID, message, f"{location}/JitterStrategy")
    interval, longest = retrier.get("IntervalSeconds", 1), retrier.get("MaxDelaySeconds")
    if isinstance(longest, int) and isinstance(interval, int) and longest <= interval:
        message = "MaxDelaySeconds must be larger than IntervalSeconds"
        yield Diagnostic(INVALID, message, f"{location}/MaxDelaySeconds")
