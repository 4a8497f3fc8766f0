"""What IAM checks for a request to S3.

Sources: docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html and
docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html
"""

import re
from collections.abc import Mapping
from html import unescape
from urllib.parse import parse_qsl, unquote

from localcloud.calls.log import Need, UnknownRequest

# Parameters that qualify an operation; every other one names an operation of its own.
_QUALIFIERS = frozenset(
    {
        *("continuation-token", "delimiter", "encoding-type", "fetch-owner", "key-marker", "list-type"),
        *("marker", "max-keys", "partNumber", "prefix", "start-after", "version-id-marker", "versionId"),
        *("x-id", "uploadId"),
    }
)
_OF_BUCKET = {
    ("GET", ""): "s3:ListBucket",
    ("GET", "location"): "s3:GetBucketLocation",
    ("GET", "uploads"): "s3:ListBucketMultipartUploads",
    ("GET", "versioning"): "s3:GetBucketVersioning",
    ("GET", "versions"): "s3:ListBucketVersions",
    ("HEAD", ""): "s3:ListBucket",
}
_LISTING_KEYS = ("prefix", "delimiter", "max-keys")
_DELETED = re.compile(r"<Object>(.*?)</Object>", re.DOTALL)


def needs_of_s3(method: str, path: str, query: str, headers: Mapping[str, str], body: bytes) -> list[Need]:
    """``path`` is decoded and begins with the bucket; ``body`` is needed for DeleteObjects only."""
    bucket, _, key = path.lstrip("/").partition("/")
    given = dict(parse_qsl(query, keep_blank_values=True))
    named = sorted(set(given) - _QUALIFIERS)
    operation = named[0] if len(named) == 1 else " ".join(named)
    if not key:
        return _of_bucket(method, operation, bucket, given, body)
    return _of_object(method, operation, f"arn:aws:s3:::{bucket}/{key}", given, headers)


def needs_of_not_found(method: str, path: str, headers: Mapping[str, str]) -> list[Need]:
    """What a caller needs to be told that an object is not there, instead of "access denied".

    Source: docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html (Permissions)
    """
    source = headers.get("x-amz-copy-source")
    if method not in ("GET", "HEAD") and source is None:
        return []
    bucket, _, key = (path if source is None else unquote(source)).lstrip("/").partition("/")
    return [Need("s3:ListBucket", f"arn:aws:s3:::{bucket}")] if key else []


def _of_bucket(method: str, operation: str, bucket: str, given: Mapping[str, str], body: bytes) -> list[Need]:
    arn = f"arn:aws:s3:::{bucket}"
    if (method, operation) == ("POST", "delete"):
        return [_deletion(arn, entry) for entry in _DELETED.findall(body.decode())]
    action = _OF_BUCKET.get((method, operation))
    if action is None:
        raise UnknownRequest(f"s3 {method} /{bucket}?{operation}")
    context = {f"s3:{name}": given[name] for name in _LISTING_KEYS if name in given}
    return [Need(action, arn, context if action.startswith("s3:List") else {})]


def _deletion(bucket_arn: str, entry: str) -> Need:
    key = re.search(r"<Key>(.*?)</Key>", entry, re.DOTALL)
    if key is None:
        raise UnknownRequest(f"s3 POST ?delete of {entry}")
    action = "s3:DeleteObjectVersion" if "<VersionId>" in entry else "s3:DeleteObject"
    return Need(action, f"{bucket_arn}/{unescape(key.group(1))}")


def _of_object(
    method: str, operation: str, arn: str, given: Mapping[str, str], headers: Mapping[str, str]
) -> list[Need]:
    version = "Version" if "versionId" in given else ""
    if operation == "":
        if "uploadId" in given:
            return _of_part(method, arn, headers)
        if method in ("GET", "HEAD"):
            return [Need(f"s3:GetObject{version}", arn)]
        if method == "DELETE":
            return [Need(f"s3:DeleteObject{version}", arn)]
        if method == "PUT":
            return _of_put(arn, headers)
    if operation == "tagging" and method in ("GET", "PUT", "DELETE"):
        verb = {"GET": "Get", "PUT": "Put", "DELETE": "Delete"}[method]
        return [Need(f"s3:{verb}Object{version}Tagging", arn)]
    if (method, operation) == ("POST", "uploads"):
        return _of_put(arn, headers)
    raise UnknownRequest(f"s3 {method} {arn}?{operation}")


def _of_part(method: str, arn: str, headers: Mapping[str, str]) -> list[Need]:
    if method == "DELETE":
        return [Need("s3:AbortMultipartUpload", arn)]
    if method == "GET":
        return [Need("s3:ListMultipartUploadParts", arn)]
    return [Need("s3:PutObject", arn), *_of_source(headers)]


def _of_put(arn: str, headers: Mapping[str, str]) -> list[Need]:
    needs = [Need("s3:PutObject", arn), *_of_source(headers)]
    if "x-amz-tagging" in headers:
        needs.append(Need("s3:PutObjectTagging", arn))
    if "x-amz-acl" in headers or any(name.startswith("x-amz-grant-") for name in headers):
        raise UnknownRequest(f"s3 PUT {arn} with an access control list")
    # docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
    if "if-match" in headers:
        needs.append(Need("s3:GetObject", arn))
    return needs


def _of_source(headers: Mapping[str, str]) -> list[Need]:
    source = headers.get("x-amz-copy-source")
    if source is None:
        return []
    place, _, version = source.partition("?")
    action = "s3:GetObjectVersion" if version else "s3:GetObject"
    return [Need(action, f"arn:aws:s3:::{unquote(place).lstrip('/')}")]
