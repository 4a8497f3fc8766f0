"""A ranged GET reads its slice from the disk, of the current object and of a version.

ministack loads the whole object and cuts the slice out of it, for every slice again, and answers a
range of a given version with the whole version. It also keeps the bytes of every version in memory.
"""

from collections.abc import Mapping
from contextvars import ContextVar
from pathlib import Path
from typing import Any

from ministack.services import s3

from localcloud.toolchain import Toolchain
from localcloud.wire import Response, handler_of, replace_handler

_wants_range: ContextVar[bool] = ContextVar("wants_range", default=False)


class FileBody:
    """An object's bytes that stay on the disk until a slice of them is asked for."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._size = file.stat().st_size

    def __len__(self) -> int:
        return self._size

    def __getitem__(self, wanted: slice) -> bytes:
        start, stop, _ = wanted.indices(self._size)
        with self._file.open("rb") as file:
            file.seek(start)
            return file.read(max(0, stop - start))


def _current_file(bucket_name: str, key: str) -> Path | None:
    path = s3._object_disk_path(bucket_name, key)
    return Path(path) if path is not None and Path(path).is_file() else None


def _version_file(bucket: Mapping[str, Any], bucket_name: str, key: str, version_id: str) -> Path | None:
    path = s3._version_disk_path(bucket_name, key, version_id)
    if path is not None and Path(path).is_file():
        return Path(path)
    current = bucket["objects"].get(key)
    is_current = current is not None and (current.get("version_id") or "null") == version_id
    return _current_file(bucket_name, key) if is_current else None


def _ranged_version(answer: Response, range_header: str) -> Response:
    """The slice of a version, for which ministack ignored the range."""
    _, headers, body = answer
    wanted = s3._parse_range(range_header, len(body))
    if wanted is None:
        return 416, {"Content-Type": "application/xml", "Content-Range": f"bytes */{len(body)}"}, b""
    first, last = wanted
    part = body[first : last + 1]
    # A checksum of the whole object does not fit a part of it.
    kept = {name: value for name, value in headers.items() if not name.lower().startswith("x-amz-checksum")}
    sized = {"Content-Length": str(len(part)), "Content-Range": f"bytes {first}-{last}/{len(body)}"}
    return 206, {**kept, **sized}, part


def install(endpoint: str, home: Path, toolchain: Toolchain) -> None:
    """Let ranged GETs of S3 read only what they ask for, and versions stay on the disk."""
    read_body, version_body, inner = s3._read_body, s3._version_body, handler_of("s3")

    def lazy_body(bucket_name: str, key: str, obj: Mapping[str, Any]) -> Any:
        file = _current_file(bucket_name, key) if _wants_range.get() and obj.get("body") is None else None
        return FileBody(file) if file else read_body(bucket_name, key, obj)

    def lazy_version_body(
        bucket: Mapping[str, Any], bucket_name: str, key: str, version: Mapping[str, Any]
    ) -> Any:
        file = None
        if _wants_range.get():
            file = _version_file(bucket, bucket_name, key, version["version_id"])
        return FileBody(file) if file else version_body(bucket, bucket_name, key, version)

    s3._read_body, s3._version_body = lazy_body, lazy_version_body
    entry_of = s3._version_entry_from_record

    def entry_without_bytes(obj: Mapping[str, Any], version_id: str, data: bytes | None) -> Any:
        # As after a restart: ministack finds the bytes in the files that it wrote for them.
        return entry_of(obj, version_id, None)

    s3._version_entry_from_record = entry_without_bytes

    async def handle(
        method: str, path: str, headers: Mapping[str, str], body: bytes, query: Mapping[str, Any]
    ) -> Response:
        range_header = headers.get("range", "")
        if method != "GET" or not range_header.startswith("bytes="):
            return await inner(method, path, headers, body, query)
        token = _wants_range.set(True)
        try:
            answer = await inner(method, path, headers, body, query)
        finally:
            _wants_range.reset(token)
        if answer[0] == 200 and "versionId" in query:
            return _ranged_version(answer, range_header)
        if isinstance(answer[2], FileBody):
            return answer[0], answer[1], answer[2][:]
        return answer

    replace_handler("s3", handle)
