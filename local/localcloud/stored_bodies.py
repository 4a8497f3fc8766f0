"""The bytes of objects stay on the disk while ministack reads, copies and versions them.

ministack writes each object to a file, and loads that file whole for whatever it does with the object:
to copy it, to keep it as an old version, to cut a slice out of it. Here it is given a body that knows
its length and is read in pieces; what leaves ministack's S3 is bytes again.
"""

import copy
import hashlib
import os
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ministack.services import s3

from localcloud.toolchain import Toolchain

PIECE_BYTES = 1024 * 1024


class DiskBytes(ABC):
    """Bytes that are on the disk and not in memory; they never change."""

    @abstractmethod
    def __len__(self) -> int: ...

    @abstractmethod
    def pieces(self) -> Iterator[bytes]:
        """All of them in order, at most a mebibyte at a time."""

    def __bytes__(self) -> bytes:
        return b"".join(self.pieces())

    def __getitem__(self, wanted: slice) -> "bytes | DiskBytes":
        return bytes(self)[wanted]

    def __deepcopy__(self, memo: dict[int, Any]) -> "DiskBytes":
        return self


class FileBody(DiskBytes):
    """A file as it was when it was opened, or a slice of it: ministack replaces files, it edits none."""

    def __init__(self, file: Path) -> None:
        self._file = file.open("rb", buffering=0)
        self._start, self._stop = 0, os.fstat(self._file.fileno()).st_size

    def __len__(self) -> int:
        return self._stop - self._start

    def __getitem__(self, wanted: slice) -> "FileBody":
        start, stop, _ = wanted.indices(len(self))
        cut = copy.copy(self)
        cut._start, cut._stop = self._start + start, self._start + max(start, stop)
        return cut

    def pieces(self) -> Iterator[bytes]:
        """All bytes of the slice in order, at most a mebibyte at a time."""
        position = self._start
        while position < self._stop:
            piece = os.pread(self._file.fileno(), min(PIECE_BYTES, self._stop - position), position)
            if not piece:
                raise OSError(f"a file of S3 ended at byte {position}, before byte {self._stop}")
            position += len(piece)
            yield piece


def write_pieces(file: Path, body: bytes | DiskBytes) -> None:
    """Write or replace a file; whoever reads meanwhile sees the old one."""
    draft = file.with_name(f"{file.name}.tmp")
    try:
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
            for piece in body.pieces() if isinstance(body, DiskBytes) else (body,):
                out.write(piece)
        draft.replace(file)
    except OSError:
        draft.unlink(missing_ok=True)
        raise


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


def _read_from_disk() -> None:
    read_body, version_body, data_of = s3._read_body, s3._version_body, s3._get_object_data
    entry_of = s3._version_entry_from_record

    def lazy_body(bucket_name: str, key: str, obj: Mapping[str, Any]) -> Any:
        file = _current_file(bucket_name, key) if obj.get("body") is None else None
        return FileBody(file) if file else read_body(bucket_name, key, obj)

    def lazy_version_body(
        bucket: Mapping[str, Any], bucket_name: str, key: str, version: Mapping[str, Any]
    ) -> Any:
        file = _version_file(bucket, bucket_name, key, version["version_id"])
        return FileBody(file) if file else version_body(bucket, bucket_name, key, version)

    def bytes_of_object(*args: Any, **kwargs: Any) -> Any:
        data = data_of(*args, **kwargs)
        return bytes(data) if isinstance(data, DiskBytes) else data

    def entry_without_bytes(obj: Mapping[str, Any], version_id: str, data: object) -> Any:
        # As after a restart: ministack finds the bytes in the files that it wrote for them.
        return entry_of(obj, version_id, None)

    s3._read_body, s3._version_body, s3._get_object_data = lazy_body, lazy_version_body, bytes_of_object
    s3._version_entry_from_record = entry_without_bytes


def _hash_and_write_in_pieces() -> None:
    md5_hash, checksum, atomic_write = s3.md5_hash, s3._compute_s3_checksum, s3._atomic_write

    def md5_of(body: bytes | DiskBytes) -> str:
        if not isinstance(body, DiskBytes):
            return str(md5_hash(body))
        digest = hashlib.md5(usedforsecurity=False)
        for piece in body.pieces():
            digest.update(piece)
        return digest.hexdigest()

    def checksum_of(algorithm: str, body: bytes | DiskBytes) -> Any:
        # ministack's CRCs take no pieces; only a copy that asks for a checksum of its own comes here.
        return checksum(algorithm, bytes(body))

    def write(fpath: str, data: Any, *, text: bool = False) -> None:
        if isinstance(data, DiskBytes):
            write_pieces(Path(fpath), data)
        else:
            atomic_write(fpath, data, text=text)

    s3.md5_hash, s3._compute_s3_checksum, s3._atomic_write = md5_of, checksum_of, write


def install(endpoint: str, home: Path, toolchain: Toolchain) -> None:
    """Keep bodies on the disk; ``object_reads`` sends them."""
    _read_from_disk()
    _hash_and_write_in_pieces()
