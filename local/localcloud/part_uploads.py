"""The parts of an upload are files from the moment they come until the object is put together.

ministack keeps them in memory and joins them there, which takes twice the size of the object.
An upload that is not finished ends with the process, as its record in ministack does.
"""

import inspect
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import Any

from ministack.services import s3

from localcloud.seams import SeamMoved
from localcloud.stored_bodies import DiskBytes, FileBody, write_pieces
from localcloud.toolchain import Toolchain

_Answer = tuple[int, dict[str, str], bytes]

# What ministack's completion does with the bytes of parts, and what it is to do instead. An entity tag of a
# part is the MD5 of its bytes, so nothing needs to be hashed again.
_INSTEAD = {
    'hashlib.md5(stored["body"]).digest()': """bytes.fromhex(stored["etag"].strip('"'))""",
    'b"".join(combined_parts)': "_parts_on_disk(combined_parts)",
}


class PartFile(DiskBytes):
    """A part that waits: there may be thousands, so none of them holds a file open."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._size = file.stat().st_size

    def __len__(self) -> int:
        return self._size

    def pieces(self) -> Iterator[bytes]:
        """All bytes of the part in order, at most a mebibyte at a time."""
        return FileBody(self._file).pieces()


class Parts(DiskBytes):
    """An object whose bytes are still in several parts."""

    def __init__(self, parts: Sequence[DiskBytes]) -> None:
        self._parts = parts

    def __len__(self) -> int:
        return sum(len(part) for part in self._parts)

    def pieces(self) -> Iterator[bytes]:
        """All bytes of all parts in order, at most a mebibyte at a time."""
        return chain.from_iterable(part.pieces() for part in self._parts)


def completion_on_disk() -> Callable[..., _Answer]:
    """ministack's CompleteMultipartUpload, with the two expressions replaced that need the parts in memory.

    It is 200 lines of checks in one function, which a function of our own would have to repeat.

    Raises SeamMoved when an expression is not there exactly once.
    """
    source = inspect.getsource(s3._complete_multipart_upload)
    for expression, replacement in _INSTEAD.items():
        if source.count(expression) != 1:
            raise SeamMoved(
                f"ministack.services.s3._complete_multipart_upload (used for parts on the disk) has "
                f"{source.count(expression)} times {expression} instead of once"
            )
        source = source.replace(expression, replacement)
    s3._parts_on_disk = Parts
    found: dict[str, Any] = {}
    exec(compile(source, f"{s3.__file__} (parts on the disk)", "exec"), vars(s3), found)
    completion: Callable[..., _Answer] = found["_complete_multipart_upload"]
    return completion


def install(endpoint: str, home: Path, toolchain: Toolchain) -> None:
    """Keep parts in ``home/tmp``, which a start empties; needs ``stored_bodies``."""
    folder = home / "tmp" / "parts"
    upload_part, upload_part_copy, abort = (
        s3._upload_part,
        s3._upload_part_copy,
        s3._abort_multipart_upload,
    )
    complete = completion_on_disk()

    def put_down(query: Mapping[str, Any]) -> None:
        upload_id, number = s3._qp(query, "uploadId"), int(s3._qp(query, "partNumber", "1"))
        part = s3._multipart_uploads[upload_id]["parts"][number]
        file = folder / upload_id / str(number)
        file.parent.mkdir(parents=True, exist_ok=True)
        write_pieces(file, part["body"])
        part["body"] = PartFile(file)

    def forget(query: Mapping[str, Any]) -> None:
        shutil.rmtree(folder / s3._qp(query, "uploadId"), ignore_errors=True)

    def upload_to_disk(
        bucket_name: str, key: str, body: bytes, query: Mapping[str, Any], headers: Mapping[str, str]
    ) -> _Answer:
        answer: _Answer = upload_part(bucket_name, key, body, query, headers)
        if answer[0] == 200:
            put_down(query)
        return answer

    def copy_to_disk(
        bucket_name: str, key: str, query: Mapping[str, Any], headers: Mapping[str, str]
    ) -> _Answer:
        answer: _Answer = upload_part_copy(bucket_name, key, query, headers)
        if answer[0] == 200:
            put_down(query)
        return answer

    def complete_on_disk(
        bucket_name: str, key: str, body: bytes, query: Mapping[str, Any], *rest: Any
    ) -> _Answer:
        answer = complete(bucket_name, key, body, query, *rest)
        # ministack only warns when it could not write an object; its bytes are in the parts then.
        stored = s3._buckets[bucket_name]["objects"].get(key, {}) if answer[0] == 200 else None
        if stored is not None and stored.get("body") is None:
            forget(query)
        return answer

    def abort_on_disk(bucket_name: str, key: str, query: Mapping[str, Any]) -> _Answer:
        answer: _Answer = abort(bucket_name, key, query)
        if answer[0] == 204:
            forget(query)
        return answer

    s3._upload_part, s3._upload_part_copy = upload_to_disk, copy_to_disk
    s3._complete_multipart_upload, s3._abort_multipart_upload = complete_on_disk, abort_on_disk
