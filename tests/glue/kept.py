"""Kept files in folders, and lakes whose files are kept as the service keeps them."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from fakes import KEY, KEY_URI
from lake import File, Lake
from lakehouse.erased import digest_of

if TYPE_CHECKING:
    from collections.abc import Iterator

FOLDERS = {"order_items": ["archived/order_items/"], "orders": ["archived/orders/", "rejected/"]}


class FolderFiles:
    """The files below a folder, by file: URI."""

    def under(self, folder: str) -> Iterator[str]:
        path = Path(folder.removeprefix("file:"))
        for found in sorted(path.rglob("*")) if path.exists() else ():
            if found.is_file():
                yield f"file:{found}"

    def fetch(self, uri: str, target: IO[bytes]) -> None:
        target.write(Path(uri.removeprefix("file:")).read_bytes())

    def replace(self, uri: str, source: IO[bytes]) -> None:
        Path(uri.removeprefix("file:")).write_bytes(source.read())


def keep(lake: Lake, file: File, folder: str = "archived") -> Path:
    """Put a file away as the service does."""
    kept = lake.root / "landing" / folder / file.dataset / "batch=1" / f"{file.file_id}-{Path(file.key).name}"
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.write_bytes(file.body)
    return kept


def take_back(lake: Lake, file: File) -> None:
    """Let the file be loaded again from where it is kept."""
    (kept,) = (lake.root / "landing" / "archived").rglob(f"{file.file_id}-*")
    shutil.copy(kept, lake.root / "landing" / "processing" / f"{file.file_id}.csv")


def plan_erasure(lake: Lake, person: str) -> dict[str, Any]:
    digest = digest_of(person, KEY)
    datasets = [
        {"dataset": "order_items", "folders": FOLDERS["order_items"], "children": []},
        {"dataset": "orders", "folders": FOLDERS["orders"], "children": ["order_items"]},
    ]
    return lake.plan([], erasure={"digest": digest, "key": KEY_URI, "datasets": datasets})


def erase(lake: Lake, person: str) -> dict[str, dict[str, Any]]:
    """Erase a person from every dataset, as the service does; documents by dataset."""
    batch = plan_erasure(lake, person)
    documents = {dataset: lake.erase(batch, dataset) for dataset in ("order_items", "orders")}
    lake.erased.append(digest_of(person, KEY))
    for document in documents.values():
        for change in document["redriven"]:
            rows = lake.ledger[change["fileId"]]["rows"]
            for name, number in change["rows"].items():
                rows[name] = rows.get(name, 0) + number
    return documents
