import base64
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from instances import Instance
from localcloud import stored_bodies
from localcloud.stored_bodies import FileBody, write_pieces
from resident_memory import megabytes, reset_peak

PART = bytes(8 * 1024**2)
PARTS = 16
SIZE = len(PART) * PARTS
# Of 128 MiB: a part on its way is there three times over, the object never.
MOST_MEGABYTES = 60


@contextmanager
def little_memory(cloud: Instance) -> Iterator[None]:
    """Fail when the server holds much more at any moment of the block than before it."""
    assert cloud.process is not None
    pid = cloud.process.pid
    reset_peak(pid)
    before = megabytes(pid, "VmRSS")
    yield
    assert megabytes(pid, "VmHWM") - before < MOST_MEGABYTES


@pytest.fixture(scope="module")
def large(cloud: Instance) -> str:
    """A versioned bucket with a large object, whose arrival took little memory."""
    s3, place = cloud.client("s3"), {"Bucket": "large-bodies", "Key": "large"}
    s3.create_bucket(Bucket="large-bodies")
    s3.put_bucket_versioning(Bucket="large-bodies", VersioningConfiguration={"Status": "Enabled"})
    with little_memory(cloud):
        upload = s3.create_multipart_upload(**place)["UploadId"]
        parts = [
            {
                "PartNumber": number,
                "ETag": s3.upload_part(**place, UploadId=upload, PartNumber=number, Body=PART)["ETag"],
            }
            for number in range(1, PARTS + 1)
        ]
        s3.complete_multipart_upload(**place, UploadId=upload, MultipartUpload={"Parts": parts})
    return "large-bodies"


def test_a_large_object_is_taken_in_and_given_out_without_being_held(cloud: Instance, large: str) -> None:
    with little_memory(cloud):
        body = cloud.client("s3").get_object(Bucket=large, Key="large")["Body"]
        assert sum(len(chunk) for chunk in body.iter_chunks(1024**2)) == SIZE


def test_a_large_object_is_copied_whole_and_in_parts_without_being_held(cloud: Instance, large: str) -> None:
    s3, source = cloud.client("s3"), {"Bucket": large, "Key": "large"}
    with little_memory(cloud):
        etag = s3.copy_object(Bucket=large, Key="copy", CopySource=source)["CopyObjectResult"]["ETag"]
        upload = s3.create_multipart_upload(Bucket=large, Key="part")["UploadId"]
        part = s3.upload_part_copy(
            Bucket=large, Key="part", UploadId=upload, PartNumber=1, CopySource=source,
            CopySourceRange=f"bytes=1-{SIZE - 1}",
        )  # fmt: skip

    assert etag == s3.head_object(**source)["ETag"]
    assert s3.head_object(Bucket=large, Key="copy")["ContentLength"] == SIZE
    assert part["CopyPartResult"]["ETag"] == f'"{hashlib.md5(bytes(SIZE - 1)).hexdigest()}"'


def test_a_large_object_becomes_an_old_version_and_comes_back_without_being_held(
    cloud: Instance, large: str
) -> None:
    s3 = cloud.client("s3")
    with little_memory(cloud):
        newer = s3.put_object(Bucket=large, Key="large", Body=b"small")["VersionId"]
        s3.delete_object(Bucket=large, Key="large", VersionId=newer)

    assert s3.head_object(Bucket=large, Key="large")["ContentLength"] == SIZE


def test_a_copy_over_itself_keeps_the_bytes_and_takes_the_new_metadata(cloud: Instance) -> None:
    s3, place = cloud.client("s3"), {"Bucket": "self-copies", "Key": "a"}
    s3.create_bucket(Bucket="self-copies")
    s3.put_object(**place, Body=b"the bytes")

    s3.copy_object(**place, CopySource=place, MetadataDirective="REPLACE", Metadata={"seen": "yes"})

    answer = s3.get_object(**place)
    assert (answer["Body"].read(), answer["Metadata"]) == (b"the bytes", {"seen": "yes"})


def test_the_null_version_is_copied_over_itself_where_versioning_is_suspended(cloud: Instance) -> None:
    s3, place = cloud.client("s3"), {"Bucket": "suspended-copies", "Key": "a"}
    s3.create_bucket(Bucket=place["Bucket"])
    s3.put_object(**place, Body=b"before versioning")
    for status in ("Enabled", "Suspended"):
        s3.put_bucket_versioning(Bucket=place["Bucket"], VersioningConfiguration={"Status": status})
        if status == "Enabled":
            s3.put_object(**place, Body=b"newer")

    s3.copy_object(**place, CopySource={**place, "VersionId": "null"})

    assert s3.get_object(**place)["Body"].read() == b"before versioning"


def test_a_copy_has_the_checksum_that_it_asks_for(cloud: Instance) -> None:
    s3, place = cloud.client("s3"), {"Bucket": "checked-copies", "Key": "a"}
    s3.create_bucket(Bucket=place["Bucket"])
    s3.put_object(**place, Body=b"123456789")

    def ask(params: dict[str, Any], **_: Any) -> None:
        params["headers"]["x-amz-sdk-checksum-algorithm"] = "CRC32"

    s3.meta.events.register("before-call.s3.CopyObject", ask)
    s3.copy_object(Bucket=place["Bucket"], Key="b", CopySource=place)

    head = s3.head_object(Bucket=place["Bucket"], Key="b", ChecksumMode="ENABLED")
    assert base64.b64decode(head["ChecksumCRC32"]).hex() == "cbf43926"


@given(content=st.binary(max_size=60), cuts=st.lists(st.tuples(st.integers(), st.integers()), max_size=3))
def test_slices_of_slices_are_those_of_the_bytes(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, cuts: list[tuple[int, int]]
) -> None:
    file = tmp_path_factory.mktemp("bodies") / "body"
    write_pieces(file, content)
    expected, body = content, FileBody(file)
    for start, stop in cuts:
        expected, body = expected[start:stop], body[start:stop]

    assert (len(body), bytes(body)) == (len(expected), expected)


def test_a_body_is_the_file_as_it_was_when_it_was_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stored_bodies, "PIECE_BYTES", 4)
    file = tmp_path / "body"
    write_pieces(file, b"the old bytes")
    body = FileBody(file)
    write_pieces(file, b"new")
    write_pieces(tmp_path / "copy", body)

    assert (tmp_path / "copy").read_bytes() == b"the old bytes"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["body", "copy"]


def test_a_file_that_could_not_be_written_leaves_the_old_one_and_no_draft(tmp_path: Path) -> None:
    file = tmp_path / "body"
    write_pieces(file, b"old")

    class Torn(FileBody):
        def pieces(self) -> Iterator[Any]:
            yield b"half"
            raise OSError("the disk is full")

    with pytest.raises(OSError, match="full"):
        write_pieces(file, Torn(file))

    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("body", b"old")]
