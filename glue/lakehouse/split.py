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
    """Add `_raw`, `_bad_encoding`, `_sound`, `_found` (number of columns found) and `_text_<column>` (empty
    is null).

    `lines` comes from number_lines; `width` is the greatest number of columns of any header. The texts of a
    line that does not split are null. Bytes that are not UTF-8 become U+FFFD. A byte order mark before a
    line, where a file was appended to another, is dropped.
    """
    binary, mark = F.col("value").cast("binary"), F.lit("\ufeff")
    raw, has_quote = F.col("_raw"), F.contains("_raw", F.lit('"'))
    unquoted = F.when(has_quote, F.regexp_replace(raw, _QUOTED, "")).otherwise(raw)
    fields = F.from_csv(raw, ", ".join(f"c{index} string" for index in range(width)), _CSV)
    # In octets, which need no counting; a comma is one.
    commas = F.octet_length(unquoted) - F.octet_length(F.replace(unquoted, F.lit(","), F.lit("")))
    sound = F.col("_quoting") & (F.col("_found") == F.col("_width"))
    values = F.array(*(F.col(f"_fields.c{index}") for index in range(width)))
    # The parser has trimmed spaces and tabs outside quotes, which is all there can be in a plain line.
    is_plain = ~has_quote & (F.length(raw) == F.octet_length(raw))
    texts = [
        _text(F.col("_values")[F.col("_positions")[place] - 1]).alias(text_of(name))
        for place, name in enumerate(contract.names)
    ]
    return (
        lines.withColumn("_raw", F.decode(binary, "UTF-8"))
        .withColumn("_bad_encoding", F.encode(raw, "UTF-8") != binary)
        .withColumn(
            "_raw", F.when(F.startswith(raw, mark), raw.substr(F.lit(2), F.length(raw))).otherwise(raw)
        )
        .withColumn("_quoting", ~has_quote | raw.rlike(SOUND_LINE))
        .withColumn("_found", commas + 1)
        .withColumn("_fields", F.when(sound, fields))
        .withColumn("_sound", sound)
        .withColumn("_values", values)
        .withColumn("_plain", is_plain)
        .select("*", *texts)
        .drop("value", "_fields", "_values", "_plain", "_positions")
    )


def _text(value: Column) -> Column:
    return F.when(F.col("_plain"), value).otherwise(F.nullif(trimmed(value), F.lit("")))
