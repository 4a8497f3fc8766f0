"""The row rules of a contract: every rule that a line breaks, with what was found and what is expected."""

from dataclasses import dataclass, replace
from functools import reduce
from operator import or_
from typing import Protocol

from pyspark.sql import Column as Expression
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from lakehouse.contract import Column, Contract
from lakehouse.parse import DECIMAL, has_more_decimals, parse_text
from lakehouse.split import text_of

REASONS_TYPE = "array<struct<rule:string,column:string,message:string>>"
_CONTROL = r"[\p{Cc}&&[^\t]]"
_SHOWN_CHARACTERS = 80
_EXPECTED = {
    "integer": "a whole number of 32 bits in digits",
    "decimal": "a plain decimal number such as 12.50",
    "boolean": "true, false, 1 or 0",
    "date": "a calendar date YYYY-MM-DD",
    "date-time": "a timestamp such as 2025-04-01T11:27:00, with optional fraction and Z or offset",
}
_UNREADABLE = {
    "integer": "BAD_INTEGER",
    "boolean": "BAD_BOOLEAN",
    "date": "BAD_DATE",
    "date-time": "BAD_TIMESTAMP",
}


@dataclass(frozen=True)
class Check:
    """`broken` is true where the line breaks `rule`; `column` is None when the whole line is concerned.

    `value` is shown in quotes as what was found; where it is None, `found` describes it.
    """

    rule: str
    column: str | None
    broken: Expression
    expected: Expression
    value: Expression | None = None
    found: Expression | None = None

    def finding(self) -> Expression:
        """What a reason is made of, as a struct."""
        nothing = F.lit(None).cast("string")
        return F.struct(
            F.lit(self.rule).alias("rule"),
            F.lit(self.column).cast("string").alias("column"),
            (nothing if self.value is None else self.value).alias("value"),
            (nothing if self.found is None else self.found).alias("found"),
            self.expected.alias("expected"),
        )


def judge(split: DataFrame, contract: Contract) -> DataFrame:
    """Return the contract's typed columns, `_file`, `_sequence`, `_line`, `_raw` and `_reasons` (null: the
    line is sound).

    `split` comes from split_lines. A line that does not split or repeats the header has only the reasons
    that concern the whole line, because its values mean nothing.
    """
    values = [
        parse_text(F.col(text_of(column.name)), column).alias(column.name) for column in contract.columns
    ]
    parsed = split.select(
        "*",
        *values,
        (~F.col("_plain") & F.col("_raw").rlike(_CONTROL)).alias("_has_control"),
        (F.col("_sound") & _repeats_header(contract)).alias("_repeats_header"),
    )
    whole_line = _line_checks(contract)
    by_column = [check for column in contract.columns for check in _column_checks(column, contract)]
    readable = F.col("_sound") & ~F.col("_repeats_header")
    checks = whole_line + [replace(check, broken=readable & check.broken) for check in by_column]
    found = F.array(*(F.when(check.broken, check.finding()) for check in checks))
    reasons = F.transform(F.array_compact(found), _as_reason)
    # Nearly every line is sound: its reasons are not even looked for.
    is_broken = reduce(or_, (F.coalesce(check.broken, F.lit(False)) for check in checks))
    return parsed.withColumn("_is_broken", is_broken).select(
        *contract.names,
        "_file",
        "_sequence",
        "_line",
        "_raw",
        F.when(F.col("_is_broken"), reasons).alias("_reasons"),
    )


def reason(rule: str, column: str | None, message: Expression) -> Expression:
    """One reason as a struct of rule, column and message."""
    return F.struct(
        F.lit(rule).alias("rule"), F.lit(column).cast("string").alias("column"), message.alias("message")
    )


def quoted(text: Expression) -> Expression:
    """A value as a message shows it: shortened, without control characters."""
    shown = F.regexp_replace(F.substring(text, 1, _SHOWN_CHARACTERS), r"\p{Cc}", "\ufffd")
    return F.concat(
        F.lit('"'), shown, F.when(F.length(text) > _SHOWN_CHARACTERS, "…").otherwise(""), F.lit('"')
    )


def _as_reason(finding: Expression) -> Expression:
    found = F.coalesce(finding["found"], quoted(finding["value"]))
    message = F.concat(F.lit("found "), found, F.lit(", expected "), finding["expected"])
    return F.struct(
        finding["rule"].alias("rule"), finding["column"].alias("column"), message.alias("message")
    )


def _repeats_header(contract: Contract) -> Expression:
    same = F.lit(True)
    for name in contract.names:
        # A file may lack a column that the contract got later.
        same = same & (F.coalesce(F.col(text_of(name)), F.lit(name)) == name)
    return same & F.col(text_of(contract.primary_key)).isNotNull()


def _line_checks(contract: Contract) -> list[Check]:
    no_column_has_it = F.lit(True)
    for name in contract.names:
        no_column_has_it = no_column_has_it & ~F.coalesce(F.col(text_of(name)).rlike(_CONTROL), F.lit(False))
    unbroken_quotes = (
        "quotes only around a whole value, closed on the same line and doubled inside; a physical line is a "
        "record, so a line break inside quotes cuts it"
    )
    in_no_value = F.col("_has_control") & F.col("_sound") & no_column_has_it
    ragged = F.col("_quoting") & (F.col("_found") != F.col("_width"))
    as_in_header = F.concat(
        F.lit("the "), F.col("_width"), F.lit(" of the header; a value with a comma must stand in quotes")
    )

    def check(rule: str, broken: Expression, found: str | Expression, expected: str | Expression) -> Check:
        return Check(rule, None, broken, _text(expected), found=_text(found))

    return [
        check("ENCODING", F.col("_bad_encoding"), "bytes that are not UTF-8", "a line in UTF-8"),
        check("MALFORMED", ~F.col("_quoting"), "broken quoting", unbroken_quotes),
        check("MALFORMED", ragged, F.concat(F.col("_found"), F.lit(" columns")), as_in_header),
        check("REPEATED_HEADER", F.col("_repeats_header"), "the header again", "it only as the first line"),
        check("CONTROL_CHARACTER", in_no_value, "a control character beside a value", "none"),
    ]


def _column_checks(column: Column, contract: Contract) -> list[Check]:
    text, value = F.col(text_of(column.name)), F.col(column.name)
    hidden = F.lit("a value that is not shown") if column.pii else None

    def check(
        rule: str, broken: Expression, expected: Expression | str, found: Expression | None = hidden
    ) -> Check:
        value = text if found is None else None
        return Check(rule, column.name, broken, _text(expected), value, found)

    has_control = F.col("_has_control") & text.rlike(_CONTROL)
    checks = [check("CONTROL_CHARACTER", has_control, "none but a tab", F.lit("a control character"))]
    if not column.nullable:
        rule = "NULL_KEY" if column.name in contract.key_names else "NULL_VALUE"
        checks.append(check(rule, text.isNull(), "a value", F.lit("nothing")))
    if column.max_length is not None:
        shown = F.concat(F.length(text), F.lit(" characters"))
        # A text has at least as many octets as characters, and only the latter need counting.
        too_long = (F.octet_length(text) > column.max_length) & (F.length(text) > column.max_length)
        checks.append(check("TOO_LONG", too_long, f"at most {column.max_length}", shown))
    if column.kind in _UNREADABLE:
        checks.append(
            check(_UNREADABLE[column.kind], text.isNotNull() & value.isNull(), _EXPECTED[column.kind])
        )
    if column.kind == "decimal":
        checks += _decimal_checks(column, text, check)
    elif column.kind == "integer":
        checks += _limit_checks(column, value, check)
    if column.kind == "date-time" and column.earliest is not None:
        earliest = F.lit(column.earliest).cast("timestamp")
        latest = F.col("_arrived") + F.expr(f"INTERVAL {column.days_after_arrival} DAYS")
        expected = F.concat(
            F.lit(f"{column.earliest} or later, and at the latest "),
            F.date_format(latest, "yyyy-MM-dd'T'HH:mm:ss'Z'"),
        )
        checks.append(check("TIMESTAMP_RANGE", (value < earliest) | (value > latest), expected))
    if column.date_of is not None:
        moment = contract.column(column.date_of)
        written = F.substring(F.col(text_of(moment.name)), 1, 10)
        both = value.isNotNull() & F.col(moment.name).isNotNull()
        expected = F.concat(
            F.lit(f"the date of {moment.name} as written, "),
            F.lit("nothing shown") if moment.pii else quoted(written),
        )
        checks.append(check("DATE_MISMATCH", both & (written != text), expected))
    return checks


def _text(text: str | Expression) -> Expression:
    return F.lit(text) if isinstance(text, str) else text


class _CheckMaker(Protocol):
    def __call__(self, rule: str, broken: Expression, expected: Expression | str) -> Check: ...


def _decimal_checks(column: Column, text: Expression, check: _CheckMaker) -> list[Check]:
    plain = text.rlike(DECIMAL)
    digits = column.precision - column.scale
    checks = [
        check("BAD_DECIMAL", ~plain, _EXPECTED["decimal"]),
        check("SCALE", plain & has_more_decimals(text, column.scale), f"at most {column.scale} decimals"),
        check(
            "RANGE",
            plain & text.rlike(rf"\A[+-]?0*+[0-9]{{{digits + 1},}}"),
            f"at most {digits} digits before the point",
        ),
    ]
    if column.minimum == 0:
        # Judged on the text, so that a value with too many digits is still found to be negative.
        negative = plain & text.rlike(r"\A-[0-9.]*[1-9]")
        return [
            *checks,
            check("NEGATIVE", negative, "0 or more"),
            *_limit_checks(column, F.col(column.name), check)[1:],
        ]
    return checks + _limit_checks(column, F.col(column.name), check)


def _limit_checks(column: Column, value: Expression, check: _CheckMaker) -> list[Check]:
    checks = []
    if column.minimum is not None:
        rule = "NEGATIVE" if column.minimum == 0 else "RANGE"
        checks.append(check(rule, value < column.minimum, f"{column.minimum} or more"))
    if column.maximum is not None:
        checks.append(check("RANGE", value > column.maximum, f"{column.maximum} or less"))
    return checks
