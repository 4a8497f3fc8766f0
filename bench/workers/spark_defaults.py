"""Writes the Spark settings that a Glue job has on the local cloud: those of the local cloud, and those that
resources/jobs.yml gives the job. Arguments: folder to write them to, folder for Spark's temporary files,
folder of the jars, endpoint of S3. Runs on the local cloud's Python, the jobs do not."""

import sys
from pathlib import Path

import yaml

from localcloud.glue.arguments import spark_settings
from localcloud.glue.spark import write_configuration

JOBS = Path(__file__).resolve().parents[2] / "resources" / "jobs.yml"


def job_settings() -> dict[str, str]:
    """The settings in `--conf` of the jobs, which share them."""
    jobs = yaml.safe_load(JOBS.read_text())["Resources"].values()
    confs = {
        job["Properties"]["DefaultArguments"]["--conf"] for job in jobs if job["Type"] == "AWS::Glue::Job"
    }
    (conf,) = confs
    return spark_settings(conf)


if __name__ == "__main__":
    folder, home, jars = map(Path, sys.argv[1:4])
    write_configuration(folder, sys.argv[4], home, jars)
    with (folder / "spark-defaults.conf").open("a") as file:
        file.writelines(f"{name} {value}\n" for name, value in job_settings().items())
