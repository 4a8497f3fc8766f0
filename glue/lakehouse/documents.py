"""JSON documents of a batch behind a small port, so that the job's logic never meets a client."""

import json
from typing import Any, Protocol

from lakehouse.errors import DocumentMissing, InvalidDocument, ServiceUnavailable

PRECONDITION_FAILED = 412


class Documents(Protocol):
    """Reads and writes whole documents by URI."""

    def get(self, uri: str) -> bytes:
        """Return the document; raises DocumentMissing or ServiceUnavailable."""
        ...

    def put(self, uri: str, body: bytes) -> None:
        """Write or replace the document; raises ServiceUnavailable."""
        ...

    def create(self, uri: str, body: bytes) -> bool:
        """Write the document unless there is one; False if there is. Raises ServiceUnavailable."""
        ...


class S3Documents:
    """Documents in S3. `client` is a boto3 S3 client."""

    def __init__(self, client: Any) -> None:
        self._client = client

    def get(self, uri: str) -> bytes:
        """Return the object's body."""
        bucket, key = _split(uri)
        try:
            body: bytes = self._client.get_object(Bucket=bucket, Key=key)["Body"].read()
        except self._client.exceptions.NoSuchKey as error:
            raise DocumentMissing(f"{uri} is not there (yet); the step that writes it runs again") from error
        except Exception as error:
            raise ServiceUnavailable(f"S3 did not return {uri}: {type(error).__name__} {error}") from error
        return body

    def put(self, uri: str, body: bytes) -> None:
        """Write the object."""
        bucket, key = _split(uri)
        try:
            self._client.put_object(Bucket=bucket, Key=key, Body=body, ContentType="application/json")
        except Exception as error:
            raise ServiceUnavailable(f"S3 did not take {uri}: {type(error).__name__} {error}") from error

    def create(self, uri: str, body: bytes) -> bool:
        """Write the object with `If-None-Match: *`, by a header, since boto3 before 1.35 has no parameter for
        it (https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html)."""
        events = self._client.meta.events
        events.register("before-call.s3.PutObject", _only_if_absent)
        try:
            self.put(uri, body)
        except ServiceUnavailable as error:
            if _status(error.__cause__) == PRECONDITION_FAILED:
                return False
            raise
        finally:
            events.unregister("before-call.s3.PutObject", _only_if_absent)
        return True


def read_json(documents: Documents, uri: str) -> Any:
    """Read a document and decode it; raises InvalidDocument if it is not JSON."""
    return decode_json(documents.get(uri), uri)


def decode_json(body: bytes, uri: str) -> Any:
    """Decode a document; raises InvalidDocument if it is not JSON."""
    try:
        return json.loads(body)
    except ValueError as error:
        raise InvalidDocument(f"{uri} is not JSON: {error}; restore the object's previous version") from error


def write_json(documents: Documents, uri: str, document: Any) -> None:
    """Write a document as JSON with sorted keys, so that equal content gives equal bytes."""
    documents.put(uri, json.dumps(document, sort_keys=True, ensure_ascii=False, indent=1).encode())


def _only_if_absent(params: dict[str, Any], **_: Any) -> None:
    params["headers"]["If-None-Match"] = "*"


def _status(error: BaseException | None) -> int | None:
    """The HTTP status of a botocore ClientError."""
    response = getattr(error, "response", {})
    status: int | None = response.get("ResponseMetadata", {}).get("HTTPStatusCode")
    return status


def _split(uri: str) -> tuple[str, str]:
    scheme, _, rest = uri.partition("://")
    bucket, _, key = rest.partition("/")
    if scheme not in ("s3", "s3a") or not bucket or not key:
        raise InvalidDocument(f"{uri!r} is no S3 address of the form s3://bucket/key")
    return bucket, key
