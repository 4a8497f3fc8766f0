"""Athena's API over DuckDB; work groups, named queries and tags stay ministack's.

Source: docs.aws.amazon.com/athena/latest/APIReference/Welcome.html
"""

from typing import ClassVar

from localcloud.athena.failures import QueryRefused
from localcloud.athena.query import ENDED, Query
from localcloud.athena.results import page_of
from localcloud.athena.runner import Runner
from localcloud.athena.translate import parse_statement
from localcloud.athena.views import Creation
from localcloud.wire import AwsError, Json, Service

_MAX_SQL_BYTES = 262_144


def _refused(message: str) -> AwsError:
    return AwsError("InvalidRequestException", message)


class AthenaService(Service):
    """The operations of query executions. They are kept as long as the instance runs."""

    key: ClassVar[str] = "athena"

    def __init__(self, runner: Runner) -> None:
        super().__init__()
        self._runner = runner
        self._queries: dict[str, Query] = {}
        self._by_token: dict[str, Query] = {}

    async def op_StartQueryExecution(self, request: Json) -> Json:
        """Check the request and queue the query."""
        token = request.get("ClientRequestToken")
        repeated = self._by_token.get(token) if token else None
        if repeated is not None:
            if repeated.request != request:
                raise _refused("Idempotent parameters do not match")
            return {"QueryExecutionId": repeated.id}
        query = await self._new_query(request)
        self._queries[query.id] = query
        if token:
            self._by_token[token] = query
        self._runner.start(query)
        return {"QueryExecutionId": query.id}

    def op_GetQueryExecution(self, request: Json) -> Json:
        """State, statistics and place of the result."""
        return {"QueryExecution": self._query(request).describe()}

    def op_GetQueryResults(self, request: Json) -> Json:
        """One page of the rows of a query that succeeded."""
        query = self._query(request)
        if query.state not in ENDED:
            raise _refused(f"Query has not yet finished. Current state: {query.state}")
        if query.result is None:
            raise _refused(f"Query did not finish successfully. Final query state: {query.state}")
        try:
            return page_of(query.result, request.get("NextToken"), request.get("MaxResults"))
        except QueryRefused as refusal:
            raise _refused(str(refusal)) from refusal

    def op_StopQueryExecution(self, request: Json) -> Json:
        """Cancel a query; one that has ended stays as it is."""
        self._query(request).cancel()
        return {}

    def op_ListQueryExecutions(self, request: Json) -> Json:
        """The ids of a work group, the newest first."""
        workgroup = request.get("WorkGroup", "primary")
        ids = [query.id for query in reversed(self._queries.values()) if query.workgroup == workgroup]
        start, size = int(request.get("NextToken", 0)), int(request.get("MaxResults", 50))
        answer: Json = {"QueryExecutionIds": ids[start : start + size]}
        return answer if start + size >= len(ids) else {**answer, "NextToken": str(start + size)}

    def _query(self, request: Json) -> Query:
        query = self._queries.get(str(request.get("QueryExecutionId")))
        if query is None:
            raise _refused(f"QueryExecution {request.get('QueryExecutionId')} was not found")
        return query

    async def _new_query(self, request: Json) -> Query:
        sql = str(request.get("QueryString", ""))
        if not sql or len(sql.encode()) > _MAX_SQL_BYTES:
            raise _refused(f"QueryString must have 1 to {_MAX_SQL_BYTES} bytes")
        try:
            statement = parse_statement(sql)
        except QueryRefused as refusal:
            raise _refused(str(refusal)) from refusal
        workgroup = request.get("WorkGroup", "primary")
        group = (await self.call_inner("GetWorkGroup", {"WorkGroup": workgroup}))["WorkGroup"]
        configuration = group.get("Configuration", {})
        return Query(
            sql=sql,
            workgroup=workgroup,
            database=request.get("QueryExecutionContext", {}).get("Database", "default").lower(),
            output_location=_output_location(configuration, request),
            scan_limit=configuration.get("BytesScannedCutoffPerQuery"),
            request=request,
            creates_view=isinstance(statement, Creation),
            publishes_metrics=bool(configuration.get("PublishCloudWatchMetricsEnabled", False)),
        )


def _output_location(configuration: Json, request: Json) -> str:
    """Where results go: the work group's place when it is enforced, else the client's first.

    Source: docs.aws.amazon.com/athena/latest/ug/workgroups-settings-override.html
    """
    groups = configuration.get("ResultConfiguration", {}).get("OutputLocation")
    clients = request.get("ResultConfiguration", {}).get("OutputLocation")
    enforced = configuration.get("EnforceWorkGroupConfiguration", True)
    location = groups if enforced and groups else clients or groups
    if not location:
        raise _refused(
            "No output location provided. An output location is required either through the Workgroup result "
            "configuration setting or as an API input."
        )
    return str(location)
