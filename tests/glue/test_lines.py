"""From bytes to lines and from lines to values, compared with plain Python on generated files."""

from __future__ import annotations

import csv
import io
import re
from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lakehouse.contract import Column, Contract
from lakehouse.manifest import SourceFile
from lakehouse.read import WHITE_SPACE, count_lines, number_lines, read_lines, rows_read
from lakehouse.split import split_lines, text_of

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

# One example is a list of lines or files, because every example is a Spark job.
LINES_PER_EXAMPLE = 200
slow = settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck), database=None)

NAMES = ("a", "b", "c")
CONTRACT = Contract("things", "a", None, (), tuple(Column(name, "string", True, "") for name in NAMES))

_values = st.text(st.sampled_from("ab\",; \t\u00a0\u00e9\U0001f600\\'#=\u2028"), max_size=6)
_records = st.lists(_values, min_size=3, max_size=3)
_noise = st.text(st.sampled_from('a",  \u00e9'), min_size=1, max_size=14)


def _written(record: list[str], all_quoted: bool) -> str:
    out = io.StringIO()
    csv.writer(out, quoting=csv.QUOTE_ALL if all_quoted else csv.QUOTE_MINIMAL, lineterminator="").writerow(
        record
    )
    return out.getvalue()


def _read(line: str) -> list[str] | None:
    """The values of a line by the dialect of split.py; None where the quoting is broken."""
    values, rest = list[str](), line + ","
    while rest:
        found = re.match(r' *"((?:[^"]|"")*)" *,|([^",]*),', rest)
        if not found:
            return None
        values.append(found[2] if found[1] is None else found[1].replace('""', '"'))
        rest = rest[found.end() :]
    return values


def _kept(values: list[str]) -> list[str | None]:
    return [value.strip(WHITE_SPACE) or None for value in values]


def _split(spark: SparkSession, lines: list[str]) -> list[tuple[bool, int, list[str | None]]]:
    """For each line: whether it is sound, the number of columns found, the values."""
    from pyspark.sql import functions as F

    frame = spark.createDataFrame(list(enumerate(lines)), "place int, value string").select(
        "*", F.lit(3).alias("_width"), F.array(*map(F.lit, (1, 2, 3))).alias("_positions")
    )
    rows = split_lines(frame, CONTRACT, 3).orderBy("place").collect()
    return [(row["_sound"], row["_found"], [row[text_of(name)] for name in NAMES]) for row in rows]


def test_what_pythons_csv_module_writes_is_read_back(spark: SparkSession) -> None:
    @slow
    @given(
        st.lists(st.tuples(_records, st.booleans()), min_size=LINES_PER_EXAMPLE, max_size=LINES_PER_EXAMPLE)
    )
    def check(cases: list[tuple[list[str], bool]]) -> None:
        found = _split(spark, [_written(record, all_quoted) for record, all_quoted in cases])
        assert found == [(True, 3, _kept(record)) for record, _ in cases]

    check()


def test_a_line_of_any_commas_and_quotes_is_read_as_its_dialect_says_or_refused(spark: SparkSession) -> None:
    @slow
    @given(st.lists(_noise, min_size=LINES_PER_EXAMPLE, max_size=LINES_PER_EXAMPLE))
    def check(lines: list[str]) -> None:
        for line, (is_sound, columns, values) in zip(lines, _split(spark, lines), strict=True):
            expected = _read(line)
            assert is_sound == (expected is not None and len(expected) == 3), line
            if expected is not None:
                assert columns == len(expected), line
                # Where the dialect takes a line, Python's reader finds the same in it.
                (same,) = csv.reader([line], skipinitialspace=True)
                assert _kept(same) == _kept(expected), line
            if is_sound:
                assert values == _kept(expected or []), line

    check()


_texts = st.sampled_from([b"", b" \t", b"\xc2\xa0", b"x", b"\xc3\xa9,y", b"long " * 9, b'"', b"\x00"])
_ends = st.sampled_from([b"\n", b"\r\n", b"\r"])
_bodies = st.builds(
    lambda mark, lines, last: mark + b"".join(text + end for text, end in lines) + last,
    st.sampled_from([b"", b"\xef\xbb\xbf"]),
    st.lists(st.tuples(_texts, _ends), max_size=25),
    _texts,
)


def _numbered(body: bytes) -> list[tuple[int, str]]:
    """The lines after the first that is not blank, without blank ones, with their numbers."""
    text = body.decode("utf-8-sig")
    lines = enumerate(re.split("\r\n|\r|\n", text), start=1)
    return [(number, line) for number, line in lines if line.strip(WHITE_SPACE)][1:]


def test_lines_have_their_numbers_whatever_ends_them_and_however_files_are_cut(
    spark: SparkSession, tmp_path: Path
) -> None:
    made = 0

    @slow
    @given(st.lists(_bodies, min_size=5, max_size=5), st.integers(3, 80))
    def check(bodies: list[bytes], block: int) -> None:
        nonlocal made
        files = []
        for body in bodies:
            made += 1
            path = tmp_path / f"{made:06d}.csv"
            path.write_bytes(body)
            arrived = datetime(2025, 5, 1, tzinfo=timezone.utc)
            files.append(SourceFile(f"{made:06d}", "s", arrived, len(body), f"file:{path}", NAMES))
        spark.conf.set("spark.sql.files.maxPartitionBytes", str(block))
        try:
            lines = read_lines(spark, tuple(files))
            blocks = count_lines(lines)
            numbered = number_lines(spark, lines, blocks, tuple(files), CONTRACT)
            rows = numbered.select("_file", "_line", "value").collect()
        finally:
            spark.conf.unset("spark.sql.files.maxPartitionBytes")
        for file, body in zip(files, bodies, strict=True):
            found = sorted((row["_line"], row["value"]) for row in rows if row["_file"] == file.file_id)
            assert found == _numbered(body)
            assert rows_read(blocks, tuple(files))[file.file_id] == len(found)

    check()
