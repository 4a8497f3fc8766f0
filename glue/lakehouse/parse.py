"""Text to typed value by explicit rule: what the rule does not admit is null, never rounded or guessed.

Accepted: integers and decimals in ASCII digits with an optional sign and at least one digit on each side of
a point (no exponent); booleans exactly true, false, 1, 0; dates YYYY-MM-DD; timestamps YYYY-MM-DD, `T` or
one space, HH:MM, optionally :SS, a fraction of 1 to 6 digits, and `Z` or an offset up to 14:59 with or
without colon. Java's `$` admits a trailing line separator, hence `\\z` throughout.
"""

from pyspark.sql import Column as Expression
from pyspark.sql import functions as F

from lakehouse.contract import Column

INTEGER = r"\A[+-]?[0-9]++\z"
DECIMAL = r"\A[+-]?[0-9]++(?:\.[0-9]++)?\z"
_DATE = r"(?!0000)[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])"
DATE = rf"\A{_DATE}\z"
TIMESTAMP = (
    rf"\A{_DATE}[T ](?:[01][0-9]|2[0-3]):[0-5][0-9]"
    r"(?::[0-5][0-9](?:\.[0-9]{1,6})?)?(?:Z|[+-](?:0[0-9]|1[0-4]):?[0-5][0-9])?\z"
)


def parse_text(text: Expression, column: Column) -> Expression:
    """Return the value of `text` (trimmed, null if empty) as the column's SQL type, null where the rule
    refuses it.

    A decimal with too many decimals or digits is null too; the session must be in UTC with ANSI mode off.
    """
    if column.kind == "integer":
        return F.when(text.rlike(INTEGER), text.cast("int"))
    if column.kind == "decimal":
        fits = text.rlike(DECIMAL) & ~has_more_decimals(text, column.scale)
        return F.when(fits, text.cast(column.sql_type))
    if column.kind == "boolean":
        return F.when(text.isin("true", "1"), F.lit(True)).when(text.isin("false", "0"), F.lit(False))
    if column.kind == "date":
        return F.when(text.rlike(DATE), text.cast("date"))
    if column.kind == "date-time":
        # Spark's cast wants seconds before a zone.
        has_seconds = F.substring(text, 17, 1) == ":"
        full = F.when(has_seconds, text).otherwise(F.overlay(text, F.lit(":00"), 17, 0))
        return F.when(text.rlike(TIMESTAMP), full.cast("timestamp"))
    return text


def has_more_decimals(text: Expression, scale: int) -> Expression:
    """Whether a decimal's text has more than `scale` decimals; trailing zeros count."""
    return text.rlike(rf"\.[0-9]{{{scale + 1},}}\z")
