"""Creating and running Glue jobs in tests."""

import io
import uuid
import zipfile
from typing import Any

from instances import Instance, wait_for

BUCKET = "glue-artefacts"
DELTA_CONF = (
    "spark.sql.extensions=io.delta.sql.DeltaSparkSessionExtension "
    "--conf spark.sql.catalog.spark_catalog=org.apache.spark.sql.delta.catalog.DeltaCatalog"
)


def upload(cloud: Instance, body: bytes, suffix: str) -> str:
    """Put an artefact under a key of its own; its URI."""
    key = f"{uuid.uuid4().hex}{suffix}"
    cloud.client("s3").create_bucket(Bucket=BUCKET)
    cloud.client("s3").put_object(Bucket=BUCKET, Key=key, Body=body)
    return f"s3://{BUCKET}/{key}"


def package(**modules: str) -> bytes:
    """A zip of Python modules."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        for name, source in modules.items():
            file.writestr(f"{name}.py", source)
    return archive.getvalue()


def create_job(cloud: Instance, name: str, script: str, **arguments: str) -> None:
    """A job that runs ``script``; names of arguments are given with _ for -."""
    given = {f"--{key.replace('_', '-')}": value for key, value in arguments.items()}
    cloud.client("glue").create_job(
        Name=name,
        Role="arn:aws:iam::000000000000:role/any",
        Command={"Name": "glueetl", "ScriptLocation": upload(cloud, script.encode(), ".py")},
        DefaultArguments={"--datalake-formats": "delta", **given},
        GlueVersion="5.1",
    )


def start(cloud: Instance, name: str, **request: Any) -> str:
    """The id of a new run."""
    return str(cloud.client("glue").start_job_run(JobName=name, **request)["JobRunId"])


def state(cloud: Instance, name: str, run_id: str) -> str:
    """The state of a run."""
    return str(job_run(cloud, name, run_id)["JobRunState"])


def job_run(cloud: Instance, name: str, run_id: str) -> dict[str, Any]:
    """A run as GetJobRun tells it."""
    run: dict[str, Any] = cloud.client("glue").get_job_run(JobName=name, RunId=run_id)["JobRun"]
    return run


def until(cloud: Instance, name: str, run_id: str, *states: str) -> dict[str, Any]:
    """The run once it is in one of ``states``."""
    wait_for(lambda: state(cloud, name, run_id) in states, f"{name} to be {states}", seconds=120)
    return job_run(cloud, name, run_id)


def ended(cloud: Instance, name: str, **request: Any) -> dict[str, Any]:
    """Run a job to its end."""
    run_id = start(cloud, name, **request)
    return until(cloud, name, run_id, "SUCCEEDED", "FAILED", "TIMEOUT", "STOPPED")


def log(cloud: Instance, run: dict[str, Any], group: str = "output") -> list[str]:
    """The lines of a run's log."""
    events = cloud.client("logs").get_log_events(
        logGroupName=f"/aws-glue/jobs/{group}", logStreamName=run["Id"], startFromHead=True
    )["events"]
    return [event["message"] for event in events]
