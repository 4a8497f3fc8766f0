"""Takes a batch back: every table of the dataset that it has changed returns to the version before it.

A rollback does the same with older versions: its manifest names them.

RESTORE reverts rows and schema, not markers, which need not go: the next batch has a greater number. It is a
commit of its own, so what was withdrawn stays in the table's history, and it sets no marker: the commit's
userMetadata tells a later run that it is done. Without a marker Delta cannot refuse it either: a run that
was given up on and stood still between its lease check and its RESTORE would take later batches with it. So
a run looks at what it went back over, and puts that back.
"""

from delta.tables import DeltaTable
from pyspark.sql import SparkSession

from lakehouse.contract import load_contract
from lakehouse.delta_log import Commit, commits_since, read_snapshot
from lakehouse.documents import Documents, read_json, write_json
from lakehouse.errors import BatchNumberReused, DocumentMissing, InvalidDocument, LeaseLost
from lakehouse.lease import Lease
from lakehouse.manifest import Batch, read_batch, storage_root
from lakehouse.progress import Progress
from lakehouse.settings import Settings, pin_session
from lakehouse.steps import Step
from lakehouse.tables import Table, describe_table, tables_of

_RESTORE = "RESTORE"


def is_withdrawn(documents: Documents, settings: Settings) -> bool:
    """Tell whether an earlier run has restored the dataset's tables.

    Raises:
        InvalidDocument: the document is not JSON.
        ServiceUnavailable: the document could not be read.
    """
    try:
        document = read_json(documents, _document(settings))
    except DocumentMissing:
        return False
    return bool(document["manifestHash"] == settings.manifest_hash)


def withdraw(
    spark: SparkSession, settings: Settings, documents: Documents, lease: Lease, progress: Progress
) -> None:
    """Restore the dataset's tables and write restored/<dataset>.json.

    Raises:
        BatchNumberReused: if a table has a commit of another batch since the plan; going back would swallow
            it.
        LeaseLost: before the first table that is not restored, or after one whose later batches were put
            back.
    """
    pin_session(spark)
    lease.check()
    batch = read_batch(
        documents, settings.manifest, settings.manifest_hash, settings.dataset, settings.warehouse
    )
    if batch.kind in ("maintenance", "erasure"):
        raise InvalidDocument(f"{settings.manifest} is of {batch.kind}, there is nothing in it to take back")
    tables = [
        table
        for table in tables_of(
            load_contract(settings.dataset), storage_root(settings.warehouse), additive=False
        )
        if read_snapshot(spark, table.path).version >= 0
    ]
    for table in tables:
        restored = _restore(spark, batch, table, lease)
        progress.done(f"{table.name} restored", skipped=not restored)
    document = {
        "dataset": settings.dataset,
        "number": batch.number,
        "manifestHash": batch.manifest_hash,
        "jobRunId": settings.job_run_id,
        "tables": [describe_table(spark, table) for table in tables],
    }
    write_json(documents, _document(settings), document)
    progress.done("restoration published")


def _restore(spark: SparkSession, batch: Batch, table: Table, lease: Lease) -> bool:
    """Return the table to its version; False where it has nothing to undo, or is back already."""
    # What created a table cannot be undone: it goes back to being empty.
    planned = batch.tables.get(table.name) or 0
    version = planned if batch.restore is None else batch.restore.get(table.name)
    commits = commits_since(spark, table.path, planned)
    _require_own(commits, batch, table)
    is_back = bool(commits) and _is_restore(commits[-1], batch)
    if version is None or is_back or (batch.restore is None and not commits):
        return False
    lease.check()
    with Step.of(batch, table, "withdraw").as_commit(spark):
        DeltaTable.forPath(spark, table.path).restoreToVersion(version)
        _put_back_later_batches(spark, batch, table, since=planned + len(commits))
    return True


def _put_back_later_batches(spark: SparkSession, batch: Batch, table: Table, since: int) -> None:
    """Undo this run's RESTORE if other batches have committed after version `since`, which it saw last."""
    commits = commits_since(spark, table.path, since)
    *swallowed, last = commits
    if all(_is_own(commit, batch) for commit in swallowed):
        return
    if not _is_restore(last, batch):
        raise BatchNumberReused(
            f"table {table.name} has gone back over later batches and others have been loaded since: see its "
            f"history after version {since}, and the runbook"
        )
    DeltaTable.forPath(spark, table.path).restoreToVersion(since + len(swallowed))
    raise LeaseLost(
        f"table {table.name} went on while this job stood still: its state before this job went back, "
        f"version {since + len(swallowed)}, is there again; nothing is left to do"
    )


def _is_restore(commit: Commit, batch: Batch) -> bool:
    return commit.operation == _RESTORE and commit.metadata.get("manifestHash") == batch.manifest_hash


def _is_own(commit: Commit, batch: Batch) -> bool:
    """Whether it is of this batch, or of no batch at all: maintenance changes no row."""
    return bool(commit.metadata.get("manifestHash", batch.manifest_hash) == batch.manifest_hash)


def _require_own(commits: list[Commit], batch: Batch, table: Table) -> None:
    for commit in commits:
        if not _is_own(commit, batch):
            raise BatchNumberReused(
                f"table {table.name} has a commit of batch {commit.metadata.get('batch')} after the version "
                f"that batch {batch.number} was planned on: going back would swallow it; nothing was restored"
            )


def _document(settings: Settings) -> str:
    return f"{settings.prefix}restored/{settings.dataset}.json"
