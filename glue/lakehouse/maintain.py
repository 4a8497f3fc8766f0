"""Maintains tables: compacts small files, partition by partition, and removes files of no use to anybody.

Neither changes a row, so the commits have no marker, and their userMetadata names the entry but not its
manifest: a withdrawal or rollback may go back over them. Each partition is a commit of its own, so a run that
is cut off loses one; the next finds in the table's history what is done. Readers keep the files of the
version that they read: compaction leaves them where they are, and VACUUM takes only those that no version of
the undo window has.
"""

import json
import time
from collections.abc import Callable
from datetime import datetime, timezone
from typing import Any

from delta.tables import DeltaTable
from pyspark.sql import SparkSession

from lakehouse.contract import Contract, load_contract
from lakehouse.delta_log import Commit, commits_since, read_snapshot
from lakehouse.documents import Documents, read_json, write_json
from lakehouse.errors import DocumentMissing, InvalidDocument
from lakehouse.lease import Lease
from lakehouse.maintenance_plan import Partition, TableWork, until
from lakehouse.manifest import Batch, read_batch, storage_root
from lakehouse.progress import Progress
from lakehouse.settings import Settings, pin_session, with_settings
from lakehouse.steps import USER_METADATA
from lakehouse.tables import Table, describe_table, keep_for, tables_of, vacuum

_HOURS_PER_DAY = 24


def is_maintained(documents: Documents, settings: Settings) -> bool:
    """Tell whether an earlier run has maintained the dataset's tables.

    Raises:
        InvalidDocument: the document is not JSON.
        ServiceUnavailable: the document could not be read.
    """
    try:
        document = read_json(documents, _document(settings))
    except DocumentMissing:
        return False
    return bool(document["manifestHash"] == settings.manifest_hash)


def utc_now() -> datetime:
    """The clock that the budget is measured with."""
    return datetime.now(timezone.utc)


def maintain(
    spark: SparkSession,
    settings: Settings,
    documents: Documents,
    lease: Lease,
    progress: Progress,
    now: Callable[[], datetime] = utc_now,
) -> None:
    """Maintain the dataset's tables as far as the budget reaches and write maintained/<dataset>.json.

    Raises:
        InvalidDocument: if the manifest is of no maintenance.
        LeaseLost: before the first commit that is not made.
    """
    pin_session(spark)
    lease.check()
    batch = read_batch(
        documents, settings.manifest, settings.manifest_hash, settings.dataset, settings.warehouse
    )
    if batch.maintenance is None:
        raise InvalidDocument(
            f"{settings.manifest} is not of maintenance, there is nothing in it to maintain"
        )
    contract = load_contract(settings.dataset)
    run = _Run(spark, batch, contract, lease, progress, now)
    work = {table.name: table for table in batch.maintenance.tables}
    tables = tables_of(contract, storage_root(settings.warehouse), additive=False)
    mine = [table for table in tables if table.name in work]
    maintained = [run.maintain(table, work[table.name]) for table in mine]
    document = {
        "dataset": settings.dataset,
        "number": batch.number,
        "manifestHash": batch.manifest_hash,
        "jobRunId": settings.job_run_id,
        "tables": [describe_table(spark, table) for table in mine],
        "maintained": maintained,
    }
    write_json(documents, _document(settings), document)
    progress.done("maintenance published")


class _Run:
    """One run on the tables of a dataset."""

    def __init__(
        self,
        spark: SparkSession,
        batch: Batch,
        contract: Contract,
        lease: Lease,
        progress: Progress,
        now: Callable[[], datetime],
    ) -> None:
        if batch.maintenance is None or batch.undo_days is None:
            raise InvalidDocument(f"entry {batch.number} says nothing of maintenance or its undo window")
        self._spark, self._batch, self._contract = spark, batch, contract
        self._lease, self._progress, self._now = lease, progress, now
        self._plan, self._undo_days = batch.maintenance, batch.undo_days

    def maintain(self, table: Table, work: TableWork) -> dict[str, Any]:
        """Compact and vacuum one table; what was done as the document says it."""
        started = time.monotonic()
        self._lease.check()
        keep_for(self._spark, table, self._undo_days)
        done = {_partition_of(commit) for commit in self._commits(table) if commit.operation == "OPTIMIZE"}
        open_partitions = [partition for partition in work.partitions if partition.values not in done]
        for partition in until(self._plan.deadline, open_partitions, self._now):
            self._lease.check()
            self._compact(table, partition)
            done.add(partition.values)
            self._progress.done(f"{table.name} compacted", z_order=partition.z_order)
        if work.vacuum and self._removed(table) is None:
            for _ in until(self._plan.deadline, [work], self._now):
                self._lease.check()
                self._vacuum(table)
                self._progress.done(f"{table.name} vacuumed")
        removed = self._removed(table)
        after = read_snapshot(self._spark, table.path)
        return {
            "name": table.name,
            "filesBefore": work.files,
            "filesAfter": after.files,
            "bytesBefore": work.size,
            "bytesAfter": after.size,
            "partitionsDone": sum(partition.values in done for partition in work.partitions),
            "partitionsLeft": sum(partition.values not in done for partition in work.partitions),
            "vacuum": "NOT_DUE" if not work.vacuum else "LEFT" if removed is None else "DONE",
            "filesRemoved": removed or 0,
            "seconds": round(time.monotonic() - started, 2),
        }

    def _compact(self, table: Table, partition: Partition) -> None:
        sizes = {
            "spark.databricks.delta.optimize.minFileSize": str(self._plan.small_bytes),
            "spark.databricks.delta.optimize.maxFileSize": str(self._plan.target_file_bytes),
        }
        with with_settings(self._spark, {**self._tag(dict(partition.values)), **sizes}):
            optimize = DeltaTable.forPath(self._spark, table.path).optimize()
            chosen = optimize.where(partition.predicate) if partition.predicate else optimize
            key = self._contract.column(self._contract.primary_key)
            # Delta orders by columns with statistics only, and a person's data has none in the log.
            if partition.z_order and not key.pii:
                chosen.executeZOrderBy(key.name)
            else:
                chosen.executeCompaction()

    def _vacuum(self, table: Table) -> None:
        with with_settings(self._spark, self._tag(None)):
            vacuum(self._spark, table, self._undo_days * _HOURS_PER_DAY)

    def _tag(self, values: dict[str, str | None] | None) -> dict[str, str]:
        entry = {"batch": self._batch.number, "epoch": self._batch.epoch}
        return {USER_METADATA: json.dumps(entry if values is None else {**entry, "partition": values})}

    def _commits(self, table: Table) -> list[Commit]:
        """The commits of this entry, which may be those of a run before."""
        planned = self._batch.tables.get(table.name) or 0
        return [
            commit
            for commit in commits_since(self._spark, table.path, planned)
            if commit.metadata.get("batch") == self._batch.number
        ]

    def _removed(self, table: Table) -> int | None:
        """Files that this entry's VACUUM has removed; None before it has ended."""
        ended = [commit for commit in self._commits(table) if commit.operation == "VACUUM END"]
        return sum(int(commit.metrics.get("numDeletedFiles", 0)) for commit in ended) if ended else None


def _partition_of(commit: Commit) -> tuple[tuple[str, str | None], ...]:
    return tuple(sorted(commit.metadata.get("partition", {}).items()))


def _document(settings: Settings) -> str:
    return f"{settings.prefix}maintained/{settings.dataset}.json"
