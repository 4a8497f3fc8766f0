"""The Trino functions that the local Athena runs, and what makes DuckDB run them as Trino does.

Source: docs.aws.amazon.com/athena/latest/ug/functions-env3.html and trino.io/docs/current/functions.html.
A function is listed when tests/local/test_athena_functions.py holds a value of it. All others fail: a guess
that works here could fail, or give other numbers, on Athena.
"""

SUPPORTED = frozenset(
    {
        *("count", "count_if", "sum", "avg", "min", "max", "min_by", "max_by", "arbitrary", "array_agg"),
        *("approx_distinct", "bool_and", "bool_or", "stddev", "variance"),
        *("row_number", "rank", "dense_rank", "ntile", "lag", "lead", "first_value", "last_value"),
        *("abs", "ceil", "ceiling", "floor", "exp", "ln", "log10", "sqrt", "power", "mod", "round", "sign"),
        *("greatest", "least", "coalesce", "nullif", "if", "try"),
        *(
            "concat",
            "length",
            "lower",
            "upper",
            "trim",
            "ltrim",
            "rtrim",
            "lpad",
            "rpad",
            "replace",
            "reverse",
        ),
        *("substr", "substring", "strpos", "starts_with", "split", "split_part", "chr"),
        *("regexp_like", "regexp_replace", "regexp_extract"),
        *("date", "date_add", "date_diff", "date_trunc", "date_format", "date_parse"),
        *(
            "year",
            "quarter",
            "month",
            "week",
            "day",
            "day_of_month",
            "day_of_week",
            "hour",
            "minute",
            "second",
        ),
        *("current_date", "current_timestamp", "now", "last_day_of_month"),
        *("from_iso8601_date", "from_iso8601_timestamp", "from_unixtime", "to_unixtime"),
        *("row", "map", "unnest", "element_at", "cardinality", "contains", "sequence", "flatten"),
        *("array_distinct", "array_join", "array_max", "array_min", "array_sort", "transform", "filter"),
        *("json_extract_scalar", "json_format", "json_parse"),
    }
)

# Trino divides exact numbers exactly and fails on zero; doubles become infinite. The second argument of
# cast_to_type only lends its type: the sum has the scale of Trino's quotient.
_QUOTIENT = """
  CASE WHEN b = 0 AND typeof(a + b) IN ('DOUBLE', 'FLOAT')
       THEN cast_to_type(CASE WHEN a > 0 THEN 'Infinity' WHEN a < 0 THEN '-Infinity' ELSE 'NaN' END, a + b)
       ELSE cast_to_type(a / {divisor}, a + b) END
"""
_FAILING = "CASE WHEN b = 0 THEN error('DIVISION_BY_ZERO: Division by zero') ELSE b END"

MACROS = (
    f"CREATE MACRO trino_divide(a, b) AS {_QUOTIENT.format(divisor=_FAILING)}",
    f"CREATE MACRO trino_try_divide(a, b) AS {_QUOTIENT.format(divisor='nullif(b, 0)')}",
    # A decimal keeps its scale and gets one digit more.
    "CREATE MACRO trino_round(x, n) AS cast_to_type(round(x, n), x + x)",
    # The average of decimals is such a decimal: the median of a list of one is a double for integers, too.
    "CREATE MACRO trino_average_type(x) AS list_aggregate([x], 'median')",
)
