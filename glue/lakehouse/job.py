"""One run of one dataset's job: reads a batch, and writes what the transform decided, step by step.

Order of the writes, each its own commit: rejects, new orphans, result `prepared`, merge (the commit point),
settled orphans removed, result `published`. A table with nothing to change gets no commit. Everything is a
function of the manifest and of the parents' pinned versions, so a run after a crash repeats the decisions and
skips the steps whose markers are there.
"""

from collections.abc import Callable

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from lakehouse.arrivals import Arrivals, clean_copies, judge_files
from lakehouse.candidates import confirmation_rows
from lakehouse.confirmations import repeated_files
from lakehouse.contract import load_contract
from lakehouse.counts import count_states
from lakehouse.decide import Decision, decide
from lakehouse.delta_log import read_snapshot
from lakehouse.documents import Documents, write_json
from lakehouse.errors import InvalidDocument
from lakehouse.kept_files import KeptFiles
from lakehouse.key_spans import KeySpan, key_spans, within
from lakehouse.lease import Lease
from lakehouse.local_rows import local_rows
from lakehouse.manifest import read_batch, storage_root
from lakehouse.merge import change_rejects, merge_rows, remove_rows
from lakehouse.outcome import orphans_to_remove, rows_to_merge, rows_to_reject, rows_to_wait
from lakehouse.parent_versions import pin_parents
from lakehouse.progress import Progress
from lakehouse.reject_rate import RULE
from lakehouse.replay import Record, read_record, reject_changes
from lakehouse.settings import Settings, pin_session
from lakehouse.steps import Step
from lakehouse.tables import Table, describe_table, ensure_tables, read_version, tables_of
from lakehouse.transform import Inputs

_BROADCAST_BYTES = 128 * 1024 * 1024
# Ranking a stored row takes 20 to 30 microseconds of processor time. Below this a whole table costs less than
# the query that learns the batch's keys.
_SMALL_TABLE_BYTES = 1024 * 1024
# From here on counting the batch's keys costs less than sorting its rows.
_LARGE_BATCH_BYTES = 8 * 1024 * 1024


class Job:
    """A run. `read` first, then `write`; both raise the errors of lakehouse.errors or whatever Spark
    raises."""

    def __init__(
        self,
        spark: SparkSession,
        settings: Settings,
        documents: Documents,
        files: KeptFiles,
        lease: Lease,
        progress: Progress,
    ) -> None:
        pin_session(spark)
        lease.check()
        self._spark, self._settings, self._documents = spark, settings, documents
        self._files = files
        self._lease, self._progress = lease, progress
        self._contract = load_contract(settings.dataset)
        self._batch = read_batch(
            documents, settings.manifest, settings.manifest_hash, settings.dataset, settings.warehouse
        )
        if self._batch.kind != "load":
            raise InvalidDocument(f"{settings.manifest} is not of a load, there is nothing in it to load")
        self._batch_bytes = sum(file.size for file in self._batch.files)
        self._root = storage_root(settings.warehouse)
        tables = tables_of(self._contract, self._root, additive=self._batch.additive)
        self._table, self._rejects = tables[0], tables[1]
        self._orphans = tables[2] if self._contract.foreign_keys else None
        self._tables = tables
        self._arrivals = Arrivals()
        self._record: Record | None = None
        self._parent_versions: dict[str, int] = {}
        self._done: set[str] = set()

    def read(self) -> Inputs:
        """Bring the tables into shape, count the files' lines and return what the transform needs."""
        ensure_tables(self._spark, self._tables, self._batch.undo_days)
        self._done = {step.app_id for step in self._steps().values() if self._is_done(step)}
        self._progress.done("tables ready")
        batch = self._batch
        only_batch_keys = self._is_worth_cutting()
        self._arrivals = judge_files(
            self._spark, batch, self._contract, self._documents, self._progress, once=only_batch_keys
        )
        judged = self._arrivals.judged
        stored, orphans = self._pinned(self._table), self._pinned(self._orphans) if self._orphans else None
        batch_rows = [rows for rows in (judged, orphans) if rows is not None]
        spans = key_spans(batch_rows, self._contract) if only_batch_keys else {}
        self._record = read_record(
            self._spark,
            [file for file in batch.files if file.file_id in self._arrivals.read],
            batch.planned_at,
            stored=stored,
            orphans=orphans,
            rejects=self._pinned(self._rejects),
        )
        return Inputs(
            contract=self._contract,
            planned_at=batch.planned_at,
            orphan_max_age_days=batch.orphan_max_age_days,
            judged=judged,
            stored=within(stored, self._contract.primary_key, spans) if stored is not None else None,
            orphans=orphans,
            parents=self._parents(spans) if judged is not None or orphans is not None else {},
            confirmations=confirmation_rows(self._spark, batch.confirmations),
            record=self._record,
            only_batch_keys=only_batch_keys,
            is_large=self._batch_bytes >= _LARGE_BATCH_BYTES,
        )

    def write(self, classified: DataFrame | None) -> None:
        """Write the rows where they belong and publish the result document."""
        if classified is None:
            self._clean_copies()
            self._write_result(self._decide(None), published=True)
            return
        decision = self._decide(classified)
        self._progress.done("rows classified", **_totals(decision))
        self._lease.check()
        self._write_rejects_and_orphans(classified, decision)
        self._write_result(decision, published=False)
        self._lease.check()
        self._merge(classified, decision)
        self._clean_copies()
        self._write_result(decision, published=True)

    def _clean_copies(self) -> None:
        erased = self._batch.erased
        if erased is not None and self._arrivals.erased:
            key = self._documents.get(erased.key_uri)
            clean_copies(self._arrivals, self._batch, self._contract, self._files, key)

    def _is_worth_cutting(self) -> bool:
        """Whether to look up the batch's keys first, and read only what may hold them from the tables. It is
        where one of those is larger than the batch."""
        keys = self._contract.foreign_keys
        paths = [self._table.path, *(f"{self._root}/{key.dataset}" for key in keys)]
        least = max(_SMALL_TABLE_BYTES, self._batch_bytes)
        return self._batch_bytes <= _BROADCAST_BYTES and any(
            read_snapshot(self._spark, path).size > least for path in paths
        )

    def _decide(self, classified: DataFrame | None) -> Decision:
        counts = count_states(classified) if classified is not None else []
        candidates = repeated_files(counts, (file.file_id for file in self._batch.files))
        in_table: dict[str, int] = {}
        stored = self._pinned(self._table)
        if candidates and stored is not None:
            rows = stored.where(F.col("_file").isin(*sorted(candidates))).groupBy("_file").count().collect()
            in_table = {row["_file"]: row["count"] for row in rows}
        return decide(counts, self._arrivals, candidates, in_table, self._batch, self._contract)

    def _write_rejects_and_orphans(self, classified: DataFrame, decision: Decision) -> None:
        batch, contract, confirmed = self._batch, self._contract, set(decision.confirmations)
        steps = self._steps()
        rejects = rows_to_reject(
            classified, contract, batch.number, batch.planned_at, batch.orphan_max_age_days
        )
        if self._record is not None:
            self._replace_rejects(rejects, self._record)
        elif decision.to_reject:
            self._once(steps["rejects"], lambda: steps["rejects"].append(rejects))
        if decision.to_wait:
            orphans = rows_to_wait(classified, contract, confirmed, batch.number)
            self._once(steps["orphans"], lambda: steps["orphans"].append(orphans))

    def _replace_rejects(self, rejects: DataFrame, record: Record) -> None:
        """Write what differs from the rejects on record, which may be nothing."""
        changes = reject_changes(rejects, record).localCheckpoint()
        if changes.isEmpty():
            return
        path, step = self._rejects.path, self._steps()["replaced rejects"]

        def replace() -> None:
            with step.as_commit(self._spark):
                change_rejects(self._spark, path, changes)

        self._once(step, replace)

    def _merge(self, classified: DataFrame, decision: Decision) -> None:
        confirmed, steps = set(decision.confirmations), self._steps()
        if decision.to_insert or decision.to_update:
            rows = rows_to_merge(classified, self._contract, confirmed, self._batch.number)

            def merge() -> None:
                with steps["merge"].as_commit(self._spark):
                    merge_rows(
                        self._spark,
                        self._table.path,
                        rows,
                        self._contract,
                        only_new_keys=not decision.to_update,
                    )

            self._once(steps["merge"], merge)
        if decision.to_remove and self._orphans:
            path, settled = self._orphans.path, orphans_to_remove(classified, confirmed)

            def remove() -> None:
                with steps["settle"].as_commit(self._spark):
                    remove_rows(self._spark, path, settled)

            self._once(steps["settle"], remove)

    def _write_result(self, decision: Decision, *, published: bool) -> None:
        document = {
            "dataset": self._settings.dataset,
            "number": self._batch.number,
            "manifestHash": self._batch.manifest_hash,
            "jobRunId": self._settings.job_run_id,
            "status": "published" if published else "prepared",
            "files": decision.files,
            "rejectedFiles": [
                {"fileId": file, "reasons": [{"rule": RULE, "column": None, "message": message}]}
                for file, message in self._arrivals.over_rate.items()
            ],
            "redriven": decision.redriven,
            "rejectedByRule": decision.rejects,
            **({"repeatedBefore": decision.repeated} if decision.repeated else {}),
            "confirmations": decision.confirmations,
            "orphans": decision.orphans,
            "parents": self._parent_versions,
            "tables": [describe_table(self._spark, table) for table in self._tables] if published else [],
        }
        # Each has its key: what a run that was given up prepares late must not take the place of what the
        # next one has published, since once the files are archived no run could publish again.
        folder = "results" if published else "prepared"
        write_json(self._documents, f"{self._batch.prefix}{folder}/{self._settings.dataset}.json", document)
        self._progress.done(f"result {document['status']}")

    def _steps(self) -> dict[str, Step]:
        steps = {
            "rejects": Step.of(self._batch, self._rejects, "append"),
            "replaced rejects": Step.of(self._batch, self._rejects, "replace"),
            "merge": Step.of(self._batch, self._table, "merge"),
        }
        if self._orphans:
            steps["orphans"] = Step.of(self._batch, self._orphans, "append")
            steps["settle"] = Step.of(self._batch, self._orphans, "settle")
        return steps

    def _is_done(self, step: Step) -> bool:
        pinned = self._batch.tables.get(step.table.name)
        return step.is_done(self._spark, -1 if pinned is None else pinned)

    def _once(self, step: Step, write: Callable[[], None]) -> None:
        done_before = step.app_id in self._done
        if not done_before:
            write()
        self._progress.done(f"{step.table.name} written", skipped=done_before)

    def _pinned(self, table: Table) -> DataFrame | None:
        version = self._batch.tables.get(table.name)
        if not version:  # not created yet, or as it was created: empty
            return None
        return read_version(self._spark, table, version)

    def _parents(self, spans: dict[str, KeySpan]) -> dict[str, DataFrame]:
        paths = {key.dataset: f"{self._root}/{key.dataset}" for key in self._contract.foreign_keys}
        snapshots = {name: read_snapshot(self._spark, path) for name, path in paths.items()}
        seen = {name: snapshot.version for name, snapshot in snapshots.items()}
        if seen:
            self._parent_versions = pin_parents(self._documents, self._batch, seen)
        parents = {}
        for key in self._contract.foreign_keys:
            version = self._parent_versions[key.dataset]
            if version < 0:
                parents[key.column] = local_rows(self._spark, [], "parent string")
                continue
            table = self._spark.read.format("delta").option("versionAsOf", version).load(paths[key.dataset])
            span = {key.parent_key: spans[key.column]} if spans else {}
            rows = within(table.select(key.parent_key), key.parent_key, span)
            small = snapshots[key.dataset].size <= _BROADCAST_BYTES
            parents[key.column] = F.broadcast(rows) if small else rows
        return parents


def _totals(decision: Decision) -> dict[str, object]:
    totals: dict[str, int] = {}
    for file in decision.files:
        for name, rows in file["rows"].items():
            totals[name] = totals.get(name, 0) + rows
    return {**totals, "redriven": len(decision.redriven), "confirmed": len(decision.confirmations)}
