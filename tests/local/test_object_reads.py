from pathlib import Path

import pytest
from botocore.exceptions import ClientError

from instances import Instance, wait_for
from resident_memory import megabytes, reset_peak

KEY = "raw/orders/a b.csv"


def put(cloud: Instance, bucket: str, body: bytes) -> None:
    s3 = cloud.client("s3")
    s3.create_bucket(Bucket=bucket)
    s3.put_object(Bucket=bucket, Key=KEY, Body=body, Metadata={"sequence": "7"})


@pytest.mark.parametrize(
    ("asked", "part", "told"),
    [
        ("bytes=2-4", b"234", "bytes 2-4/10"),
        ("bytes=7-", b"789", "bytes 7-9/10"),
        ("bytes=-2", b"89", "bytes 8-9/10"),
        ("bytes=5-999", b"56789", "bytes 5-9/10"),
    ],
)
def test_a_range_is_the_slice_that_was_asked_for(cloud: Instance, asked: str, part: bytes, told: str) -> None:
    put(cloud, "ranges", b"0123456789")

    answer = cloud.client("s3").get_object(Bucket="ranges", Key=KEY, Range=asked)

    assert (answer["Body"].read(), answer["ContentRange"]) == (part, told)
    assert answer["Metadata"] == {"sequence": "7"}


def test_a_range_of_a_version_is_a_slice_of_that_version(cloud: Instance) -> None:
    s3 = cloud.client("s3")
    s3.create_bucket(Bucket="versioned-ranges")
    s3.put_bucket_versioning(Bucket="versioned-ranges", VersioningConfiguration={"Status": "Enabled"})
    old, new = (
        s3.put_object(Bucket="versioned-ranges", Key=KEY, Body=body)["VersionId"]
        for body in (b"old0123", b"new0123456")
    )

    for version, part, told in ((old, b"old", "bytes 0-2/7"), (new, b"new", "bytes 0-2/10")):
        answer = s3.get_object(Bucket="versioned-ranges", Key=KEY, VersionId=version, Range="bytes=0-2")
        assert (answer["Body"].read(), answer["ContentRange"]) == (part, told)
        assert answer["ResponseMetadata"]["HTTPStatusCode"] == 206


def test_a_range_behind_the_end_is_refused(cloud: Instance) -> None:
    put(cloud, "ranges", b"0123456789")

    with pytest.raises(ClientError, match="InvalidRange"):
        cloud.client("s3").get_object(Bucket="ranges", Key=KEY, Range="bytes=10-")


def test_slices_of_a_large_object_do_not_bring_it_into_memory(cloud: Instance) -> None:
    put(cloud, "large", b"x")
    # As large as no test should upload: a file with a hole, which costs no disk.
    (stored,) = (path for path in (cloud.home / "s3").rglob("a b.csv") if "large" in path.parts)
    size = 64 * 1024**3
    with stored.open("r+b") as file:
        file.truncate(size)
    assert cloud.process is not None

    answer = cloud.client("s3").get_object(Bucket="large", Key=KEY, Range="bytes=0-0")

    assert answer["Body"].read() == b"x"
    assert megabytes(cloud.process.pid, "VmHWM") < 1024


def test_what_clients_who_left_did_not_read_is_not_sent(cloud: Instance) -> None:
    put(cloud, "left", b"x")
    (stored,) = (path for path in (cloud.home / "s3").rglob("a b.csv") if "left" in path.parts)
    with stored.open("r+b") as file:
        file.truncate(1024**3)
    assert cloud.process is not None
    pid = cloud.process.pid
    reset_peak(pid)
    before = megabytes(pid, "VmHWM")

    clients = [cloud.client("s3").get_object(Bucket="left", Key=KEY)["Body"] for _ in range(6)]
    for client in clients:
        client.read(1024**2)
    assert reads(pid, stored) == len(clients)
    for client in clients:
        client.close()

    wait_for(lambda: reads(pid, stored) == 0, "the sending to end")
    assert megabytes(pid, "VmHWM") - before < 200


def test_versions_stay_on_the_disk_and_come_back_from_it(cloud: Instance) -> None:
    s3 = cloud.client("s3")
    s3.create_bucket(Bucket="old-versions")
    s3.put_bucket_versioning(Bucket="old-versions", VersioningConfiguration={"Status": "Enabled"})
    assert cloud.process is not None
    before = megabytes(cloud.process.pid, "VmRSS")

    bodies = [bytes([number]) * 30_000_000 for number in range(6)]
    versions = [s3.put_object(Bucket="old-versions", Key=KEY, Body=body)["VersionId"] for body in bodies]

    assert megabytes(cloud.process.pid, "VmRSS") - before < 110
    old = s3.get_object(Bucket="old-versions", Key=KEY, VersionId=versions[1])["Body"].read()
    assert old == bodies[1]
    s3.delete_object(Bucket="old-versions", Key=KEY, VersionId=versions[5])
    assert s3.get_object(Bucket="old-versions", Key=KEY)["Body"].read() == bodies[4]


def reads(pid: int, file: Path) -> int:
    """How often a process has a file open."""
    return sum(path.resolve() == file.resolve() for path in Path(f"/proc/{pid}/fd").iterdir())
