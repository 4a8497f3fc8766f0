"""What GetObject gives out is read from the disk as it is sent: whole objects, ranges, and both of versions.

ministack loads the whole object for each slice of it, and answers a range of a given version with the
whole version.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextvars import ContextVar
from pathlib import Path
from typing import Any

from ministack.core.responses import StreamingResponse
from ministack.services import s3

from localcloud.asgi import Receive, Send
from localcloud.stored_bodies import PIECE_BYTES, DiskBytes
from localcloud.toolchain import Toolchain
from localcloud.wire import handler_of, replace_handler

_Answer = tuple[int, dict[str, str], Any]

# Whoever calls GetObject inside this process expects bytes.
_is_sent: ContextVar[bool] = ContextVar("the answer goes to a connection", default=False)


def _ranged_version(answer: _Answer, range_header: str) -> _Answer:
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


async def _until_left(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _sender(body: DiskBytes) -> Callable[[Send, Receive], Awaitable[None]]:
    async def send_pieces(send: Send, receive: Receive) -> None:
        # For a client that has left hypercorn takes the rest at once, gives nobody else a turn meanwhile, and
        # keeps it all: six downloads of 1 GiB held 6 GB.
        left = asyncio.create_task(_until_left(receive))
        try:
            for piece in body.pieces():
                await asyncio.sleep(0)
                if left.done():
                    return
                await send({"type": "http.response.body", "body": piece, "more_body": True})
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        finally:
            left.cancel()

    return send_pieces


def install(endpoint: str, home: Path, toolchain: Toolchain) -> None:
    """Let GetObject read what is asked for and no more; needs ``stored_bodies``."""
    inner, get = handler_of("s3"), s3._get_object

    def get_object(
        bucket_name: str, key: str, headers: Mapping[str, str], query_params: Mapping[str, Any] | None = None
    ) -> _Answer:
        answer: _Answer = get(bucket_name, key, headers, query_params)
        range_header = headers.get("range", "")
        is_whole_version = answer[0] == 200 and "versionId" in (query_params or {})
        if is_whole_version and range_header.startswith("bytes="):
            answer = _ranged_version(answer, range_header)
        status, given, body = answer
        return status, given, bytes(body) if isinstance(body, DiskBytes) and not _is_sent.get() else body

    async def handle(
        method: str, path: str, headers: Mapping[str, str], body: bytes, query: Mapping[str, Any]
    ) -> Any:
        token = _is_sent.set(method == "GET")
        try:
            answer: _Answer = await inner(method, path, headers, body, query)
        finally:
            _is_sent.reset(token)
        status, given, found = answer
        if not isinstance(found, DiskBytes):
            return answer
        if len(found) <= PIECE_BYTES:
            return status, given, bytes(found)
        return status, {**given, "Content-Length": str(len(found))}, StreamingResponse(_sender(found))

    s3._get_object = get_object
    replace_handler("s3", handle)
