import hashlib
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError
from hypothesis import given, settings
from hypothesis import strategies as st
from ministack.services import s3 as ministack_s3

from instances import Instance
from localcloud.part_uploads import completion_on_disk
from localcloud.seams import SeamMoved

KEY = "raw/orders/a b.csv"


class Upload:
    """One upload in parts, and what S3 said the parts are."""

    def __init__(self, cloud: Instance, bucket: str, key: str = KEY, **options: Any) -> None:
        self.s3, self.place = cloud.client("s3"), {"Bucket": bucket, "Key": key}
        self.id = self.s3.create_multipart_upload(**self.place, **options)["UploadId"]
        self.etags: dict[int, str] = {}

    def put(self, number: int, body: bytes) -> None:
        """Send a part."""
        answer = self.s3.upload_part(**self.place, UploadId=self.id, PartNumber=number, Body=body)
        self.etags[number] = answer["ETag"]

    def complete(self, etags: dict[int, str] | None = None) -> dict[str, Any]:
        """Put the parts together."""
        chosen = sorted((etags or self.etags).items())
        parts = [{"PartNumber": number, "ETag": etag} for number, etag in chosen]
        answer: dict[str, Any] = self.s3.complete_multipart_upload(
            **self.place, UploadId=self.id, MultipartUpload={"Parts": parts}
        )
        return answer


def read(cloud: Instance, bucket: str, key: str = KEY, **options: Any) -> bytes:
    body: bytes = cloud.client("s3").get_object(Bucket=bucket, Key=key, **options)["Body"].read()
    return body


def waiting_parts(cloud: Instance, upload: Upload) -> list[Path]:
    return list((cloud.home / "tmp" / "parts" / upload.id).glob("*"))


def etag_of(parts: list[bytes]) -> str:
    digests = b"".join(hashlib.md5(part).digest() for part in parts)
    return f'"{hashlib.md5(digests).hexdigest()}-{len(parts)}"'


@pytest.fixture
def bucket(cloud: Instance, request: pytest.FixtureRequest) -> str:
    name = f"parts-{hashlib.md5(request.node.name.encode()).hexdigest()[:12]}"
    cloud.client("s3").create_bucket(Bucket=name)
    return name


@settings(max_examples=20, deadline=None)
@given(
    sent=st.lists(st.tuples(st.integers(1, 10_000), st.binary(max_size=40)), min_size=1, max_size=8),
    data=st.data(),
)
def test_an_object_is_the_parts_named_at_the_end_each_as_it_was_sent_last(
    cloud: Instance, sent: list[tuple[int, bytes]], data: st.DataObject
) -> None:
    cloud.client("s3").create_bucket(Bucket="any-parts")
    upload = Upload(cloud, "any-parts")
    for number, body in sent:
        upload.put(number, body)
    numbers = data.draw(st.sets(st.sampled_from(sorted(upload.etags)), min_size=1))

    answer = upload.complete({number: upload.etags[number] for number in numbers})

    parts = [dict(sent)[number] for number in sorted(numbers)]
    assert answer["ETag"] == etag_of(parts)
    assert read(cloud, "any-parts") == b"".join(parts)
    assert cloud.client("s3").head_object(Bucket="any-parts", Key=KEY)["ContentLength"] == len(
        b"".join(parts)
    )


def test_two_uploads_of_one_key_at_a_time_do_not_mix(cloud: Instance, bucket: str) -> None:
    first, second = Upload(cloud, bucket), Upload(cloud, bucket)
    for number in (1, 2):
        first.put(number, b"first%d" % number)
        second.put(number, b"second%d" % number)

    second.complete()
    assert read(cloud, bucket) == b"second1second2"
    first.complete()
    assert read(cloud, bucket) == b"first1first2"


@pytest.mark.parametrize("etags", [{1: '"00000000000000000000000000000000"'}, {2: '"of no part"'}])
def test_a_part_that_was_not_sent_so_is_refused_and_the_upload_goes_on(
    cloud: Instance, bucket: str, etags: dict[int, str]
) -> None:
    upload = Upload(cloud, bucket)
    upload.put(1, b"right")

    with pytest.raises(ClientError, match="InvalidPart"):
        upload.complete(etags)

    upload.complete()
    assert read(cloud, bucket) == b"right"


def test_an_object_keeps_what_its_upload_was_begun_with(cloud: Instance, bucket: str) -> None:
    upload = Upload(
        cloud, bucket, Metadata={"sequence": "7"}, ContentType="text/csv", ServerSideEncryption="AES256"
    )
    upload.put(1, b"row")
    upload.complete()

    head = cloud.client("s3").head_object(Bucket=bucket, Key=KEY)
    assert (head["Metadata"], head["ContentType"]) == ({"sequence": "7"}, "text/csv")
    assert head["ServerSideEncryption"] == "AES256"


def test_a_checksum_is_the_one_of_the_checksums_of_the_parts(cloud: Instance, bucket: str) -> None:
    upload = Upload(cloud, bucket, ChecksumAlgorithm="SHA256")
    upload.put(1, b"one")
    upload.put(2, b"two")

    answer = upload.complete()

    digests = b"".join(hashlib.sha256(part).digest() for part in (b"one", b"two"))
    expected = ministack_s3._compute_s3_checksum("SHA256", digests)
    assert answer["ChecksumSHA256"] == f"{expected}-2"


def test_an_upload_that_is_given_up_leaves_nothing(cloud: Instance, bucket: str) -> None:
    upload = Upload(cloud, bucket)
    upload.put(1, b"unwanted")
    assert waiting_parts(cloud, upload)

    upload.s3.abort_multipart_upload(**upload.place, UploadId=upload.id)

    assert waiting_parts(cloud, upload) == []
    with pytest.raises(ClientError, match="NoSuchUpload"):
        upload.put(2, b"too late")


def test_an_end_that_is_told_twice_makes_one_version(cloud: Instance, bucket: str) -> None:
    s3 = cloud.client("s3")
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    upload = Upload(cloud, bucket)
    upload.put(1, b"once")

    assert upload.complete()["VersionId"] == upload.complete()["VersionId"]

    assert len(s3.list_object_versions(Bucket=bucket)["Versions"]) == 1
    assert waiting_parts(cloud, upload) == []


def test_a_range_of_an_object_becomes_a_part_that_outlives_it(cloud: Instance, bucket: str) -> None:
    s3 = cloud.client("s3")
    s3.put_object(Bucket=bucket, Key="source", Body=b"0123456789")
    upload = Upload(cloud, bucket)
    copied = s3.upload_part_copy(
        **upload.place,
        UploadId=upload.id,
        PartNumber=1,
        CopySource={"Bucket": bucket, "Key": "source"},
        CopySourceRange="bytes=2-4",
    )["CopyPartResult"]["ETag"]
    s3.put_object(Bucket=bucket, Key="source", Body=b"other")

    assert copied == f'"{hashlib.md5(b"234").hexdigest()}"'
    upload.complete({1: copied})
    assert read(cloud, bucket) == b"234"


def test_a_finished_upload_survives_a_crash_and_an_unfinished_one_leaves_nothing(own_cloud: Instance) -> None:
    own_cloud.client("s3").create_bucket(Bucket="crash")
    finished, unfinished = Upload(own_cloud, "crash"), Upload(own_cloud, "crash", "other")
    finished.put(1, b"one")
    finished.put(2, b"two")
    etag = finished.complete()["ETag"]
    unfinished.put(1, b"one")

    own_cloud.kill()
    own_cloud.start()

    assert read(own_cloud, "crash") == b"onetwo"
    assert own_cloud.client("s3").head_object(Bucket="crash", Key=KEY)["ETag"] == etag
    assert waiting_parts(own_cloud, finished) == waiting_parts(own_cloud, unfinished) == []


def test_a_completion_that_is_written_otherwise_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("inspect.getsource", lambda function: "def _complete_multipart_upload(): ...")

    with pytest.raises(SeamMoved, match="_complete_multipart_upload"):
        completion_on_disk()
