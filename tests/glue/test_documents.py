"""Documents in S3: what the client really sends, to a server that keeps objects as S3 does."""

from __future__ import annotations

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import boto3
import pytest
from botocore.config import Config

from lakehouse.documents import S3Documents
from lakehouse.errors import DocumentMissing, ServiceUnavailable

URI = "s3://bucket/folder/document.json"


class _Store(BaseHTTPRequestHandler):
    objects: dict[str, bytes]

    def do_PUT(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.path.endswith("/refused.json"):
            self._answer(403, "AccessDenied")
        elif self.headers["If-None-Match"] == "*" and self.path in self.objects:
            self._answer(412, "PreconditionFailed")
        else:
            self.objects[self.path] = body
            self._answer(200)

    def do_GET(self) -> None:
        body = self.objects.get(self.path)
        if body is None:
            self._answer(404, "NoSuchKey")
        else:
            self._answer(200, body=body)

    def _answer(self, status: int, code: str = "", body: bytes = b"") -> None:
        body = body or (f"<Error><Code>{code}</Code></Error>".encode() if code else b"")
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None: ...


@pytest.fixture
def documents() -> Iterator[S3Documents]:
    handler = type("Store", (_Store,), {"objects": {}})
    server = HTTPServer(("127.0.0.1", 0), handler)
    Thread(target=server.serve_forever, daemon=True).start()
    client = boto3.client(
        "s3",
        endpoint_url=f"http://127.0.0.1:{server.server_port}",
        region_name="us-east-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",
        config=Config(
            s3={"addressing_style": "path"},
            retries={"max_attempts": 0},
            request_checksum_calculation="when_required",
        ),
    )
    yield S3Documents(client)
    server.shutdown()
    server.server_close()


def test_what_was_created_first_stays(documents: S3Documents) -> None:
    assert documents.create(URI, b"first")
    assert not documents.create(URI, b"second")
    assert documents.get(URI) == b"first"


def test_a_write_after_a_creation_replaces_as_ever(documents: S3Documents) -> None:
    documents.create(URI, b"first")
    documents.put(URI, b"second")
    assert documents.get(URI) == b"second"


def test_a_creation_that_s3_refuses_is_no_document_that_is_there(documents: S3Documents) -> None:
    with pytest.raises(ServiceUnavailable, match="AccessDenied"):
        documents.create("s3://bucket/refused.json", b"first")


def test_a_document_that_is_not_there_is_named(documents: S3Documents) -> None:
    with pytest.raises(DocumentMissing, match=URI):
        documents.get(URI)
