"""Athena's SQL to DuckDB's, by sqlglot, with the differences that sqlglot leaves.

Source: docs.aws.amazon.com/athena/latest/ug/select.html and trino.io/docs/current/functions/decimal.html.
"""

from collections.abc import Callable
from typing import Any

from sqlglot import exp, parse
from sqlglot.errors import SqlglotError

from localcloud.athena.failures import QueryFailed, QueryRefused
from localcloud.athena.functions import SUPPORTED
from localcloud.athena.views import Creation, FindView, creation_in, expand_views, tables_in

Resolve = Callable[[str, str], str]

_OWN_CATALOG = "awsdatacatalog"


def parse_statement(sql: str) -> exp.Query | Creation:
    """The one SELECT of a request, or the view that it creates; raises QueryRefused for anything else."""
    try:
        statements = parse(sql, read="athena")
    except SqlglotError as error:
        raise QueryRefused(f"Malformed query: {_first_line(error)}") from error
    if len(statements) != 1 or statements[0] is None:
        raise QueryRefused("Only one sql statement is allowed.")
    tree = statements[0]
    creation = creation_in(tree)
    if creation is not None:
        return creation
    if isinstance(tree, exp.Query):
        return tree
    raise _not_supported(sql)


def parse_query(sql: str) -> exp.Query:
    """The one SELECT of a request; raises QueryRefused for anything else."""
    statement = parse_statement(sql)
    if isinstance(statement, Creation):
        raise _not_supported(sql)
    return statement


def _not_supported(sql: str) -> QueryRefused:
    kind = sql.strip().split(maxsplit=1)[0].upper()
    return QueryRefused(
        f"Queries of this type are not supported: {kind}. The local Athena runs SELECT and CREATE VIEW; "
        "Delta tables are written by Spark and registered by the deployment, as on AWS."
    )


def _no_view(_database: str, _name: str) -> None:
    return None


def to_duckdb(
    tree: exp.Query, sql: str, database: str, resolve: Resolve, find_view: FindView = _no_view
) -> str:
    """DuckDB's text of a parsed query.

    ``find_view(database, name)`` gives the view of a name, None where there is none; then ``resolve``, with
    the same arguments, the DuckDB expression that reads a table. Raises QueryFailed for functions and table
    references that Athena, or its local stand-in, does not have.
    """
    _refuse_unknown_functions(tree, sql)
    tree = tree.copy()
    expand_views(tree, database, find_view)
    _name_columns(tree)
    _read_tables(tree, database, resolve)
    for average in list(tree.find_all(exp.Avg)):
        _average_as_trino(average)
    # From the leaves up: what takes the place of a node holds parts of it.
    for node in reversed(list(tree.dfs())):
        node.replace(_rewrite(node))
    return tree.sql(dialect="duckdb")


def _refuse_unknown_functions(tree: exp.Query, sql: str) -> None:
    for function in tree.find_all(exp.Func):
        start, end = function.meta.get("start"), function.meta.get("end")
        if start is None or end is None:
            # Built by the grammar itself (CAST, CASE, EXTRACT ...), not called by a name.
            if isinstance(function, exp.Anonymous):
                raise _not_registered(function.name, 0, 0)
            continue
        name = sql[start : end + 1].strip('"').lower()
        if name not in SUPPORTED:
            raise _not_registered(name, function.meta["line"], function.meta["col"])


def _not_registered(name: str, line: int, column: int) -> QueryFailed:
    return QueryFailed(
        f"FUNCTION_NOT_FOUND: line {line}:{column}: Function '{name}' not registered. If Athena has it, add "
        "it with a test to local/localcloud/athena/functions.py."
    )


def _name_columns(tree: exp.Query) -> None:
    first: Any = tree
    while isinstance(first, exp.SetOperation | exp.Subquery):
        first = first.this
    for index, column in enumerate(list(first.selects) if isinstance(first, exp.Select) else []):
        if not isinstance(column, exp.Alias | exp.Column | exp.Dot) and not column.is_star:
            column.replace(exp.alias_(column.copy(), f"_col{index}"))


def _read_tables(tree: exp.Query, database: str, resolve: Resolve) -> None:
    for table in list(tables_in(tree)):
        if not isinstance(table.this, exp.Identifier) or table.catalog.lower() not in ("", _OWN_CATALOG):
            raise QueryFailed(f"TABLE_NOT_FOUND: {table.sql(dialect='athena')} is no table of the catalog.")
        if table.args.get("version") or table.args.get("when"):
            raise QueryFailed("NOT_SUPPORTED: Delta Lake tables cannot be queried by version or time.")
        reader = resolve(table.db.lower() or database, table.name.lower())
        alias = table.args.get("alias") or exp.TableAlias(this=exp.to_identifier(table.name))
        rows = exp.select("*").from_(exp.maybe_parse(reader, dialect="duckdb", into=exp.Table))
        table.replace(exp.Subquery(this=rows, alias=alias.copy()))


def _average_as_trino(average: exp.Avg) -> None:
    """``avg(x)`` with the type that Trino gives it; FILTER and OVER stay with both parts."""
    whole: Any = average
    while isinstance(whole.parent, exp.Filter | exp.Window) and whole.arg_key == "this":
        whole = whole.parent
    argument = average.this.expressions[0] if isinstance(average.this, exp.Distinct) else average.this
    sample = whole.copy()
    marker = sample.find(exp.Avg)
    assert marker is not None
    some = exp.AnyValue(this=argument.copy())
    sample = some if sample is marker else (marker.replace(some), sample)[1]
    typed = exp.Anonymous(this="trino_average_type", expressions=[sample])
    whole.replace(exp.Anonymous(this="cast_to_type", expressions=[whole.copy(), typed]))


def _rewrite(node: exp.Expr) -> exp.Expr:
    if isinstance(node, exp.Div):
        name = "trino_try_divide" if node.find_ancestor(exp.Try) else "trino_divide"
        return _call(name, node.this, node.expression)
    if isinstance(node, exp.Cast) and not isinstance(node, exp.TryCast) and node.is_type("json"):
        # Text becomes a JSON string; DuckDB's cast would read it as JSON.
        return _call("to_json", node.this)
    if isinstance(node, exp.Cast) and node.is_type("timestamp"):
        # Trino compares any precision with a zoned timestamp; DuckDB does so for its default precision only.
        node.to.set("expressions", [])
        return node
    if isinstance(node, exp.DateDiff):
        # Trino counts whole units; DuckDB's date_diff counts the borders between them.
        return _call("date_sub", exp.Literal.string(node.text("unit")), node.expression, node.this)
    if isinstance(node, exp.DateAdd | exp.DateTrunc | exp.TimestampTrunc):
        # A date stays a date.
        return _like_argument(node)
    if isinstance(node, exp.Round) and node.args.get("decimals"):
        # A decimal keeps its scale.
        return _call("trino_round", node.this, node.args["decimals"])
    return node


def _call(name: str, *arguments: Any) -> exp.Anonymous:
    return exp.Anonymous(this=name, expressions=list(arguments))


def _like_argument(node: Any) -> exp.Expression:
    """The call of a function with the type of its first argument for result."""
    return _call("cast_to_type", node.copy(), node.this.copy())


def _first_line(error: Exception) -> str:
    return str(error).split("\n", 1)[0][:500]
