"""Runs queries in the background, a few at a time."""

import logging
import threading
from collections.abc import Callable
from contextvars import copy_context
from typing import Any

import duckdb
from botocore.exceptions import ClientError
from sqlglot import exp

from localcloud.athena.catalog import Catalog
from localcloud.athena.engine import Engine, Result
from localcloud.athena.failures import QueryCancelled, QueryFailed
from localcloud.athena.query import Query
from localcloud.athena.results import csv_of
from localcloud.athena.translate import parse_statement, to_duckdb
from localcloud.athena.views import Creation, table_input

logger = logging.getLogger("localcloud.athena")

_AT_ONCE = 4


class Runner:
    """Runs queries on DuckDB and writes their results; ``put(bucket, key, content)`` puts an object, and
    ``measure(query)`` is told of each that has ended where its work group publishes metrics."""

    def __init__(
        self,
        engine: Engine,
        catalog: Catalog,
        put: Callable[[str, str, bytes], None],
        measure: Callable[[Query], None],
    ) -> None:
        self._engine = engine
        self._catalog = catalog
        self._put = put
        self._measure = measure
        self._turns = threading.Semaphore(_AT_ONCE)

    def start(self, query: Query) -> None:
        """Queue a query; it ends SUCCEEDED, FAILED or CANCELLED."""
        threading.Thread(target=copy_context().run, args=(self._run, query), daemon=True).start()

    def _run(self, query: Query) -> None:
        with self._turns:
            session = None
            try:
                session = self._engine.session()
                if query.begin(session):
                    query.end("SUCCEEDED", result=self._result(query, session))
            except (QueryCancelled, duckdb.InterruptException) as cancelled:
                query.end("CANCELLED", str(cancelled))
            except QueryFailed as failed:
                query.end("FAILED", str(failed))
            except Exception as error:
                logger.exception("the local Athena failed in query %s", query.id)
                query.end("FAILED", f"GENERIC_INTERNAL_ERROR: {type(error).__name__}: {error}")
            finally:
                if session is not None:
                    session.close()
        if query.publishes_metrics:
            self._measure(query)

    def _result(self, query: Query, session: Any) -> Result:
        tree = parse_statement(query.sql)
        if isinstance(tree, Creation):
            return self._create_view(query, session, tree)
        result = self._engine.run(session, self._translated(tree, query))
        query.scanned_bytes = result.scanned_bytes
        if query.scan_limit is not None and result.scanned_bytes > query.scan_limit:
            raise QueryCancelled(
                f"Bytes scanned limit was exceeded: {result.scanned_bytes} of {query.scan_limit} bytes"
            )
        bucket, key = query.object_key
        try:
            self._put(bucket, key, csv_of(result))
        except ClientError as error:
            raise QueryFailed(f"Unable to write to {query.result_location}: {error}") from error
        return result

    def _create_view(self, query: Query, session: Any, creation: Creation) -> Result:
        columns = self._engine.columns(session, self._translated(creation.query, query))
        view = table_input(creation, query.database, columns)
        self._catalog.create_view(creation.database or query.database, view, creation.replace)
        return Result([], [], 0)

    def _translated(self, tree: exp.Query, query: Query) -> str:
        return to_duckdb(tree, query.sql, query.database, self._catalog.reader, self._catalog.view)
