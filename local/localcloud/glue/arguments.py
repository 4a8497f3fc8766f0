"""What the arguments of a job and of a run mean.

https://docs.aws.amazon.com/glue/latest/dg/aws-glue-programming-etl-glue-arguments.html
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

# Glue keeps these to itself; the script never sees them.
RESERVED = frozenset(
    {
        "--additional-python-modules",
        "--auto-scale-within-microbatch",
        "--class",
        "--conf",
        "--continuous-log-conversionPattern",
        "--continuous-log-logGroup",
        "--continuous-log-logStreamPrefix",
        "--datalake-formats",
        "--enable-auto-scaling",
        "--enable-continuous-cloudwatch-log",
        "--enable-continuous-log-filter",
        "--enable-glue-datacatalog",
        "--enable-job-insights",
        "--enable-metrics",
        "--enable-observability-metrics",
        "--enable-spark-ui",
        "--extra-files",
        "--extra-jars",
        "--extra-py-files",
        "--job-language",
        "--scriptLocation",
        "--spark-event-logs-path",
    }
)

# docs.aws.amazon.com/glue/latest/dg/monitor-continuous-logging.html
DEFAULT_LOG_PREFIX = "/aws-glue/jobs"


class BadArgumentError(Exception):
    """An argument of a job cannot be understood."""


@dataclass(frozen=True)
class ResolvedRun:
    """A run's arguments in force: the job's defaults, replaced by the run's own."""

    script: str
    py_files: tuple[str, ...]
    spark_settings: Mapping[str, str]
    has_delta: bool
    script_arguments: tuple[str, ...]
    log_prefix: str


def spark_settings(conf: str) -> dict[str, str]:
    """The settings in the one ``--conf`` argument that Glue allows: ``a=b --conf c=d``."""
    settings = {}
    for part in re.split(r"(?:^|\s+)--conf\s+", conf.strip()):
        name, equals, value = part.strip().partition("=")
        if part.strip() and not (equals and name):
            raise BadArgumentError(f"--conf holds {part.strip()!r}; write name=value --conf name=value ...")
        if name:
            settings[name] = value
    return settings


def resolve(script_location: str, defaults: Mapping[str, str], own: Mapping[str, str]) -> ResolvedRun:
    """Put the arguments of a job and of one of its runs together; raise BadArgumentError."""
    merged = {**defaults, **own}
    files = merged.get("--extra-py-files", "")
    passed = [(name, str(value)) for name, value in merged.items() if name not in RESERVED]
    return ResolvedRun(
        script=merged.get("--scriptLocation", script_location),
        py_files=tuple(file.strip() for file in files.split(",") if file.strip()),
        spark_settings=spark_settings(merged.get("--conf", "")),
        has_delta="delta" in merged.get("--datalake-formats", "").split(","),
        script_arguments=tuple(word for pair in passed for word in pair),
        log_prefix=merged.get("--custom-logGroup-prefix", DEFAULT_LOG_PREFIX),
    )
