"""The manifest that the service would write for a batch of a test's lake."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fakes import KEY_URI

if TYPE_CHECKING:
    from datetime import datetime

    from lake import File, Lake

DATASETS = ("products", "orders", "order_items")
TABLES = ["products", "products_rejects", "orders", "orders_rejects", "order_items", "order_items_rejects"]
TABLES += ["order_items_orphans"]


def manifest_of(lake: Lake, prefix: str, files: list[File], planned_at: datetime) -> dict[str, Any]:
    """The manifest of a load of the files (schemas/documents/manifest.schema.json)."""
    contract: dict[str, Any] = {
        "evolution": "additive" if lake.additive else "strict",
        "maxRejectRate": lake.max_reject_rate,
        "columns": [],
        "required": [],
    }
    manifest: dict[str, Any] = {
        "schema": 1,
        "kind": "load",
        "epoch": lake.epoch,
        "number": lake.number,
        "plannedAt": _text(planned_at),
        "landingBucket": f"file:{lake.root}/landing",
        "warehouseBucket": lake.warehouse,
        "prefix": prefix,
        "release": {"scriptLocation": "s3://a/s.py", "extraPyFiles": "s3://a/z.zip", "contractHash": "c"},
        "contracts": {dataset: dict(contract) for dataset in DATASETS},
        "tables": {name: lake.version(name) for name in TABLES},
        "confirmations": {name: dict(found) for name, found in lake.confirmations.items()},
        "orphanMaxAgeDays": lake.orphan_max_age_days,
        "undoDays": lake.undo_days,
        "chunks": 1,
        "files": [_file(lake, file) for file in files],
    }
    if lake.erased:
        manifest["erased"] = {"key": KEY_URI, "digests": lake.erased}
    return manifest


def _file(lake: Lake, file: File) -> dict[str, Any]:
    known = lake.ledger.get(file.file_id, {})
    return {
        "fileId": file.file_id,
        "dataset": file.dataset,
        "key": file.key,
        "versionId": "v",
        "size": len(file.body),
        "etag": "e",
        "lastModified": _text(file.last_modified),
        "sequence": file.sequence,
        "chunk": 0,
        "processingKey": f"processing/{file.file_id}.csv",
        "location": None,
        "earlierBatch": known.get("batch"),
        "loaded": _loaded(known),
    }


def _loaded(known: dict[str, Any]) -> dict[str, Any] | None:
    if "rows" not in known:
        return None
    rows = known["rows"]
    return {"firstAt": known["firstAt"], "rejected": rows["rejected"], "orphaned": rows["orphaned"]}


def _text(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")
