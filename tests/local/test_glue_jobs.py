import json
from pathlib import Path

import pytest
from botocore.exceptions import ClientError

from fault_rules import put_rule
from glue_jobs import DELTA_CONF, create_job, ended, job_run, log, package, start, state, until, upload
from instances import PROJECT, Instance, wait_for

DELTA_SCRIPT = """
import json, sys
from awsglue.utils import getResolvedOptions
from pyspark.sql import SparkSession
from delta.tables import DeltaTable
from shipped import WORD

options = getResolvedOptions(sys.argv, ["JOB_NAME", "target"])
spark = SparkSession.builder.getOrCreate()
spark.range(5).write.format("delta").mode("overwrite").save(options["target"])
print(json.dumps({
    "job": options["JOB_NAME"],
    "word": WORD,
    "rows": DeltaTable.forPath(spark, options["target"]).toDF().count(),
    "partitions": spark.conf.get("spark.sql.shuffle.partitions"),
    "zone": spark.conf.get("spark.sql.session.timeZone"),
    "arguments": sys.argv[1:],
    "path": sys.path,
}))
"""

SLEEP = "import time\ntime.sleep(600)\n"


def test_a_run_executes_what_its_s3_keys_hold_with_spark_and_delta(cloud: Instance) -> None:
    shipped = upload(cloud, package(shipped="WORD = 'from the zip'"), ".zip")
    cloud.client("s3").create_bucket(Bucket="glue-lake")
    create_job(
        cloud, "delta", DELTA_SCRIPT, target="s3://glue-lake/numbers", extra_py_files=shipped, conf=DELTA_CONF
    )

    run = ended(cloud, "delta")

    assert (run["JobRunState"], run.get("ErrorMessage")) == ("SUCCEEDED", None)
    told = json.loads(log(cloud, run)[-1])
    assert (told["job"], told["word"], told["rows"], told["zone"]) == ("delta", "from the zip", 5, "UTC")
    assert told["arguments"] == [
        *("--JOB_NAME", "delta", "--JOB_RUN_ID", run["Id"], "--target", "s3://glue-lake/numbers")
    ]
    foreign = [PROJECT / ".tools", PROJECT / "local/localcloud/glue/runtime"]
    inside = [Path(entry) for entry in told["path"] if Path(entry).is_relative_to(PROJECT)]
    assert [entry for entry in inside if not any(entry.is_relative_to(allowed) for allowed in foreign)] == []
    listing = cloud.client("s3").list_objects_v2(Bucket="glue-lake", Prefix="numbers/_delta_log/")
    assert listing["KeyCount"] >= 1


def test_settings_of_one_run_do_not_reach_the_next(cloud: Instance) -> None:
    script = """
from pyspark.sql import SparkSession
print(SparkSession.builder.getOrCreate().conf.get("spark.sql.shuffle.partitions"))
"""
    create_job(cloud, "settings", script)

    changed = ended(cloud, "settings", Arguments={"--conf": "spark.sql.shuffle.partitions=7"})
    plain = ended(cloud, "settings")

    assert (log(cloud, changed), log(cloud, plain)) == (["7"], ["4"])


def test_a_run_may_bring_its_own_script(cloud: Instance) -> None:
    create_job(cloud, "own-script", "print('of the job')")
    other = upload(cloud, b"print('of the run')", ".py")

    run = ended(cloud, "own-script", Arguments={"--scriptLocation": other})

    assert log(cloud, run) == ["of the run"]


def test_a_failure_is_told_by_its_exception(cloud: Instance) -> None:
    create_job(cloud, "failing", "print('before')\nraise ValueError('column x is missing')")

    run = ended(cloud, "failing")

    assert (run["JobRunState"], run["ErrorMessage"]) == ("FAILED", "ValueError: column x is missing")
    assert log(cloud, run) == ["before"]
    assert log(cloud, run, "error")[-1] == "ValueError: column x is missing"


def test_a_script_that_is_not_there_fails_with_its_key(cloud: Instance) -> None:
    create_job(cloud, "gone", "pass")

    run = ended(cloud, "gone", Arguments={"--extra-py-files": "s3://glue-artefacts/none.zip"})

    assert run["JobRunState"] == "FAILED"
    assert "s3://glue-artefacts/none.zip cannot be read" in run["ErrorMessage"]


def test_runs_above_the_limit_are_refused_and_a_stopped_run_makes_room(cloud: Instance) -> None:
    create_job(cloud, "single", SLEEP)
    create_job(cloud, "behind", "print('ran')")
    glue = cloud.client("glue")
    first = start(cloud, "single")
    until(cloud, "single", first, "RUNNING")

    with pytest.raises(ClientError, match="ConcurrentRunsExceededException"):
        start(cloud, "single")
    waiting = start(cloud, "behind")
    assert state(cloud, "behind", waiting) == "STARTING"
    answer = glue.batch_stop_job_run(JobName="single", JobRunIds=[first, "jr_none"])

    assert [entry["JobRunId"] for entry in answer["SuccessfulSubmissions"]] == [first]
    assert answer["Errors"][0]["ErrorDetail"]["ErrorCode"] == "EntityNotFoundException"
    until(cloud, "single", first, "STOPPED")
    until(cloud, "behind", waiting, "SUCCEEDED")


def test_a_run_that_waits_for_the_jvm_can_be_stopped(cloud: Instance) -> None:
    create_job(cloud, "holder", SLEEP)
    create_job(cloud, "waiter", "print('ran')")
    holder = start(cloud, "holder")
    until(cloud, "holder", holder, "RUNNING")
    waiter = start(cloud, "waiter")

    cloud.client("glue").batch_stop_job_run(JobName="waiter", JobRunIds=[waiter])

    assert until(cloud, "waiter", waiter, "STOPPED")["LogGroupName"] == "/aws-glue/jobs"
    cloud.client("glue").batch_stop_job_run(JobName="holder", JobRunIds=[holder])
    until(cloud, "holder", holder, "STOPPED")


def test_a_run_longer_than_its_timeout_ends_in_timeout_and_the_next_one_works(cloud: Instance) -> None:
    # Spark is at work when it is cut off: the JVM must not carry that into the next run.
    script = """
from pyspark.sql import SparkSession
import time
SparkSession.builder.getOrCreate().range(3).count()
time.sleep(600)
"""
    create_job(cloud, "slow", script)

    assert ended(cloud, "slow", Timeout=1)["JobRunState"] == "TIMEOUT"

    create_job(cloud, "after", script.replace("time.sleep(600)", "print('worked')"))
    assert log(cloud, ended(cloud, "after")) == ["worked"]


def test_a_counted_fault_fails_that_many_runs(cloud: Instance) -> None:
    create_job(cloud, "faulty", "print('ran')")
    put_rule(cloud, service="glue", operation="JobRun", target="^faulty$", action="fail", times=2)

    runs = [ended(cloud, "faulty") for _ in range(3)]

    assert [run["JobRunState"] for run in runs] == ["FAILED", "FAILED", "SUCCEEDED"]
    assert runs[0]["ErrorMessage"] == "fault injected"
    listed = cloud.client("glue").get_job_runs(JobName="faulty", MaxResults=2)
    assert [run["Id"] for run in listed["JobRuns"]] == [runs[2]["Id"], runs[1]["Id"]]
    rest = cloud.client("glue").get_job_runs(JobName="faulty", NextToken=listed["NextToken"])
    assert [run["Id"] for run in rest["JobRuns"]] == [runs[0]["Id"]]


def test_a_job_that_does_not_exist_has_no_runs(cloud: Instance) -> None:
    with pytest.raises(ClientError, match="EntityNotFoundException"):
        start(cloud, "no-such-job")
    create_job(cloud, "never-run", "pass")
    with pytest.raises(ClientError, match="EntityNotFoundException"):
        job_run(cloud, "never-run", "jr_none")
    assert wait_for(lambda: cloud.client("glue").get_job_runs(JobName="never-run"), "")["JobRuns"] == []
