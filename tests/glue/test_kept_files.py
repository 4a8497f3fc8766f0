"""Taking the lines of a person out of kept files, byte by byte."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

import pytest

from fakes import KEY
from kept import FolderFiles
from lakehouse.erased import MARK, digest_of
from lakehouse.kept_files import Lines, clean

if TYPE_CHECKING:
    from pathlib import Path

LINES = Lines([digest_of("u7", KEY)], KEY, {"user_id"})
GONE = (MARK + digest_of("u7", KEY)).encode()


def cleaned(folder: Path, body: bytes) -> tuple[list[int] | None, bytes]:
    path = folder / "kept.csv"
    path.write_bytes(body)
    numbers = clean(FolderFiles(), f"file:{path}", LINES)
    again = clean(FolderFiles(), f"file:{path}", LINES)
    assert again == numbers, "a second time gives the same lines"
    return numbers, path.read_bytes()


@pytest.mark.parametrize(
    ("body", "numbers", "after"),
    [
        (b"user_id,a\nu7,1\nu8,2\n", [2], b"user_id,a\n" + GONE + b"\nu8,2\n"),
        (b"a,user_id\r\n1,u7\r\n\r\n2,u7", [2, 4], b"a,user_id\r\n" + GONE + b"\r\n\r\n" + GONE),
        (b"a,user_id\r1,u7\r2,u8\r", [2], b"a,user_id\r" + GONE + b"\r2,u8\r"),
        (b'\xef\xbb\xbf"user_id", a\n "u7" ,1\n', [2], b'\xef\xbb\xbf"user_id", a\n' + GONE + b"\n"),
        (b"\n \na,user_id\nu7,u8\n\xff\xfe,u7\n", [5], b"\n \na,user_id\nu7,u8\n" + GONE + b"\n"),
        (b'a,user_id\n"u7,1\nu7\n1,2,u7\n', [2, 3, 4], b"a,user_id\n" + b"\n".join([GONE] * 3) + b"\n"),
        (b"x;u7\nu7\tz\n1|u8\n", [1, 2], GONE + b"\n" + GONE + b"\n1|u8\n"),
        (b"a,user_id\n1,u77\n1,U7\n", [], b"a,user_id\n1,u77\n1,U7\n"),
        (b"", [], b""),
    ],
    ids=[
        "the column of the person alone counts",
        "line ends of two bytes, blank lines and no last end",
        "line ends of old",
        "a byte order mark, quotes and spaces",
        "blank lines before the header, and bytes that are no text",
        "lines that do not split",
        "a file without a header, by any separator",
        "another id",
        "nothing",
    ],
)
def test_lines_of_the_person_become_marks_and_no_other_byte_changes(
    tmp_path: Path, body: bytes, numbers: list[int], after: bytes
) -> None:
    assert cleaned(tmp_path, body) == (numbers, after)


def test_a_packed_file_is_packed_again(tmp_path: Path) -> None:
    numbers, after = cleaned(tmp_path, gzip.compress(b"a,user_id\n1,u7\n"))
    assert (numbers, gzip.decompress(after)) == ([2], b"a,user_id\n" + GONE + b"\n")


def test_a_file_that_is_no_text_is_left_alone_and_told(tmp_path: Path) -> None:
    body = "user_id,a\nu7,1\n".encode("utf-16")
    assert cleaned(tmp_path, body) == (None, body)
