"""What a request on the wire is about, and how its service words an error."""

import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs
from xml.sax.saxutils import escape

from localcloud.faults.rules import Happening

_CREDENTIAL = re.compile(r"Credential=[^/]+/[^/]+/[^/]+/([^/]+)/aws4_request")
# What distinguishes the requests of S3 about an object: https://docs.aws.amazon.com/AmazonS3/latest/API/
_S3_BY_QUERY = (
    ("uploads", {"POST": "CreateMultipartUpload"}),
    ("uploadId", {"POST": "CompleteMultipartUpload", "PUT": "UploadPart", "DELETE": "AbortMultipartUpload"}),
    ("delete", {"POST": "DeleteObjects"}),
    ("versions", {"GET": "ListObjectVersions"}),
    ("list-type", {"GET": "ListObjectsV2"}),
)
_S3_BY_METHOD = {"GET": "GetObject", "PUT": "PutObject", "DELETE": "DeleteObject", "HEAD": "HeadObject"}


def service_of(headers: Mapping[str, str]) -> str:
    """The service that a request is signed for; empty when it is not signed."""
    found = _CREDENTIAL.search(headers.get("authorization", ""))
    return found.group(1) if found else ""


def describe(method: str, path: str, query: str, headers: Mapping[str, str], body: bytes) -> Happening:
    """The happening that a request is; ``path`` is decoded, ``body`` is not needed for S3."""
    service = service_of(headers)
    if service == "s3":
        return Happening(service, _s3_operation(method, query, headers), f"{path}?{query}")
    text = body.decode("utf-8", "replace")
    return Happening(service, _operation(path, headers, text), f"{path}\n{text}")


def _s3_operation(method: str, query: str, headers: Mapping[str, str]) -> str:
    given = parse_qs(query, keep_blank_values=True)
    for name, operations in _S3_BY_QUERY:
        if name in given and method in operations:
            return operations[method]
    if method == "PUT" and "x-amz-copy-source" in headers:
        return "CopyObject"
    return _S3_BY_METHOD.get(method, method)


def _operation(path: str, headers: Mapping[str, str], body: str) -> str:
    target = headers.get("x-amz-target", "")
    if target:
        return target.rpartition(".")[2]
    if path.endswith("/invocations"):
        return "Invoke"
    return parse_qs(body).get("Action", [""])[0]


def error_answer(service: str, code: str) -> tuple[dict[str, str], bytes]:
    """Headers and body of an error as the SDKs of the service read it."""
    message = f"{code} as a fault rule says"
    inner = f"<Code>{escape(code)}</Code><Message>{escape(message)}</Message>"
    if service == "s3":
        return {"content-type": "application/xml"}, f"<Error>{inner}</Error>".encode()
    if service == "sns":
        text = f"<ErrorResponse><Error><Type>Receiver</Type>{inner}</Error></ErrorResponse>"
        return {"content-type": "text/xml"}, text.encode()
    document: dict[str, Any] = {"__type": code, "message": message}
    kind = "application/json" if service == "lambda" else "application/x-amz-json-1.1"
    return {"content-type": kind, "x-amzn-errortype": code}, json.dumps(document).encode()
