"""Takes a person out of a dataset: its kept files, its rows, rejects and orphans, and every older version.

The person is known by a digest (see lakehouse.erased). Rows go that name the person, and with a parent row
the rows that refer to it, whoever they name: so the jobs of children come first, and this one waits for them.
What was found is written down before the first row goes, and all the rest may be repeated: a run that is cut
off is ended by the next. The last step is VACUUM without retention: older versions hold the rows, so they
cannot be read any more.
"""

from dataclasses import dataclass, field
from functools import reduce
from typing import Any

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from lakehouse.contract import Contract, load_contract
from lakehouse.counts import ERASED, FATES
from lakehouse.delta_log import read_snapshot
from lakehouse.documents import Documents, read_json, write_json
from lakehouse.erased import MARK, digest_column, has_value
from lakehouse.erasure_plan import Erasure
from lakehouse.errors import DocumentMissing, InvalidDocument
from lakehouse.kept_files import KeptFiles, Lines, clean
from lakehouse.lease import Lease
from lakehouse.local_rows import local_rows
from lakehouse.manifest import Batch, read_batch, storage_root
from lakehouse.merge import remove_rows
from lakehouse.progress import Progress
from lakehouse.settings import Settings, pin_session
from lakehouse.steps import Step
from lakehouse.tables import Table, describe_table, tables_of, vacuum

_LINE = ("_file", "_line")


def is_erased(documents: Documents, settings: Settings) -> bool:
    """Tell whether an earlier run has erased the person from the dataset.

    Raises:
        InvalidDocument: the document is not JSON.
        ServiceUnavailable: the document could not be read.
    """
    return _find(documents, settings, "erased", settings.dataset) is not None


def erase(
    spark: SparkSession,
    settings: Settings,
    documents: Documents,
    files: KeptFiles,
    lease: Lease,
    progress: Progress,
) -> None:
    """Erase the person from the dataset and write erased/<dataset>.json.

    Raises:
        DocumentMissing: if the job of a child is not done, or the key is not there.
        InvalidDocument: if the manifest is of no erasure.
        LeaseLost: before the first change that is not made.
    """
    pin_session(spark)
    lease.check()
    batch = read_batch(
        documents, settings.manifest, settings.manifest_hash, settings.dataset, settings.warehouse
    )
    if batch.erasure is None:
        raise InvalidDocument(f"{settings.manifest} is not of an erasure, there is nobody in it to erase")
    for child in batch.erasure.children:
        if _find(documents, settings, "erased", child) is None:
            raise DocumentMissing(f"{settings.prefix}erased/{child}.json: that job has to be done before")
    contract, root = load_contract(settings.dataset), storage_root(settings.warehouse)
    person = _Person(spark, batch.erasure, documents.get(batch.erasure.key_uri), root)
    tables = [
        table
        for table in tables_of(contract, root, additive=False)
        if read_snapshot(spark, table.path).version >= 0
    ]
    document = _find(documents, settings, "prepared", settings.dataset)
    found = (
        _Found.of(document)
        if document is not None
        else _clean_files(batch, batch.erasure, person, files, lease, progress)
    )
    lines = person.lines(tables, contract, found)
    if document is None:
        document = {
            "dataset": settings.dataset,
            "number": batch.number,
            "manifestHash": batch.manifest_hash,
            "jobRunId": settings.job_run_id,
            **found.document(),
            **_counts(tables, contract, lines),
        }
        write_json(documents, f"{settings.prefix}prepared/{settings.dataset}.json", document)
        progress.done("erasure prepared")
    for table in tables:
        lease.check()
        _remove(spark, batch, contract, table, lines[table.name])
        progress.done(f"{table.name} erased")
    for table in tables:
        lease.check()
        vacuum(spark, table, 0)
        progress.done(f"{table.name} vacuumed")
    result = {name: part for name, part in document.items() if name != "lookedAt"}
    result |= {"tables": [describe_table(spark, table) for table in tables]}
    write_json(documents, f"{settings.prefix}erased/{settings.dataset}.json", result)
    progress.done("erasure published")


@dataclass
class _Found:
    """Kept files that named the person, with the numbers of those lines; `looked_at`: ids of all files that
    were searched; `unsearchable`: files that are no text."""

    files: list[dict[str, Any]] = field(default_factory=list)
    looked_at: list[str] = field(default_factory=list)
    unsearchable: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, document: dict[str, Any]) -> "_Found":
        return cls(document["files"], document["lookedAt"], document["unsearchable"])

    def document(self) -> dict[str, Any]:
        return {"files": self.files, "lookedAt": self.looked_at, "unsearchable": self.unsearchable}


def _clean_files(
    batch: Batch,
    erasure: Erasure,
    person: "_Person",
    files: KeptFiles,
    lease: Lease,
    progress: Progress,
) -> _Found:
    found = _Found()
    lines = Lines([erasure.digest], person.key, person.subjects)
    root = storage_root(batch.landing)
    for folder in erasure.folders:
        for uri in files.under(f"{root}/{folder}"):
            if uri.endswith(".reasons.json"):
                continue
            lease.check()
            numbers = clean(files, uri, lines)
            file_id = uri.rsplit("/", 1)[-1].partition("-")[0]
            found.looked_at.append(file_id)
            if numbers is None:
                found.unsearchable.append(uri.removeprefix(f"{root}/"))
            elif numbers:
                key = uri.removeprefix(f"{root}/")
                found.files.append({"fileId": file_id, "key": key, "lines": numbers})
        progress.done(f"{folder} searched", files=len(found.looked_at))
    return found


class _Person:
    """Who is erased, as a condition on rows."""

    def __init__(self, spark: SparkSession, erasure: Erasure, key: bytes, root: str) -> None:
        self._spark, self._digest, self._root, self.key = spark, erasure.digest, root, key
        self.subjects = {load_contract(name).subject or "" for name in erasure.datasets}

    def lines(self, tables: list[Table], contract: Contract, found: _Found) -> dict[str, DataFrame]:
        """By table, `_file` and `_line` of what is to be removed."""
        lines = {}
        for table in tables:
            rows = self._spark.read.format("delta").load(table.path)
            if table.name == contract.rejects_table:
                mine = self._rejects(rows, found)
            else:
                mine = self._rows(rows, contract)
            # The tables change under the plan.
            lines[table.name] = mine.select(*_LINE).distinct().localCheckpoint()
        return lines

    def _rows(self, rows: DataFrame, contract: Contract) -> DataFrame:
        """The rows about the person, and those that refer to such a row."""
        parts = []
        if contract.subject is not None:
            parts.append(rows.where(digest_column(F.col(contract.subject), self.key) == self._digest))
        for key in contract.foreign_keys:
            parent, path = load_contract(key.dataset), f"{self._root}/{key.dataset}"
            is_about_nobody = parent.subject is None and not parent.foreign_keys
            if is_about_nobody or read_snapshot(self._spark, path).version < 0:
                continue
            parents = self._rows(self._spark.read.format("delta").load(path), parent)
            referred = parents.select(F.col(key.parent_key).alias(key.column)).distinct()
            parts.append(rows.join(referred, on=key.column, how="left_semi").select(*rows.columns))
        return reduce(DataFrame.unionByName, parts) if parts else rows.limit(0)

    def _rejects(self, rejects: DataFrame, found: _Found) -> DataFrame:
        """The rejects of the lines that were found; of a file that is kept nowhere any more, each in which
        any value is the person."""
        pairs = [{"_file": file["fileId"], "_line": line} for file in found.files for line in file["lines"]]
        named = local_rows(self._spark, pairs, "_file string, _line bigint")
        looked_at = local_rows(self._spark, [{"_file": name} for name in found.looked_at], "_file string")
        lines = rejects.select(F.col("file_id").alias("_file"), F.col("line").alias("_line"), "raw")
        gone = lines.join(looked_at, on="_file", how="left_anti").where(
            has_value(F.col("raw"), (self._digest,), self.key) | (F.col("raw") == MARK + self._digest)
        )
        return lines.join(named, on=list(_LINE), how="left_semi").select(*_LINE).union(gone.select(*_LINE))


def _counts(tables: list[Table], contract: Contract, lines: dict[str, DataFrame]) -> dict[str, Any]:
    """What goes from each table, and what that changes in the counts of files: a row that waited or was
    rejected does so no more. A row that was loaded stays counted as loaded: it was."""
    removed, changes = [], dict[str, dict[str, int]]()
    for table in tables:
        by_file = {row["_file"]: row["count"] for row in lines[table.name].groupBy("_file").count().collect()}
        removed.append({"name": table.name, "rows": sum(by_file.values())})
        if table.name == contract.dataset:
            continue
        fate = "rejected" if table.name == contract.rejects_table else "orphaned"
        for file, rows in by_file.items():
            change = changes.setdefault(file, dict.fromkeys(("read", *FATES, ERASED), 0))
            change[fate] -= rows
            change[ERASED] += rows
    redriven = [{"fileId": file, "rows": rows} for file, rows in sorted(changes.items())]
    return {"erased": removed, "redriven": redriven}


def _remove(spark: SparkSession, batch: Batch, contract: Contract, table: Table, lines: DataFrame) -> None:
    if lines.isEmpty():
        return
    # A MERGE names columns only; the condition of a DELETE would stand in the log with its values.
    columns = ("file_id", "line") if table.name == contract.rejects_table else _LINE
    with Step.of(batch, table, "erase").as_commit(spark):
        remove_rows(spark, table.path, lines, columns)


def _find(documents: Documents, settings: Settings, folder: str, dataset: str) -> dict[str, Any] | None:
    try:
        document: dict[str, Any] = read_json(documents, f"{settings.prefix}{folder}/{dataset}.json")
    except DocumentMissing:
        return None
    return document if document["manifestHash"] == settings.manifest_hash else None
