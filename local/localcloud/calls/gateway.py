"""Records the calls that reach the instance over the wire, between the connection and everything else."""

import json
import re
from typing import Any
from urllib.parse import parse_qs, unquote

from ministack.services import dynamodb as ministack_dynamodb

from localcloud.asgi import Application, Message, Receive, Send, again, headers_of, read_body
from localcloud.calls.dynamodb import needs_of_dynamodb
from localcloud.calls.log import CallLog, Need, UnknownRequest
from localcloud.calls.s3 import needs_of_not_found, needs_of_s3
from localcloud.calls.services import needs_of_metrics, needs_of_service
from localcloud.faults.requests import service_of
from localcloud.wire import ACCESS_KEY, ACCOUNT, REGION, AwsError, access_key_of, call

_INVOCATION = re.compile(r"/2015-03-31/functions/([^/]+)/invocations$")
_NOT_FOUND = 404


class RecordingGateway:
    """An ASGI application around another: it notes what a role's request needs and passes the request on."""

    def __init__(self, inner: Application, log: CallLog) -> None:
        self._inner = inner
        self._log = log

    async def __call__(self, scope: Any, receive: Receive, send: Send) -> None:
        """Serve one request. The operator's own (key ``test``) are nobody's role and not recorded."""
        role = access_key_of(headers_of(scope)) if scope["type"] == "http" else ""
        if role in ("", ACCESS_KEY):
            await self._inner(scope, receive, send)
            return
        service = service_of(headers_of(scope))
        if service == "s3":
            await self._of_s3(role, scope, receive, send)
            return
        body = await read_body(receive)
        try:
            self._log.needs(role, await _needs(service, scope, headers_of(scope), body))
        except UnknownRequest as unknown:
            self._log.unknown(role, str(unknown))
        await self._inner(scope, again(body, receive), send)

    async def _of_s3(self, role: str, scope: Any, receive: Receive, send: Send) -> None:
        method, path, headers = scope["method"], scope["path"], headers_of(scope)
        query = scope["query_string"].decode("latin-1")
        # Objects may be large; of all bodies only this one names objects.
        body = await read_body(receive) if method == "POST" and query.startswith("delete") else None
        try:
            self._log.needs(role, needs_of_s3(method, path, query, headers, body or b""))
        except UnknownRequest as unknown:
            self._log.unknown(role, str(unknown))

        async def note_absence(message: Message) -> None:
            if message.get("status") == _NOT_FOUND:
                self._log.needs(role, needs_of_not_found(method, path, headers))
            await send(message)

        await self._inner(scope, receive if body is None else again(body, receive), note_absence)


async def _needs(service: str, scope: Any, headers: dict[str, str], body: bytes) -> list[Need]:
    invoked = _INVOCATION.search(scope["path"])
    if service == "lambda" and invoked:
        return needs_of_service(service, "Invoke", {"FunctionName": unquote(invoked.group(1))})
    operation = headers.get("x-amz-target", "").rpartition(".")[2]
    if operation:
        data = json.loads(body or b"{}")
    else:
        form = {name: values[0] for name, values in parse_qs(body.decode("utf-8", "replace")).items()}
        operation, data = form.get("Action", f"{scope['method']} {scope['path']}"), form
    match service:
        case "dynamodb":
            return needs_of_dynamodb(operation, data, REGION, ACCOUNT, _hash_key)
        case "monitoring":
            return needs_of_metrics(operation, data)
        case "athena" if "QueryExecutionId" in data:
            return needs_of_service(service, operation, {"WorkGroup": await _workgroup(data)})
        case _:
            return needs_of_service(service, operation, data)


async def _workgroup(data: dict[str, Any]) -> str:
    """IAM checks the work group of a query, which the request does not name."""
    try:
        found = await call("athena", "GetQueryExecution", {"QueryExecutionId": data["QueryExecutionId"]})
    except AwsError as error:
        raise UnknownRequest(f"athena query {data['QueryExecutionId']}: {error}") from error
    return str(found["QueryExecution"]["WorkGroup"])


def _hash_key(table: str, index: str | None) -> str:
    found = ministack_dynamodb._tables.get(table.rpartition("/")[2])
    if found is None:
        raise UnknownRequest(f"dynamodb table {table}, which does not exist")
    indexes = [*(found.get("GlobalSecondaryIndexes") or []), *(found.get("LocalSecondaryIndexes") or [])]
    schema = next((each["KeySchema"] for each in indexes if each["IndexName"] == index), found["KeySchema"])
    return next(str(key["AttributeName"]) for key in schema if key["KeyType"] == "HASH")
