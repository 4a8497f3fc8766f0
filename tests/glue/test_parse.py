"""Parsing agrees with plain-Python oracles on generated text; nothing is rounded, shifted or guessed."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lakehouse.contract import Column
from lakehouse.parse import parse_text

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

# One example is a list of texts, because every example is a Spark job.
TEXTS_PER_EXAMPLE = 150
slow = settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck), database=None)


def _column(kind: Any, **more: Any) -> Column:
    return Column("c", kind, nullable=True, description="", **more)


def _integer(text: str) -> int | None:
    if not re.fullmatch(r"[+-]?[0-9]+", text):
        return None
    return int(text) if -(2**31) <= int(text) < 2**31 else None


def _decimal(text: str) -> Decimal | None:
    if not re.fullmatch(r"[+-]?[0-9]+(\.[0-9]{1,2})?", text):
        return None
    return Decimal(text) if abs(Decimal(text)) < 10**10 else None


def _boolean(text: str) -> bool | None:
    return {"true": True, "1": True, "false": False, "0": False}.get(text)


def _timestamp(text: str) -> datetime.datetime | None:
    found = re.fullmatch(
        r"([0-9]{4})-([0-9]{2})-([0-9]{2})[T ]([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:\.([0-9]{1,6}))?)?"
        r"(Z|([+-])([0-9]{2}):?([0-9]{2}))?",
        text,
    )
    if not found:
        return None
    year, month, day, hour, minute = (int(part) for part in found.groups()[:5])
    micros = int((found[7] or "0").ljust(6, "0"))
    offset = datetime.timedelta()
    if found[9]:
        hours, minutes = int(found[10]), int(found[11])
        if hours > 14 or minutes > 59:
            return None
        offset = datetime.timedelta(hours=hours, minutes=minutes) * (1 if found[9] == "+" else -1)
    try:
        return datetime.datetime(year, month, day, hour, minute, int(found[6] or 0), micros) - offset
    except (ValueError, OverflowError):
        return None


def _date(text: str) -> datetime.date | None:
    try:
        parts = [int(part) for part in text.split("-")]
        return datetime.date(*parts) if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text) else None
    except ValueError:
        return None


def _digits(low: int, high: int) -> st.SearchStrategy[str]:
    return st.integers(low, high).map(lambda number: f"{number:02d}")


_noise = st.text(st.sampled_from("0123456789+-.:TZ eE\u0661\uff11\u0085\n x"), max_size=12)
_numbers = st.one_of(
    _noise,
    st.integers(-(2**33), 2**33).map(str),
    st.from_regex(r"[+-]?0{0,3}[0-9]{0,12}\.?[0-9]{0,4}", fullmatch=True),
    st.sampled_from(
        ["2147483647", "2147483648", "-2147483648", "-2147483649", "9999999999.99", "10000000000", "1\u0085"]
    ),
)
_days = st.builds(
    "-".join,
    st.tuples(st.sampled_from(["2024", "2025", "0001", "0000", "9999"]), _digits(0, 13), _digits(0, 32)),
)
_times = st.builds(":".join, st.lists(_digits(0, 61), min_size=2, max_size=3))
_zones = st.one_of(
    st.sampled_from(["", "Z", "z", "+0530", "-14:59", "+15:00", "+5:00", " UTC"]),
    st.builds("{}{}:{}".format, st.sampled_from("+-"), _digits(0, 15), _digits(0, 60)),
)
_fractions = st.sampled_from(["", "", ".5", ".123456", ".1234567", "."])
_moments = st.builds("{}{}{}{}{}".format, _days, st.sampled_from("T t"), _times, _fractions, _zones)
_likely = st.datetimes(datetime.datetime(1900, 1, 1), datetime.datetime(2200, 1, 1)).map(
    lambda moment: moment.isoformat()
)

CASES: dict[str, tuple[Column, Callable[[str], Any], st.SearchStrategy[str]]] = {
    "integer": (_column("integer"), _integer, _numbers),
    "decimal": (_column("decimal", precision=12, scale=2), _decimal, _numbers),
    "boolean": (
        _column("boolean"),
        _boolean,
        st.one_of(_noise, st.sampled_from(["true", "TRUE", "1", "0", "false", "t", "yes"])),
    ),
    "timestamp": (_column("date-time"), _timestamp, st.one_of(_moments, _likely, _noise)),
    "date": (_column("date"), _date, st.one_of(_days, _moments, _noise)),
}


@pytest.mark.parametrize("kind", CASES)
def test_parsing_agrees_with_the_oracle(spark: SparkSession, kind: str) -> None:
    from pyspark.sql import functions as F

    from lakehouse.settings import pin_session

    pin_session(spark)
    column, oracle, texts = CASES[kind]

    @slow
    @given(st.lists(texts, min_size=TEXTS_PER_EXAMPLE, max_size=TEXTS_PER_EXAMPLE))
    def check(found: list[str]) -> None:
        frame = spark.createDataFrame([(text,) for text in found], "text string")
        value = parse_text(F.col("text"), column)
        # As text, because Python would show a timestamp in the machine's own time zone.
        rows = frame.select("text", value.cast("string").alias("value")).collect()
        assert {row["text"]: row["value"] for row in rows} == {
            text: _as_spark(oracle(text)) for text in found
        }

    check()


def _as_spark(value: Any) -> str | None:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, datetime.datetime):
        return value.isoformat(" ").rstrip("0") if value.microsecond else value.isoformat(" ")
    if isinstance(value, Decimal):
        return f"{value + 0:.2f}"
    return None if value is None else str(value)
