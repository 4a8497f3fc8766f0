"""What is left of job runs when the launcher is killed, and a run on a JVM of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from glue_jobs import DELTA_CONF, create_job, ended, log, start, until
from instances import Instance, wait_for
from localcloud.processes import ProcessIdentity, descendants, identify, is_alive

COLD_SCRIPT = """
import sys
from pyspark.sql import SparkSession
spark = SparkSession.builder.getOrCreate()
spark.range(3).write.format("delta").save("s3://cold-lake/numbers")
print(spark.read.format("delta").load("s3://cold-lake/numbers").count())
"""


@pytest.fixture
def cold_cloud(tmp_path: Path, toolchain: Path) -> Iterator[Instance]:
    instance = Instance(tmp_path / "cloud", toolchain, {"LOCALCLOUD_GLUE_MODE": "cold"}).start()
    yield instance
    instance.stop()


def test_a_cold_run_does_the_same_on_a_jvm_of_its_own(cold_cloud: Instance) -> None:
    cold_cloud.client("s3").create_bucket(Bucket="cold-lake")
    create_job(cold_cloud, "cold", COLD_SCRIPT, conf=DELTA_CONF)

    run = ended(cold_cloud, "cold")

    assert (run["JobRunState"], run.get("ErrorMessage")) == ("SUCCEEDED", None)
    assert log(cold_cloud, run) == ["3"]


def children(cloud: Instance) -> list[ProcessIdentity]:
    assert cloud.process is not None
    found = [identify(pid) for pid in descendants(cloud.process.pid)]
    return [process for process in found if process is not None]


def test_after_a_crash_a_run_has_failed_and_nothing_of_it_lives(own_cloud: Instance) -> None:
    create_job(own_cloud, "long", "import time\ntime.sleep(600)")
    create_job(own_cloud, "short", "print('ran')")
    done = ended(own_cloud, "short")
    run_id = start(own_cloud, "long")
    until(own_cloud, "long", run_id, "RUNNING")
    left_behind = wait_for(lambda: len(found := children(own_cloud)) >= 2 and found, "job and JVM")

    own_cloud.kill()
    own_cloud.start()

    assert [process for process in left_behind if is_alive(process)] == []
    (run,) = own_cloud.client("glue").get_job_runs(JobName="long")["JobRuns"]
    assert (run["Id"], run["JobRunState"]) == (run_id, "FAILED")
    assert "ended while this run was RUNNING" in run["ErrorMessage"]
    assert own_cloud.client("glue").get_job_runs(JobName="short")["JobRuns"] == [done]


def test_a_clean_stop_ends_job_and_jvm_and_tells_so(own_cloud: Instance) -> None:
    create_job(own_cloud, "long", "import time\ntime.sleep(600)")
    run_id = start(own_cloud, "long")
    until(own_cloud, "long", run_id, "RUNNING")
    running = children(own_cloud)

    own_cloud.stop()

    assert [process for process in running if is_alive(process)] == []
    own_cloud.start()
    run = until(own_cloud, "long", run_id, "FAILED")
    assert "was stopped while this run was RUNNING" in run["ErrorMessage"]


def test_stopping_one_instance_leaves_another_alone(
    own_cloud: Instance, tmp_path: Path, toolchain: Path
) -> None:
    other = Instance(tmp_path / "other", toolchain).start()
    try:
        own_cloud.client("s3").create_bucket(Bucket="here-only")
        assert other.client("s3").list_buckets()["Buckets"] == []
        own_cloud.stop()
        other.client("s3").create_bucket(Bucket="still-here")
    finally:
        other.stop()
