"""A small lake on local files: plans batches as the service would and runs the real job on them."""

from __future__ import annotations

import copy
import dataclasses
import hashlib
import json
import shutil
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from fakes import CrashAfter, HeldLease, MemoryDocuments
from lake_manifest import DATASETS, TABLES, manifest_of
from lakehouse.settings import Settings, settings_from

if TYPE_CHECKING:
    from collections.abc import Callable

    from pyspark.sql import DataFrame, SparkSession

EPOCH = "6f1b0c3e-0000-4000-8000-000000000001"
START = datetime(2025, 5, 1, tzinfo=timezone.utc)


@dataclass
class File:
    """A landed file."""

    dataset: str
    key: str
    body: bytes
    file_id: str
    sequence: str
    last_modified: datetime
    columns: list[str]


@dataclass
class Lake:
    """Landing and warehouse folders, documents, and what the ledger would know.

    The tables exist, empty, unless `new`: they are made once and copied, because making them takes seconds.
    """

    spark: SparkSession
    root: Path
    documents: MemoryDocuments = field(default_factory=MemoryDocuments)
    epoch: str = EPOCH
    number: int = 0
    landed: int = 0
    orphan_max_age_days: int = 30
    undo_days: int = 30
    confirmations: dict[str, dict[str, str]] = field(default_factory=dict)
    additive: bool = False
    max_reject_rate: float | None = None
    ledger: dict[str, dict[str, Any]] = field(default_factory=dict)
    erased: list[str] = field(default_factory=list)
    new: bool = False
    empty_tables: ClassVar[Path | None] = None

    def __post_init__(self) -> None:
        if self.new:
            return
        if Lake.empty_tables is None:
            Lake.empty_tables = Path(str(self.spark.conf.get("spark.local.dir"))) / "empty"
            maker = Lake(self.spark, Lake.empty_tables, new=True)
            for dataset in DATASETS:
                maker.run(maker.plan([]), dataset)
        shutil.copytree(Lake.empty_tables / "warehouse", self.root / "warehouse")

    def copy(self, root: Path) -> Lake:
        """The same lake in another folder."""
        shutil.copytree(self.root, root)
        documents = MemoryDocuments()
        documents.bodies.update(self.documents.bodies)
        return dataclasses.replace(
            self,
            root=root,
            documents=documents,
            confirmations=dict(self.confirmations),
            erased=list(self.erased),
            ledger=copy.deepcopy(self.ledger),
            new=True,
        )

    @property
    def warehouse(self) -> str:
        return f"file:{self.root}/warehouse"

    def land(
        self,
        dataset: str,
        text: str | bytes,
        *,
        columns: list[str] | None = None,
        name: str | None = None,
        modified: datetime | None = None,
    ) -> File:
        """Put a file down; each lands one second after the one before unless `modified` says when."""
        self.landed += 1
        body = text.encode() if isinstance(text, str) else text
        key = f"raw/{dataset}/{name or f'file-{self.landed}'}.csv"
        modified = modified or START + timedelta(seconds=self.landed)
        file_id = hashlib.sha256(f"{key}\n{self.landed}".encode()).hexdigest()[:32]
        header = body.decode("utf-8-sig", "replace").splitlines()[0] if columns is None else ""
        names = columns or [name.strip().strip('"') for name in header.split(",")]
        sequence = f"{int(modified.timestamp() * 1000):013d}-000000-{key}"
        path = self.root / "landing" / "processing" / f"{file_id}.csv"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(body)
        return File(dataset, key, body, file_id, sequence, modified, names)

    def plan(
        self,
        files: list[File],
        planned_at: datetime | None = None,
        restore: dict[str, int] | None = None,
        maintenance: dict[str, Any] | None = None,
        erasure: dict[str, Any] | None = None,
    ) -> dict[str, Any]:
        """Write the manifest and verdicts of the next batch, of a rollback to the versions, of maintenance or
        of an erasure."""
        self.number += 1
        prefix = f"s3://artefacts/batches/{self.epoch}/{self.number:06d}/"
        manifest = manifest_of(self, prefix, files, planned_at or START + timedelta(days=1))
        if restore is not None:
            manifest |= {"kind": "rollback", "rollback": {"restore": restore}}
        if maintenance is not None:
            manifest |= {"kind": "maintenance", "maintenance": maintenance}
        if erasure is not None:
            manifest |= {"kind": "erasure", "erasure": erasure}
        verdicts = [
            {"fileId": file.file_id, "accepted": True, "columns": file.columns, "reasons": []}
            for file in files
        ]
        self.documents.put(
            f"{prefix}verdicts/0000.json",
            json.dumps({"number": self.number, "chunk": 0, "verdicts": verdicts}).encode(),
        )
        for file in files:
            self.ledger.setdefault(file.file_id, {})["batch"] = self.number
        body = json.dumps(manifest).encode()
        digest = hashlib.sha256(body).hexdigest()
        self.documents.put(f"{prefix}manifest-{digest}.json", body)
        return {"manifest": f"{prefix}manifest-{digest}.json", "hash": digest, "prefix": prefix}

    def settings(self, batch: dict[str, Any], dataset: str, operation: str = "load") -> Settings:
        return settings_from(
            {
                "OPERATION": operation,
                "DATASET": dataset,
                "WAREHOUSE": self.warehouse,
                "LEDGER_TABLE": "ledger",
                "MANIFEST": batch["manifest"],
                "MANIFEST_HASH": batch["hash"],
                "LEASE_OWNER": "me",
                "LEASE_FENCE": "1",
                "JOB_RUN_ID": "jr_test",
            }
        )

    def run(
        self,
        batch: dict[str, Any],
        dataset: str,
        *,
        lease: HeldLease | None = None,
        progress: CrashAfter | None = None,
    ) -> dict[str, Any]:
        """Run the job of a dataset on a planned batch and return its result document."""
        from kept import FolderFiles
        from lakehouse.failures import reporting_failures
        from lakehouse.job import Job
        from lakehouse.transform import transform

        settings = self.settings(batch, dataset)
        with reporting_failures(self.documents, settings):
            lease, progress = lease or HeldLease(), progress or CrashAfter()
            job = Job(self.spark, settings, self.documents, FolderFiles(), lease, progress)
            job.write(transform(job.read()))
        result: dict[str, Any] = self.documents.json(f"{batch['prefix']}results/{dataset}.json")
        return result

    def withdraw(
        self,
        batch: dict[str, Any],
        dataset: str,
        *,
        lease: HeldLease | None = None,
        progress: CrashAfter | None = None,
    ) -> None:
        """Run the job of a dataset to take a batch back, as its script does."""
        from lakehouse.failures import reporting_failures
        from lakehouse.withdraw import is_withdrawn, withdraw

        settings = self.settings(batch, dataset, "withdraw")
        with reporting_failures(self.documents, settings):
            if not is_withdrawn(self.documents, settings):
                withdraw(self.spark, settings, self.documents, lease or HeldLease(), progress or CrashAfter())

    def maintain(
        self,
        batch: dict[str, Any],
        dataset: str,
        *,
        lease: HeldLease | None = None,
        progress: CrashAfter | None = None,
        now: Callable[[], datetime] = lambda: START,
    ) -> dict[str, dict[str, Any]]:
        """Run the job of a dataset to maintain its tables, as its script does; what was done, by table."""
        from lakehouse.failures import reporting_failures
        from lakehouse.maintain import is_maintained, maintain

        settings = self.settings(batch, dataset, "maintain")
        with reporting_failures(self.documents, settings):
            if not is_maintained(self.documents, settings):
                lease, progress = lease or HeldLease(), progress or CrashAfter()
                maintain(self.spark, settings, self.documents, lease, progress, now)
        document = self.documents.json(f"{batch['prefix']}maintained/{dataset}.json")
        return {table["name"]: table for table in document["maintained"]}

    def erase(
        self,
        batch: dict[str, Any],
        dataset: str,
        *,
        lease: HeldLease | None = None,
        progress: CrashAfter | None = None,
    ) -> dict[str, Any]:
        """Run the job of a dataset to erase a person from it, as its script does; its document."""
        from kept import FolderFiles
        from lakehouse.erase import erase, is_erased
        from lakehouse.failures import reporting_failures

        settings = self.settings(batch, dataset, "erase")
        with reporting_failures(self.documents, settings):
            if not is_erased(self.documents, settings):
                lease, progress = lease or HeldLease(), progress or CrashAfter()
                erase(self.spark, settings, self.documents, FolderFiles(), lease, progress)
        found: dict[str, Any] = self.documents.json(f"{batch['prefix']}erased/{dataset}.json")
        return found

    def load(self, *files: File, planned_at: datetime | None = None) -> dict[str, dict[str, Any]]:
        """Plan a batch of files and run the jobs concerned, parents first; results by dataset."""
        batch = self.plan(list(files), planned_at)
        due = [
            name for name in ("products", "orders", "order_items") if any(f.dataset == name for f in files)
        ]
        if "order_items" not in due and self.version("order_items_orphans"):
            due.append("order_items")
        results = {}
        for dataset in due:
            results[dataset] = self.run(batch, dataset)
            self.confirmations.setdefault(dataset, {}).update(results[dataset]["confirmations"])
            self._book(results[dataset], self.documents.json(batch["manifest"])["plannedAt"])
        return results

    def _book(self, result: dict[str, Any], planned_at: str) -> None:
        """Keep what the service books of each file."""
        for file in result["files"]:
            self.ledger[file["fileId"]].setdefault("firstAt", planned_at)
            self.ledger[file["fileId"]]["rows"] = dict(file["rows"])
        for file in result["redriven"]:
            booked = self.ledger[file["fileId"]]["rows"]
            for name, rows in file["rows"].items():
                booked[name] += rows

    def booked(self, file: File) -> dict[str, int]:
        """The outcomes of the file's rows that are not zero, as the service has booked them."""
        return {name: rows for name, rows in self.ledger[file.file_id]["rows"].items() if rows}

    def version(self, table: str) -> int | None:
        commits = list((self.root / "warehouse" / table / "_delta_log").glob("*.json"))
        return len(commits) - 1 if commits else None

    def versions(self) -> dict[str, int | None]:
        return {name: self.version(name) for name in TABLES}

    def table(self, name: str) -> DataFrame:
        return self.spark.read.format("delta").load(f"{self.warehouse}/{name}")

    def rows(self, name: str, *columns: str) -> list[tuple[Any, ...]]:
        """The table's rows, sorted by their text."""
        return sorted((tuple(row) for row in self.table(name).selectExpr(*columns).collect()), key=repr)

    def rejects(self, dataset: str = "order_items") -> list[tuple[Any, ...]]:
        """Rejected lines of a dataset: file id, line, rule of the first reason, batch."""
        return self.rows(f"{dataset}_rejects", "file_id", "line", "reasons[0].rule", "batch")
