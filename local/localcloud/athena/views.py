"""Views of the Data Catalog, stored as Athena stores them: base64 of a JSON document in the view's text.

Source: docs.aws.amazon.com/athena/latest/ug/views.html and create-view.html. They can be created and read;
a view in another catalog, and DROP, ALTER or SHOW of one, are not there.
"""

import base64
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlglot import exp, parse_one
from sqlglot.optimizer.scope import traverse_scope

from localcloud.athena.failures import QueryFailed
from localcloud.athena.types import Column, athena_type

_PREFIX, _SUFFIX = "/* Presto View: ", " */"


@dataclass(frozen=True)
class View:
    """A stored SELECT, in Athena's dialect, and the database that its bare table names are of."""

    sql: str
    database: str


@dataclass(frozen=True)
class Creation:
    """CREATE [OR REPLACE] VIEW; ``database`` is "" where the statement names none."""

    database: str
    name: str
    replace: bool
    query: exp.Query


FindView = Callable[[str, str], View | None]


def creation_in(tree: object) -> Creation | None:
    """The creation of a view; None for any other statement."""
    if not isinstance(tree, exp.Create) or tree.kind != "VIEW" or not isinstance(tree.expression, exp.Query):
        return None
    target = tree.this
    if not isinstance(target, exp.Table):
        return None
    return Creation(target.db.lower(), target.name.lower(), bool(tree.args.get("replace")), tree.expression)


def table_input(creation: Creation, database: str, columns: Sequence[Column]) -> dict[str, Any]:
    """The view as Glue's CreateTable takes it."""
    typed = [(column.name, _type_name(column.type)) for column in columns]
    document = {
        "originalSql": creation.query.sql(dialect="athena"),
        "catalog": "awsdatacatalog",
        "schema": database,
        "columns": [{"name": name, "type": kind} for name, kind in typed],
    }
    text = base64.b64encode(json.dumps(document).encode()).decode()
    return {
        "Name": creation.name,
        "TableType": "VIRTUAL_VIEW",
        "Parameters": {"presto_view": "true", "comment": "Presto View"},
        "ViewOriginalText": f"{_PREFIX}{text}{_SUFFIX}",
        "ViewExpandedText": "/* Presto View */",
        "StorageDescriptor": {"Columns": [{"Name": name, "Type": kind} for name, kind in typed]},
    }


def view_in(table: dict[str, Any]) -> View | None:
    """The view that a table of the catalog is; None for one that is none."""
    text = str(table.get("ViewOriginalText", ""))
    if table.get("TableType") != "VIRTUAL_VIEW" or not text.startswith(_PREFIX):
        return None
    document = json.loads(base64.b64decode(text.removeprefix(_PREFIX).removesuffix(_SUFFIX)))
    return View(str(document["originalSql"]), str(document["schema"]))


def tables_in(tree: exp.Query) -> Iterator[exp.Table]:
    """The tables that a query reads, the names of its own WITH left out."""
    for scope in traverse_scope(tree):
        yield from [source for source in scope.sources.values() if isinstance(source, exp.Table)]


def expand_views(
    tree: exp.Query, database: str, find: FindView, within: frozenset[tuple[str, str]] = frozenset()
) -> None:
    """Put its SELECT in place of each view, views of views too; raises QueryFailed for one of itself."""
    for table in list(tables_in(tree)):
        place = (table.db.lower() or database, table.name.lower())
        view = find(*place) if isinstance(table.this, exp.Identifier) else None
        if view is None:
            continue
        if place in within:
            raise QueryFailed(f"VIEW_IS_RECURSIVE: the view {'.'.join(place)} reads itself")
        body = parse_one(view.sql, read="athena")
        if not isinstance(body, exp.Query):
            raise QueryFailed(f"INVALID_VIEW: the view {'.'.join(place)} holds no SELECT")
        for inner in tables_in(body):
            if not inner.db:
                inner.set("db", exp.to_identifier(view.database))
        expand_views(body, view.database, find, within | {place})
        alias = table.args.get("alias") or exp.TableAlias(this=exp.to_identifier(table.name))
        table.replace(exp.Subquery(this=body, alias=alias.copy()))


def _type_name(duckdb_type: Any) -> str:
    """Without the parts of an array or a row: nothing here reads them."""
    name, precision, scale = athena_type(duckdb_type)
    return f"decimal({precision},{scale})" if name == "decimal" else name
