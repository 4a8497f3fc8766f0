"""Physical lines of the accepted files, each with its file and its line number.

Spark reads a file in blocks and packs blocks into partitions. A line's index inside its partition is cheap;
one aggregate over the text gives each block's first index and number of lines, and so each line its number
in the file. The same aggregate is the count of rows read, independent of everything that splits and judges
lines later.
"""

from dataclasses import dataclass
from typing import Any

from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as F

from lakehouse.contract import Contract
from lakehouse.local_rows import local_rows
from lakehouse.manifest import SourceFile

# Space, tab and Unicode's other space separators. Control characters are never trimmed: they are reported.
WHITE_SPACE = (
    " \t\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
)
_INDEX_IN_PARTITION = (1 << 33) - 1


@dataclass(frozen=True)
class Block:
    """Lines of one block of one file; `first` is the index of its first line in the partition that reads
    it."""

    name: str
    start: int
    first: int
    lines: int
    filled: int
    first_filled: int | None


def read_lines(spark: SparkSession, files: tuple[SourceFile, ...]) -> DataFrame:
    """Read the files' lines (ended by LF, CRLF or CR; a byte order mark is dropped): value, _name, _block,
    _index."""
    paths = [file.uri for file in files]
    return spark.read.text(paths).select(
        "value",
        F.col("_metadata.file_name").alias("_name"),
        F.col("_metadata.file_block_start").alias("_block"),
        F.monotonically_increasing_id().bitwiseAND(_INDEX_IN_PARTITION).alias("_index"),
    )


def count_lines(lines: DataFrame) -> list[Block]:
    """Count each block's lines. One Spark action."""
    filled = F.when(is_filled(F.col("value")), F.col("_index"))
    rows = lines.groupBy("_name", "_block").agg(
        F.min("_index").alias("first"),
        F.count(F.lit(1)).alias("lines"),
        F.count(filled).alias("filled"),
        F.min(filled).alias("first_filled"),
    )
    return [
        Block(row["_name"], row["_block"], row["first"], row["lines"], row["filled"], row["first_filled"])
        for row in rows.collect()
    ]


def is_filled(text: Column) -> Column:
    """Whether a line is more than white space; a blank line is no record."""
    # Trimming walks through the whole line, which most lines' first character spares; `substring` would count
    # all characters.
    is_visible = F.ascii(text).between(ord("!"), ord("~"))
    return F.when(is_visible, F.lit(True)).otherwise(trimmed(text) != "")


def trimmed(text: Column) -> Column:
    """Remove surrounding white space."""
    return F.btrim(text, F.lit(WHITE_SPACE))


def rows_read(blocks: list[Block], files: tuple[SourceFile, ...]) -> dict[str, int]:
    """Return, by file id, the number of data lines: lines that are not blank, without the header."""
    filled: dict[str, int] = {}
    for block in blocks:
        filled[block.name] = filled.get(block.name, 0) + block.filled
    return {file.file_id: max(filled.get(_name(file), 0) - 1, 0) for file in files}


def number_lines(
    spark: SparkSession,
    lines: DataFrame,
    blocks: list[Block],
    files: tuple[SourceFile, ...],
    contract: Contract,
) -> DataFrame:
    """Give each data line its file's attributes: value, _line, _file, _sequence, _arrived, _width,
    _positions.

    `_width` is the number of columns of the file's header; `_positions` says for each column of the
    contract where it stands in the file, counted from 1 (null: the file does not have it). The header (the
    first line that is not blank) and blank lines are dropped.
    """
    by_name = {_name(file): file for file in files}
    rows: list[dict[str, Any]] = []
    lines_before: dict[str, int] = {}
    header_line: dict[str, int] = {}
    for block in sorted(blocks, key=lambda block: (block.name, block.start)):
        base = lines_before.get(block.name, 0) + 1 - block.first
        lines_before[block.name] = lines_before.get(block.name, 0) + block.lines
        if block.first_filled is not None:
            header_line.setdefault(block.name, block.first_filled + base)
        file = by_name[block.name]
        rows.append(
            {
                "_name": block.name,
                "_block": block.start,
                "_base": base,
                "_header": header_line.get(block.name, 0),
                "_file": file.file_id,
                "_sequence": file.sequence,
                "_arrived_ms": int(file.last_modified.timestamp() * 1000),
                "_width": len(file.columns),
                "_positions": [
                    file.columns.index(n) + 1 if n in file.columns else None for n in contract.names
                ],
            }
        )
    places = local_rows(
        spark,
        rows,
        "_name string, _block bigint, _base bigint, _header bigint, _file string, _sequence string, "
        "_arrived_ms bigint, _width int, _positions array<int>",
    )
    line = F.col("_index") + F.col("_base")
    return (
        lines.join(F.broadcast(places), on=["_name", "_block"], how="inner")
        .where((line > F.col("_header")) & is_filled(F.col("value")))
        .select(
            "value",
            line.alias("_line"),
            "_file",
            "_sequence",
            F.timestamp_millis("_arrived_ms").alias("_arrived"),
            "_width",
            "_positions",
        )
    )


def _name(file: SourceFile) -> str:
    return file.uri.rsplit("/", 1)[-1]
