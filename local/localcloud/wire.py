"""The only contact with ministack's request handlers.

ministack keeps one handler per service in ``app.SERVICE_HANDLERS``:
``async handler(method, path, headers, body, query) -> (status, headers, body)``. A Service takes the
place of one of them, answers some operations of an AWS JSON protocol itself and delegates the rest.
"""

import asyncio
import inspect
import json
import re
from collections.abc import Awaitable, Callable, Mapping
from contextvars import ContextVar
from typing import Any, ClassVar

import botocore.loaders
import botocore.session
from botocore.config import Config
from ministack import app as ministack_app

_MODELS = botocore.loaders.create_loader()

REGION = "us-east-1"
ACCOUNT = "000000000000"
ACCESS_KEY = "test"
SECRET_KEY = "test"

Json = dict[str, Any]
Response = tuple[int, dict[str, str], bytes]
Handler = Callable[[str, str, Mapping[str, str], bytes, Mapping[str, Any]], Awaitable[Response]]

# Whose request is being answered; what a service does for it later goes on in the same name.
caller_key: ContextVar[str] = ContextVar("access key of the request in work", default=ACCESS_KEY)
_CREDENTIAL = re.compile(r"Credential=([^/,]+)/")

_TARGET_PREFIX = {
    "athena": "AmazonAthena",
    "dynamodb": "DynamoDB_20120810",
    "events": "AWSEvents",
    "glue": "AWSGlue",
    "logs": "Logs_20140328",
    "monitoring": "GraniteServiceVersion20100801",
    "sqs": "AmazonSQS",
    "states": "AWSStepFunctions",
}


class AwsError(Exception):
    """An error answer of an AWS API: ``code`` as the SDKs name it, HTTP ``status``."""

    def __init__(self, code: str, message: str, status: int = 400) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.status = status


def key_of_role(arn: str) -> str:
    """The dummy access key of a role: its name. The operator's is ``test``."""
    return arn.rpartition("/")[2]


def access_key_of(headers: Mapping[str, str]) -> str:
    """The key that a request is signed with; empty when it is not signed."""
    found = _CREDENTIAL.search(headers.get("authorization", ""))
    return found.group(1) if found else ""


_application: Any = ministack_app.app


def asgi_application() -> Any:
    """ministack, and what was put around it, as the ASGI application that a server serves."""
    return _application


def wrap_application(wrap: Callable[[Any], Any]) -> None:
    """Put an ASGI application around the one that is served."""
    global _application
    _application = wrap(_application)


def handler_of(service: str) -> Handler:
    """The handler that answers ``service`` now, adapters included."""
    handler: Handler = ministack_app.SERVICE_HANDLERS[service]
    return handler


def replace_handler(service: str, handler: Handler) -> None:
    """Let ``handler`` answer every request to ``service`` from now on."""
    ministack_app.SERVICE_HANDLERS[service] = handler


async def call(service: str, operation: str, data: Json, handler: Handler | None = None) -> Json:
    """Run one JSON-protocol operation on the event loop; raise AwsError for an error answer."""
    headers = {
        "x-amz-target": f"{_TARGET_PREFIX[service]}.{operation}",
        "content-type": "application/x-amz-json-1.1",
        # ministack takes the account and the region of a request from here.
        "authorization": f"AWS4-HMAC-SHA256 Credential={ACCESS_KEY}/20250101/{REGION}/{service}/aws4_request",
    }
    status, _, body = await (handler or handler_of(service))(
        "POST", "/", headers, json.dumps(data).encode(), {}
    )
    answer: Json = json.loads(body or b"{}")
    if status >= 400:
        code = str(answer.get("__type", "InternalServiceException")).rpartition("#")[2]
        raise AwsError(code, str(answer.get("message") or answer.get("Message") or ""), status)
    return answer


def call_from_thread(service: str, operation: str, data: Json) -> Json:
    """Like ``call``, from a worker thread; must not run on the event loop itself."""
    loop = ministack_app._MAIN_LOOP
    if loop is None:
        raise RuntimeError("the local cloud is not serving yet: no event loop to call on")
    future = asyncio.run_coroutine_threadsafe(call(service, operation, data), loop)
    return future.result()


class Service:
    """Base of an adapter: a method ``op_<Operation>(request) -> answer`` replaces that operation.

    The methods may be coroutines and run on ministack's event loop, so blocking work belongs in a
    thread. AwsError becomes the error answer that the SDKs expect.
    """

    key: ClassVar[str]

    def __init__(self) -> None:
        self.inner = handler_of(self.key)
        replace_handler(self.key, self.handle)

    async def handle(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes, query: Mapping[str, Any]
    ) -> Response:
        """Answer the operation named by x-amz-target, or hand the request on."""
        operation = headers.get("x-amz-target", "").rpartition(".")[2]
        own = getattr(self, f"op_{operation}", None) if operation else None
        if own is None:
            return await self.inner(method, path, headers, body, query)
        caller_key.set(access_key_of(headers) or ACCESS_KEY)
        try:
            answer = own(json.loads(body or b"{}"))
            if inspect.isawaitable(answer):
                answer = await answer
            return 200, {"Content-Type": "application/x-amz-json-1.1"}, json.dumps(answer).encode()
        except AwsError as error:
            document = {"__type": error.code, "message": error.message, "Message": error.message}
            head = {"Content-Type": "application/x-amz-json-1.1", "x-amzn-errortype": error.code}
            return error.status, head, json.dumps(document).encode()

    async def call_inner(self, operation: str, data: Json) -> Json:
        """Run ministack's own version of an operation of this service."""
        return await call(self.key, operation, data, self.inner)


def botocore_session() -> Any:
    """A session of botocore; all share the models of the services, which are tens of megabytes."""
    session = botocore.session.Session()
    session.register_component("data_loader", _MODELS)
    return session


def client(name: str, endpoint: str, key: str = ACCESS_KEY) -> Any:
    """A botocore client of ``endpoint`` with the instance's own keys, whatever the environment says.

    ``key`` is the operator's or that of a role.
    """
    return botocore_session().create_client(
        name,
        region_name=REGION,
        endpoint_url=endpoint,
        aws_access_key_id=key,
        aws_secret_access_key=SECRET_KEY,
        config=Config(retries={"mode": "standard", "max_attempts": 3}, s3={"addressing_style": "path"}),
    )
