"""Splits a physical line into the texts of the contract's columns, by header name.

Dialect: comma, `"` quoting doubled inside; a quote stands only around a whole value. Spark's parser
tolerates a quote in the middle of a value, text after a closing quote and a quote that is never closed, so
the quoting is judged first and only a sound line with the header's number of columns reaches the parser.
"""

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from lakehouse.contract import Contract
from lakehouse.read import trimmed

# Possessive throughout: the JVM matches it by iteration, so that a value of megabytes cannot overflow the
# stack.
_QUOTED = '"[^"]*+(?:""[^"]*+)*+"'
_VALUE = f'[ \\t]*+(?:{_QUOTED}[ \\t]*+|[^",]*+)'
SOUND_LINE = f"\\A{_VALUE}(?:,{_VALUE})*+\\z"
# What nearly every line is without: control characters, quotes, whatever is not ASCII. One look at it spares
# a line six others: decoding, the mark, quotes, Spark's parser, white space and control characters.
_NOT_PLAIN = r"[^ !#-~]"
_CSV = {
    "quote": '"',
    "escape": '"',
    "mode": "PERMISSIVE",
    # Lets a quote follow a space. What else this strips (control characters) the rules judge on the whole
    # line.
    "ignoreLeadingWhiteSpace": "true",
    "ignoreTrailingWhiteSpace": "true",
}


def text_of(name: str) -> str:
    """Name of the internal column that holds a contract column's text."""
    return f"_text_{name}"


def split_lines(lines: DataFrame, contract: Contract, width: int) -> DataFrame:
    """Add `_raw`, `_plain` (printable ASCII without a quote), `_bad_encoding`, `_quoting`, `_found` (number
    of columns found), `_sound` and `_text_<column>` (empty is null).

    `lines` comes from number_lines; `width` is the greatest number of columns of any header. The texts of a
    line that does not split are null. Bytes that are not UTF-8 become U+FFFD. A byte order mark before a
    line, where a file was appended to another, is dropped.
    """
    value, raw, is_plain = F.col("value"), F.col("_raw"), F.col("_plain")
    binary, mark = value.cast("binary"), F.lit("\ufeff")
    decoded = F.decode(binary, "UTF-8")
    without_mark = F.when(F.startswith(decoded, mark), decoded.substr(F.lit(2), F.length(decoded)))
    unquoted = F.regexp_replace(raw, _QUOTED, "")
    # In octets, which need no counting; a comma is one.
    commas = F.octet_length(unquoted) - F.octet_length(F.replace(unquoted, F.lit(","), F.lit("")))
    # One part more than there are columns: a line of a million commas is not cut up.
    parts = F.when(is_plain, F.split(raw, ",", width + 1))
    found = F.when(F.size("_parts") == F.col("_width"), F.col("_width")).otherwise(commas + 1)
    sound = F.col("_quoting") & (F.col("_found") == F.col("_width"))
    fields = F.from_csv(raw, ", ".join(f"c{index} string" for index in range(width)), _CSV)
    values = F.array(*(F.col(f"_fields.c{index}") for index in range(width)))
    texts = [
        _text(F.col("_values")[F.col("_positions")[place] - 1]).alias(text_of(name))
        for place, name in enumerate(contract.names)
    ]
    return (
        lines.withColumn("_plain", ~value.rlike(_NOT_PLAIN))
        .withColumn("_raw", F.when(is_plain, value).otherwise(F.coalesce(without_mark, decoded)))
        .withColumn("_bad_encoding", ~is_plain & (F.encode(decoded, "UTF-8") != binary))
        .withColumn("_quoting", is_plain | ~F.contains(raw, F.lit('"')) | raw.rlike(SOUND_LINE))
        .withColumn("_parts", parts)
        .withColumn("_found", found)
        .withColumn("_sound", sound)
        .withColumn("_fields", F.when(sound & ~is_plain, fields))
        .withColumn("_values", F.when(sound, F.when(is_plain, F.col("_parts")).otherwise(values)))
        .select("*", *texts)
        .drop("value", "_parts", "_fields", "_values", "_positions")
    )


def _text(value: Column) -> Column:
    # Of all white space only the space is plain, and looking for it alone is cheaper.
    return F.nullif(F.when(F.col("_plain"), F.trim(value)).otherwise(trimmed(value)), F.lit(""))
