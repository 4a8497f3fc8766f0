"""A job's arguments, checked once, and the Spark settings that its results depend on."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from pyspark.sql import SparkSession

from lakehouse.errors import InvalidEnvironment

OPERATIONS = ("load", "withdraw", "maintain", "erase")
ARGUMENTS = (
    "OPERATION",
    "DATASET",
    "WAREHOUSE",
    "LEDGER_TABLE",
    "MANIFEST",
    "MANIFEST_HASH",
    "LEASE_OWNER",
    "LEASE_FENCE",
)


@dataclass(frozen=True)
class Settings:
    """Arguments of one run. `operation` is one of OPERATIONS, `prefix` is where the batch's documents lie,
    `number` the batch's number."""

    operation: str
    dataset: str
    warehouse: str
    ledger_table: str
    manifest: str
    manifest_hash: str
    lease_owner: str
    lease_fence: int
    job_run_id: str

    @property
    def prefix(self) -> str:
        """URI of the batch's documents, ending in a slash."""
        return self.manifest.rsplit("/", 1)[0] + "/"

    @property
    def number(self) -> int:
        """The batch number in the prefix; known even where the manifest cannot be read."""
        return int(self.prefix.rstrip("/").rsplit("/", 1)[-1])


def settings_from(options: dict[str, str]) -> Settings:
    """Build the settings from getResolvedOptions' answer.

    Raises:
        InvalidEnvironment: listing every argument that is empty or malformed.
    """
    problems = [f"--{name} is missing" for name in ARGUMENTS if not options.get(name)]
    if options.get("OPERATION", "load") not in OPERATIONS:
        problems.append(f"--OPERATION is none of {', '.join(OPERATIONS)}")
    if not options.get("LEASE_FENCE", "").isdigit():
        problems.append("--LEASE_FENCE is no number")
    directory = options.get("MANIFEST", "").rsplit("/", 2)
    if len(directory) < 3 or not directory[1].isdigit():
        problems.append(
            "--MANIFEST is not of the form s3://bucket/batches/<epoch>/<number>/manifest-<hash>.json"
        )
    if problems:
        raise InvalidEnvironment(f"{'; '.join(problems)}: start the job through the state machine")
    return Settings(
        operation=options["OPERATION"],
        dataset=options["DATASET"],
        warehouse=options["WAREHOUSE"],
        ledger_table=options["LEDGER_TABLE"],
        manifest=options["MANIFEST"],
        manifest_hash=options["MANIFEST_HASH"],
        lease_owner=options["LEASE_OWNER"],
        lease_fence=int(options["LEASE_FENCE"]),
        job_run_id=options.get("JOB_RUN_ID", "unknown"),
    )


def pin_session(spark: SparkSession) -> None:
    """Fix what parsing and line numbers depend on, whatever the cluster's defaults are."""
    pinned = {
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.ansi.enabled": "false",
        "spark.sql.legacy.timeParserPolicy": "CORRECTED",
        "spark.sql.caseSensitive": "false",
        # The JVM interprets a method of more than 8,000 bytes of code for ever. Spark falls back to several
        # smaller ones above its own limit, which is 65,535: judging a million lines took 24 and takes 12 s.
        "spark.sql.codegen.hugeMethodLimit": "8000",
        "spark.sql.parquet.outputTimestampType": "TIMESTAMP_MICROS",
        # The source of a merge is cached and deterministic; Delta need not write it out once more.
        "spark.databricks.delta.merge.materializeSource": "none",
        # Executors that come and go change the default, and with it the blocks that lines are numbered in.
        "spark.sql.files.minPartitionNum": str(max(spark.sparkContext.defaultParallelism, 1)),
    }
    for name, value in pinned.items():
        spark.conf.set(name, value)


@contextmanager
def with_settings(spark: SparkSession, settings: Mapping[str, str]) -> Iterator[None]:
    """Set what holds inside the block only: a setting of one write that leaked would change a later one."""
    try:
        for name, value in settings.items():
            spark.conf.set(name, value)
        yield
    finally:
        for name in settings:
            spark.conf.unset(name)
