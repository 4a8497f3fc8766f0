"""Functions and operators give what Trino gives: trino.io/docs/current/functions.html, of which
docs.aws.amazon.com/athena/latest/ug/functions-env3.html lists those of Athena.

The table is also the list of what the local Athena supports: a function without a line here is refused.
"""

import re
from pathlib import Path
from typing import Any

import pytest

import planted_violations
from localcloud.athena.engine import Engine, Result
from localcloud.athena.failures import QueryFailed, QueryRefused
from localcloud.athena.functions import SUPPORTED
from localcloud.athena.translate import parse_query, to_duckdb

ROWS = "(VALUES (1, 'a', 1.5), (2, 'b', 2.5), (2, NULL, NULL)) AS t (n, s, d)"
M = "TIMESTAMP '2025-04-01 10:20:30.400'"

VALUES = [
    ("abs(-1.5)", "1.5"),
    ("ceil(1.2e0)", "2.0"),
    ("ceiling(1.2e0)", "2.0"),
    ("floor(-1.2e0)", "-2.0"),
    ("exp(0)", "1.0"),
    ("ln(1)", "0.0"),
    ("sqrt(16)", "4.0"),
    ("power(2, 10)", "1024.0"),
    ("mod(7, 3)", "1"),
    ("round(2.345, 2)", "2.350"),
    ("round(2.345e0, 1)", "2.3"),
    ("greatest(1, 3, 2)", "3"),
    ("greatest(1, NULL)", None),
    ("least(1, 3, 2)", "1"),
    ("coalesce(NULL, 2)", "2"),
    ("nullif(1, 1)", None),
    ("if(1 > 2, 'a', 'b')", "b"),
    ("try(1 / 0)", None),
    ("concat('a', 'b', 'c')", "abc"),
    ("'a' || 'b'", "ab"),
    ("length('abc')", "3"),
    ("lower('AbC')", "abc"),
    ("upper('abc')", "ABC"),
    ("trim('  a ')", "a"),
    ("ltrim(' a')", "a"),
    ("rtrim('a ')", "a"),
    ("replace('abc', 'b', 'x')", "axc"),
    ("reverse('abc')", "cba"),
    ("substr('hello', 2, 3)", "ell"),
    ("substring('hello', 2)", "ello"),
    ("strpos('hello', 'l')", "3"),
    ("starts_with('hello', 'he')", "true"),
    ("split('a,b', ',')", "[a, b]"),
    ("split_part('a,b', ',', 2)", "b"),
    ("regexp_like('a1', '[0-9]')", "true"),
    ("regexp_replace('a1b2', '[0-9]', 'x')", "axbx"),
    ("date('2025-04-01')", "2025-04-01"),
    ("date_add('day', -90, DATE '2025-04-01')", "2025-01-01"),
    ("date_diff('day', DATE '2025-04-01', DATE '2025-04-03')", "2"),
    ("date_diff('hour', TIMESTAMP '2025-04-01 00:59:00', TIMESTAMP '2025-04-01 01:01:00')", "0"),
    (f"date_trunc('month', {M})", "2025-04-01 00:00:00.000"),
    ("date_trunc('month', DATE '2025-04-15')", "2025-04-01"),
    (f"date_format({M}, '%Y-%m-%d %H:%i:%s')", "2025-04-01 10:20:30"),
    (f"year({M})", "2025"),
    (f"quarter({M})", "2"),
    (f"month({M})", "4"),
    (f"day({M})", "1"),
    (f"day_of_month({M})", "1"),
    (f"hour({M})", "10"),
    (f"minute({M})", "20"),
    (f"second({M})", "30"),
    ("extract(year FROM DATE '2025-04-01')", "2025"),
    ("from_iso8601_date('2025-04-01')", "2025-04-01"),
    ("from_iso8601_timestamp('2025-04-01T10:00:00+02:00')", "2025-04-01 08:00:00.000 UTC"),
    ("from_unixtime(1743465600)", "2025-04-01 00:00:00.000 UTC"),
    ("to_unixtime(TIMESTAMP '2025-04-01 00:00:00')", "1.7434656E9"),
    ("date_diff('day', current_date, current_date)", "0"),
    ("date_diff('hour', current_timestamp, current_timestamp)", "0"),
    ("ARRAY[1, 2][1]", "1"),
    ("element_at(ARRAY[1, 2], 2)", "2"),
    ("element_at(ARRAY[1, 2], 3)", None),
    ("cardinality(ARRAY[1, 2])", "2"),
    ("contains(ARRAY[1, 2], 2)", "true"),
    ("array_distinct(ARRAY[1, 1])", "[1]"),
    ("array_join(ARRAY[1, 2], '-')", "1-2"),
    ("array_max(ARRAY[1, 2])", "2"),
    ("array_min(ARRAY[1, 2])", "1"),
    ("array_sort(ARRAY[2, 1])", "[1, 2]"),
    ("sequence(1, 3)", "[1, 2, 3]"),
    ("transform(ARRAY[1, 2], x -> x + 1)", "[2, 3]"),
    ("filter(ARRAY[1, 2], x -> x > 1)", "[2]"),
    ("json_extract_scalar('{\"a\": {\"b\": 1}}', '$.a.b')", "1"),
    ("json_format(json_parse('{\"a\": 1}'))", '{"a":1}'),
    ("json_format(CAST('x' AS JSON))", '"x"'),
    (
        "json_format(CAST(ARRAY[CAST(ROW('r', 1) AS ROW(rule varchar, n bigint))] AS JSON))",
        '[{"rule":"r","n":1}]',
    ),
    ("CAST(ROW('r', 1) AS ROW(rule varchar, n bigint)).rule", "r"),
    ("log10(100)", "2.0"),
    ("sign(-3)", "-1"),
    ("lpad('a', 3, 'x')", "xxa"),
    ("rpad('a', 3, 'x')", "axx"),
    ("chr(65)", "A"),
    ("regexp_extract('a12', '[0-9]+')", "12"),
    ("regexp_extract('a12', '([0-9])([0-9])', 2)", "2"),
    ("date_parse('2025-04-01 10:20', '%Y-%m-%d %H:%i')", "2025-04-01 10:20:00.000"),
    ("week(DATE '2025-04-01')", "14"),
    ("day_of_week(DATE '2025-04-06')", "7"),
    ("last_day_of_month(DATE '2025-04-06')", "2025-04-30"),
    ("date_diff('hour', now(), now())", "0"),
    ("map(ARRAY['k'], ARRAY[1])['k']", "1"),
    ("element_at(map(ARRAY['k'], ARRAY[1]), 'x')", None),
    ("flatten(ARRAY[ARRAY[1], ARRAY[2]])", "[1, 2]"),
    ("date_add('month', 1, DATE '2025-01-31')", "2025-02-28"),
    (f"date_add('hour', 1, {M})", "2025-04-01 11:20:30.400"),
]

AGGREGATES = [
    ("count(*)", "3"),
    ("count(s)", "2"),
    ("count_if(n > 1)", "2"),
    ("sum(n)", "5"),
    ("sum(d)", "4.0"),
    ("avg(n)", "1.6666666666666667"),
    ("avg(d)", "2.0"),
    ("min(s)", "a"),
    ("max(d)", "2.5"),
    ("max_by(s, d)", "b"),
    ("min_by(s, d)", "a"),
    ("arbitrary(n) > 0", "true"),
    ("array_agg(s ORDER BY n, s)", "[a, b, null]"),
    ("approx_distinct(n)", "2"),
    ("bool_and(n > 0)", "true"),
    ("bool_or(n > 1)", "true"),
    ("round(stddev(n), 3)", "0.577"),
    ("round(variance(n), 3)", "0.333"),
]

WINDOWS = [
    ("row_number() OVER (ORDER BY n, d)", "1"),
    ("rank() OVER (ORDER BY n)", "1"),
    ("dense_rank() OVER (ORDER BY n)", "1"),
    ("lag(n) OVER (ORDER BY n, d)", None),
    ("lead(n) OVER (ORDER BY n, d)", "2"),
    ("first_value(s) OVER (ORDER BY n, d)", "a"),
    ("last_value(s) OVER (ORDER BY n, d)", "a"),
    ("avg(d) OVER ()", "2.0"),
    ("ntile(2) OVER (ORDER BY n, d)", "1"),
]


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    """DuckDB as in the instance; nothing here reads S3."""
    return Engine("http://127.0.0.1:1", tmp_path_factory.mktemp("duckdb"))


def run(engine: Engine, sql: str) -> Result:
    def no_table(database: str, name: str) -> str:
        raise AssertionError(f"{database}.{name} was looked up")

    return engine.run(engine.session(), to_duckdb(parse_query(sql), sql, "db", no_table))


@pytest.mark.parametrize(("expression", "text"), VALUES)
def test_a_function_gives_the_value_of_trino(engine: Engine, expression: str, text: str | None) -> None:
    assert run(engine, f"SELECT {expression} AS x").rows == [[text]]


@pytest.mark.parametrize(("expression", "text"), AGGREGATES)
def test_an_aggregate_gives_the_value_of_trino(engine: Engine, expression: str, text: str | None) -> None:
    assert run(engine, f"SELECT {expression} AS x FROM {ROWS}").rows == [[text]]


@pytest.mark.parametrize(("expression", "text"), WINDOWS)
def test_a_window_function_gives_the_value_of_trino(
    engine: Engine, expression: str, text: str | None
) -> None:
    assert run(engine, f"SELECT {expression} AS x FROM {ROWS} ORDER BY n, d LIMIT 1").rows == [[text]]


def test_every_supported_function_has_a_value_here() -> None:
    tested = " ".join(expression for expression, _ in [*VALUES, *AGGREGATES, *WINDOWS])
    named = set(re.findall(r"([a-z_0-9]+)\(", tested.lower())) | {
        "current_date",
        "current_timestamp",
        "row",
        "unnest",
    }
    assert named >= SUPPORTED


@pytest.mark.parametrize(
    ("expression", "value", "kind"),
    [
        ("7 / 2", "3", "integer"),
        ("-7 / 2", "-3", "integer"),
        ("9223372036854775807 / 1", "9223372036854775807", "bigint"),
        ("9223372036854775807 / 0e0", "Infinity", "double"),
        ("round(9.99, 1)", "10.00", "decimal"),
        ("round(9.96e0, 1)", "10.0", "double"),
        ("7.00 / 2", "3.50", "decimal"),
        ("1.00 / 3", "0.33", "decimal"),
        ("7e0 / 2", "3.5", "double"),
        ("1e0 / 0", "Infinity", "double"),
        ("round(7 / 2, 1)", "3", "integer"),
        ("round(sum(d) / count(*), 1)", "1.3", "decimal"),
        ("7 / 2 / 2e0", "1.5", "double"),
        ("date_add('day', 7 / 2, DATE '2025-04-01')", "2025-04-04", "date"),
        ("sum(d) / count(*)", "1.3", "decimal"),
        ("avg(d)", "2.0", "decimal"),
        ("avg(CASE WHEN n = 1 THEN 1.0 ELSE 0.0 END)", "0.3", "decimal"),
        ("avg(CASE WHEN n = 1 THEN 1e0 ELSE 0e0 END)", "0.3333333333333333", "double"),
        ("avg(DISTINCT n)", "1.5", "double"),
        ("avg(d) FILTER (WHERE n = 1)", "1.5", "decimal"),
    ],
)
def test_division_and_averages_are_exact_for_exact_numbers(
    engine: Engine, expression: str, value: str, kind: str
) -> None:
    """trino.io/docs/current/functions/decimal.html and aggregate.html: avg of a decimal is a decimal."""
    result = run(engine, f"SELECT {expression} AS x FROM {ROWS} LIMIT 1")
    assert (result.rows, result.columns[0].info()["Type"]) == ([[value]], kind)


@pytest.mark.parametrize("expression", ["1 / 0", "1.5 / 0", "sum(n) / 0"])
def test_dividing_exact_numbers_by_zero_fails(engine: Engine, expression: str) -> None:
    with pytest.raises(QueryFailed, match=r"^DIVISION_BY_ZERO"):
        run(engine, f"SELECT {expression} FROM {ROWS}")


@pytest.mark.parametrize(
    "expression", ["nvl(1, 2)", "ifnull(1, 2)", "list_sum([1])", "foo(1)", "read_text('x')"]
)
def test_a_function_that_athena_does_not_have_fails(engine: Engine, expression: str) -> None:
    with pytest.raises(QueryFailed, match=r"^FUNCTION_NOT_FOUND: line 1:"):
        run(engine, f"SELECT {expression}")


@pytest.mark.parametrize("table", ["read_csv('/etc/passwd')", "delta_scan('s3://b/t')", "other.db.t"])
def test_only_tables_of_the_catalog_are_read(engine: Engine, table: str) -> None:
    with pytest.raises(QueryFailed):
        run(engine, f"SELECT * FROM {table}")


@pytest.mark.parametrize(
    "sql",
    [
        "",
        "SELECT 1; SELECT 2",
        "SELEC 1",
        "INSERT INTO t SELECT 1",
        "DELETE FROM t",
        "DROP TABLE t",
        "CREATE TABLE t AS SELECT 1",
        "UNLOAD (SELECT 1) TO 's3://b/p'",
    ],
)
def test_whatever_is_not_one_select_is_refused(sql: str) -> None:
    with pytest.raises(QueryRefused):
        parse_query(sql)


def test_names_and_unnest(engine: Engine) -> None:
    sql = (
        "WITH t AS (SELECT ARRAY[1, 2] AS a) "
        "SELECT u.N, count(*), 1 FROM t CROSS JOIN UNNEST(a) AS u (n) GROUP BY u.n ORDER BY 1"
    )
    result = run(engine, sql)
    assert [column.name for column in result.columns] == ["n", "_col1", "_col2"]
    assert result.rows == [["1", "1", "1"], ["2", "1", "1"]]


def test_the_queries_of_the_project_use_supported_functions_only() -> None:
    project = Path(__file__).parents[2]
    files = [*project.glob("queries/*.sql"), project / "generated" / "validation.sql"]
    assert len(files) > 1
    for sql in [*(file.read_text() for file in files), planted_violations.validation_of(1)]:
        assert to_duckdb(parse_query(sql), sql, "db", lambda database, name: f"read_parquet('{name}')")


def text(result: Result) -> Any:
    return result.rows[0][0]


@pytest.mark.parametrize(
    ("literal", "expected"),
    [
        ("1e7", "1.0E7"),
        ("1e-3", "0.001"),
        ("9.99e-4", "9.99E-4"),
        ("1234567.5e0", "1234567.5"),
        ("1e0", "1.0"),
        ("1.5e300", "1.5E300"),
        ("-0.5e0", "-0.5"),
        ("true", "true"),
        ("NULL", None),
        ("''", ""),
        ("X'00ff'", "00 ff"),
        ("MAP(ARRAY['k'], ARRAY[1])", "{k=1}"),
        ("CAST(1 AS decimal(12,2))", "1.00"),
        ("ARRAY[NULL, 1.5]", "[null, 1.5]"),
        ("CAST(ROW(1, TRUE) AS ROW(a bigint, b boolean))", "{a=1, b=true}"),
        ("ARRAY[TIMESTAMP '2025-04-01 10:00:00 UTC']", "[2025-04-01 10:00:00.000 UTC]"),
    ],
)
def test_values_are_written_as_athena_writes_them(engine: Engine, literal: str, expected: str | None) -> None:
    assert text(run(engine, f"SELECT {literal} AS x")) == expected


@pytest.mark.parametrize("literal", ["2025-04-01 10:00:01", "2025-04-01 10:00:00.001", "2025-04-02"])
def test_a_moment_compares_with_a_timestamp_of_any_precision(engine: Engine, literal: str) -> None:
    """A timestamp is coerced to a zoned one: https://trino.io/docs/476/language/types.html."""
    moment = "from_unixtime(1743501600)"
    assert text(run(engine, f"SELECT {moment} < TIMESTAMP '{literal}' AS x")) == "true"
