"""What a batch is: the manifest, and the verdicts on its files' headers."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

from lakehouse.documents import Documents, decode_json, read_json
from lakehouse.erasure_plan import Erasure, parse_erasure
from lakehouse.errors import InvalidDocument, ManifestMismatch
from lakehouse.maintenance_plan import Maintenance, parse_maintenance

KINDS = ("load", "rollback", "maintenance", "erasure")


@dataclass(frozen=True)
class Erased:
    """Digests of the people whose rows are left out, in hex, and the URI of the key that they were made
    with."""

    digests: tuple[str, ...]
    key_uri: str


@dataclass(frozen=True)
class Loaded:
    """What is on record of a file that was loaded before: when it first was, and how many of its rows are in
    the rejects and among the orphans."""

    first_at: datetime
    rejected: int
    orphaned: int


@dataclass(frozen=True)
class SourceFile:
    """An accepted file of this dataset in this batch. `columns` are the header's names in file order;
    `comes_again`: an earlier batch had it, and its job may have written rows of it."""

    file_id: str
    sequence: str
    last_modified: datetime
    size: int
    uri: str
    columns: tuple[str, ...]
    comes_again: bool = False
    loaded: Loaded | None = None


@dataclass(frozen=True)
class Batch:
    """The manifest as one dataset's job sees it; `planned_at` is the only clock.

    `additive`: the tables may get columns that the contract got. `max_reject_rate`: share of a file's rows
    that may be rejected, None for any. `restore`: of a rollback, the versions that tables return to.
    `undo_days`: how long replaced versions are kept, None in manifests that are older than maintenance.
    `erased`: people whose rows are left out, None where nobody was erased.
    """

    dataset: str
    epoch: str
    number: int
    manifest_hash: str
    planned_at: datetime
    prefix: str
    tables: dict[str, int | None]
    confirmations: dict[str, str]
    orphan_max_age_days: int
    additive: bool
    max_reject_rate: float | None
    files: tuple[SourceFile, ...]
    restore: dict[str, int] | None = None
    maintenance: Maintenance | None = None
    undo_days: int | None = None
    kind: str = "load"
    erased: Erased | None = None
    erasure: Erasure | None = None
    landing: str = ""


def storage_root(bucket: str) -> str:
    """Turn a bucket name into a URI; what is a URI already stays as it is."""
    return bucket if ":" in bucket else f"s3://{bucket}"


def read_batch(documents: Documents, uri: str, expected_hash: str, dataset: str, warehouse: str) -> Batch:
    """Read the manifest at `uri` and the verdicts of its chunks.

    Raises:
        ManifestMismatch: if the bytes do not have the expected sha256, or were planned for another warehouse.
        InvalidDocument: if a document lacks a field or has one of the wrong kind.
        DocumentMissing: if the manifest or a verdict document is not there.
    """
    body = documents.get(uri)
    found = hashlib.sha256(body).hexdigest()
    if found != expected_hash:
        raise ManifestMismatch(
            f"{uri} has the hash {found}, the entry names {expected_hash}; restore that version"
        )
    document = decode_json(body, uri)
    try:
        terms = document["contracts"][dataset]
        if document["warehouseBucket"] != warehouse:
            raise ManifestMismatch(
                f"{uri} is planned for {document['warehouseBucket']}, this job writes to {warehouse}"
            )
        kind = document["kind"]
        if kind not in KINDS:
            raise InvalidDocument(f"{uri}: kind is {kind!r}, this job knows {', '.join(KINDS)}")
        return Batch(
            dataset=dataset,
            epoch=str(document["epoch"]),
            number=int(document["number"]),
            manifest_hash=expected_hash,
            planned_at=parse_instant(document["plannedAt"]),
            prefix=str(document["prefix"]),
            tables=dict(document["tables"]),
            confirmations=dict(document["confirmations"].get(dataset, {})),
            orphan_max_age_days=int(document["orphanMaxAgeDays"]),
            additive={"strict": False, "additive": True}[terms["evolution"]],
            max_reject_rate=terms["maxRejectRate"],
            files=_accepted_files(documents, document, dataset),
            restore=dict(document["rollback"]["restore"]) if kind == "rollback" else None,
            maintenance=(
                parse_maintenance(document["maintenance"], parse_instant) if kind == "maintenance" else None
            ),
            undo_days=document.get("undoDays"),
            kind=kind,
            landing=str(document["landingBucket"]),
            erased=_erased(document.get("erased")),
            erasure=parse_erasure(document["erasure"], dataset) if kind == "erasure" else None,
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise InvalidDocument(
            f"{uri} or its verdicts: {type(error).__name__} {error}; restore the object"
        ) from error


def parse_instant(text: str) -> datetime:
    """Parse an ISO 8601 instant with zone."""
    instant = datetime.fromisoformat(text.replace("Z", "+00:00"))
    if instant.tzinfo is None:
        raise ValueError(f"{text!r} has no time zone")
    return instant


def _accepted_files(documents: Documents, document: dict[str, Any], dataset: str) -> tuple[SourceFile, ...]:
    mine = [file for file in document["files"] if file["dataset"] == dataset]
    headers: dict[str, tuple[str, ...]] = {}
    for chunk in sorted({int(file["chunk"]) for file in mine}):
        verdicts = read_json(documents, f"{document['prefix']}verdicts/{chunk:04d}.json")
        for verdict in verdicts["verdicts"]:
            if verdict["accepted"]:
                headers[verdict["fileId"]] = tuple(verdict["columns"])
    root = storage_root(document["landingBucket"])
    return tuple(
        SourceFile(
            file_id=file["fileId"],
            sequence=file["sequence"],
            last_modified=parse_instant(file["lastModified"]),
            size=int(file["size"]),
            uri=f"{root}/{file['processingKey']}",
            columns=headers[file["fileId"]],
            comes_again=file["earlierBatch"] is not None,
            loaded=_loaded(file["loaded"]),
        )
        for file in mine
        if file["fileId"] in headers
    )


def _erased(document: dict[str, Any] | None) -> Erased | None:
    if document is None:
        return None
    return Erased(tuple(document["digests"]), str(document["key"]))


def _loaded(document: dict[str, Any] | None) -> Loaded | None:
    if document is None:
        return None
    return Loaded(parse_instant(document["firstAt"]), int(document["rejected"]), int(document["orphaned"]))


def instant_text(instant: datetime) -> str:
    """Format an instant as the documents do: UTC with milliseconds and Z."""
    return (
        instant.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.")
        + f"{instant.microsecond // 1000:03d}Z"
    )
