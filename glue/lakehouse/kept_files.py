"""Files as they were kept, and taking the lines of a person out of them.

A line of the person becomes MARK and the person's digest, so that every other line keeps its number and a
file that is loaded again still adds up. A file without such a line is not written.
"""

import csv
import gzip
import io
import re
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import IO, Any, Protocol, cast
from urllib.parse import urlencode

from lakehouse.erased import MARK, SEPARATORS, digest_of
from lakehouse.errors import ServiceUnavailable
from lakehouse.read import WHITE_SPACE
from lakehouse.split import SOUND_LINE

_PROBE = 64 * 1024
_GZIP = b"\x1f\x8b"
_IN_MEMORY = 32 * 1024 * 1024
_REMEMBERED = 1_000_000
_BYTE_ORDER_MARK = "\ufeff"
_BLANK = WHITE_SPACE + _BYTE_ORDER_MARK
_SOUND = re.compile(SOUND_LINE.removeprefix(r"\A").removesuffix(r"\z"))


class KeptFiles(Protocol):
    """The objects of the landing bucket, by URI. Each method raises ServiceUnavailable."""

    def under(self, folder: str) -> Iterator[str]:
        """The files under a folder, whose URI ends in a slash."""
        ...

    def fetch(self, uri: str, target: IO[bytes]) -> None:
        """Copy the file's bytes into `target`."""
        ...

    def replace(self, uri: str, source: IO[bytes]) -> None:
        """Put the bytes in the file's place; its tags stay."""
        ...


class S3KeptFiles:
    """Kept files in S3. `client` is a boto3 S3 client; a large file goes in parts."""

    def __init__(self, client: Any) -> None:
        self._client = client

    def under(self, folder: str) -> Iterator[str]:
        """List the objects, page by page."""
        bucket, _, prefix = folder.removeprefix("s3://").partition("/")
        try:
            pages = self._client.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
            for page in pages:
                for found in page.get("Contents", []):
                    yield f"s3://{bucket}/{found['Key']}"
        except Exception as error:
            raise ServiceUnavailable(f"S3 did not list {folder}: {type(error).__name__} {error}") from error

    def fetch(self, uri: str, target: IO[bytes]) -> None:
        """Download the object."""
        bucket, _, key = uri.removeprefix("s3://").partition("/")
        try:
            self._client.download_fileobj(bucket, key, target)
        except Exception as error:
            raise ServiceUnavailable(f"S3 did not return {uri}: {type(error).__name__} {error}") from error

    def replace(self, uri: str, source: IO[bytes]) -> None:
        """Upload a new version with the tags of the one before."""
        bucket, _, key = uri.removeprefix("s3://").partition("/")
        try:
            tags = self._client.get_object_tagging(Bucket=bucket, Key=key)["TagSet"]
            written = urlencode({tag["Key"]: tag["Value"] for tag in tags})
            self._client.upload_fileobj(source, bucket, key, ExtraArgs={"Tagging": written})
        except Exception as error:
            raise ServiceUnavailable(f"S3 did not take {uri}: {type(error).__name__} {error}") from error


@dataclass(frozen=True)
class Place:
    """The column of the person in a file: its index, counted from 0, and the number of columns."""

    index: int
    width: int


class Lines:
    """People, as the lines of a file are judged: see lakehouse.erased for the rule."""

    def __init__(self, digests: Iterable[str], key: bytes, subjects: Iterable[str]) -> None:
        self._digests, self._key, self._subjects = frozenset(digests), key, frozenset(subjects)
        self._known: dict[str, str | None] = {}

    def marked(self, line: str) -> bool:
        """Whether it stands in the place of a line about one of the people."""
        return line.startswith(MARK) and line.removeprefix(MARK) in self._digests

    def place_in(self, header: str) -> Place | None:
        """Where a header has the column of the person; None where it does not name it once, or is none."""
        names = _values(header.removeprefix(_BYTE_ORDER_MARK))
        places = [place for place, name in enumerate(names) if name in self._subjects]
        return Place(places[0], len(names)) if len(places) == 1 else None

    def person(self, line: str, place: Place | None) -> str | None:
        """The digest of the person that a line is about; None for nobody of these people."""
        values = _values(line) if place is not None and _SOUND.fullmatch(line) else []
        if place is not None and len(values) == place.width:
            return self._digest(values[place.index])
        pieces = re.split(SEPARATORS, line.removeprefix(_BYTE_ORDER_MARK))
        return next(filter(None, (self._digest(_bare(piece)) for piece in pieces)), None)

    def _digest(self, value: str) -> str | None:
        """Ids repeat from line to line, a digest of each is made once."""
        if len(self._known) > _REMEMBERED:
            self._known.clear()
        if value not in self._known:
            digest = digest_of(value, self._key)
            self._known[value] = digest if digest in self._digests else None
        return self._known[value]


def clean(files: KeptFiles, uri: str, lines: Lines) -> list[int] | None:
    """Take the lines about the people out of a file; their numbers, or None where the file is no text and
    nobody can tell.

    May be repeated: a line that was taken out before is counted again.
    """
    with _space() as source, _space() as target:
        files.fetch(uri, source)
        source.seek(0)
        head = source.read(_PROBE)
        source.seek(0)
        if head.startswith(_GZIP):
            with (
                gzip.GzipFile(fileobj=source, mode="rb") as unpacked,
                gzip.GzipFile(fileobj=target, mode="wb") as packed,
            ):
                found = _copy_without(cast(IO[bytes], unpacked), cast(IO[bytes], packed), lines)
        elif b"\0" in head:
            return None
        else:
            found = _copy_without(source, target, lines)
        if found is None:
            return None
        numbers, changed = found
        if changed:
            target.seek(0)
            files.replace(uri, target)
        return numbers


def _copy_without(source: IO[bytes], target: IO[bytes], lines: Lines) -> tuple[list[int], bool] | None:
    """Copy line by line; the numbers of the people's lines, and whether one was not a mark before."""
    # Latin-1 keeps every byte; an empty newline splits at LF, CRLF and CR, as Spark does, and keeps them.
    text = io.TextIOWrapper(source, encoding="latin-1", newline="")
    place, has_header = None, False
    numbers, changed = list[int](), False
    for number, whole in enumerate(text, start=1):
        body = whole.rstrip("\r\n")
        line = body.encode("latin-1").decode("utf-8", "replace")
        if "\0" in body:
            text.detach()
            return None
        names_columns = False
        if not has_header and line.strip(_BLANK):
            place, has_header = lines.place_in(line), True
            names_columns = place is not None
        person = None
        if lines.marked(line.strip(_BLANK)):
            numbers.append(number)
        elif line.strip(_BLANK) and not names_columns:
            person = lines.person(line, place)
        if person is not None:
            numbers.append(number)
            changed = True
            whole = MARK + person + whole[len(body) :]
        target.write(whole.encode("latin-1"))
    text.detach()
    return numbers, changed


def _values(line: str) -> list[str]:
    return [value.strip(WHITE_SPACE) for value in next(csv.reader([line], skipinitialspace=True), [])]


def _bare(piece: str) -> str:
    return piece.strip(WHITE_SPACE).strip('"').strip(WHITE_SPACE)


def _space() -> IO[bytes]:
    return tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)
