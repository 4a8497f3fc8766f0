"""Each write of a job is one Delta commit with a marker of its own, so that a resumed job skips it.

A marker is (txnAppId `<epoch>/<table>/<step>`, txnVersion = batch number). The commit's userMetadata says
which manifest it belongs to: a marker of another manifest means that the ledger was lost or restored over
tables that were kept, and skipping would swallow a batch.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from pyspark.sql import DataFrame, SparkSession

from lakehouse.delta_log import marker_metadata, read_snapshot
from lakehouse.errors import BatchNumberReused
from lakehouse.manifest import Batch
from lakehouse.settings import with_settings
from lakehouse.tables import Table

_TXN_APP_ID = "spark.databricks.delta.write.txnAppId"
_TXN_VERSION = "spark.databricks.delta.write.txnVersion"
USER_METADATA = "spark.databricks.delta.commitInfo.userMetadata"


@dataclass(frozen=True)
class Step:
    """One write of a batch to one table."""

    table: Table
    app_id: str
    number: int
    metadata: str

    @classmethod
    def of(cls, batch: Batch, table: Table, name: str) -> "Step":
        """The step `name` on `table` in this batch."""
        metadata = {"batch": batch.number, "epoch": batch.epoch, "manifestHash": batch.manifest_hash}
        return cls(table, f"{batch.epoch}/{table.name}/{name}", batch.number, json.dumps(metadata))

    def is_done(self, spark: SparkSession, pinned: int) -> bool:
        """Whether an earlier attempt at this batch has committed the step; `pinned` is the version before
        the batch.

        Raises:
            BatchNumberReused: if the table holds this number or a later one from another manifest.
        """
        marker = read_snapshot(spark, self.table.path).marker(self.app_id)
        if marker is None or marker < self.number:
            return False
        metadata = marker_metadata(spark, self.table.path, self.app_id, marker, since=pinned)
        if (
            marker == self.number
            and metadata.get("manifestHash") == json.loads(self.metadata)["manifestHash"]
        ):
            return True
        raise BatchNumberReused(
            f"table {self.table.name} already holds batch {marker} of another manifest, this is batch "
            f"{self.number}; see the runbook: start a new log epoch above the tables' numbers"
        )

    def append(self, rows: DataFrame) -> None:
        """Append rows to the table as this step's commit."""
        (
            rows.write.format("delta")
            .mode("append")
            .option("txnAppId", self.app_id)
            .option("txnVersion", str(self.number))
            .option("userMetadata", self.metadata)
            .save(self.table.path)
        )

    @contextmanager
    def as_commit(self, spark: SparkSession) -> Iterator[None]:
        """Make the MERGE inside the block this step's commit.

        The settings are the session's: one that leaked would silently skip a later write, so they end with
        the block.
        """
        settings = {_TXN_APP_ID: self.app_id, _TXN_VERSION: str(self.number), USER_METADATA: self.metadata}
        with with_settings(spark, settings):
            yield
