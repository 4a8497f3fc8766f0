"""The files of tests/corpus with what is expected of each; tests/corpus/expected.schema.json says what the
fields mean, and tests/unit/corpus checks the table against it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parents[1] / "corpus"


@dataclass(frozen=True)
class AcceptedFile:
    """A file whose header is accepted; `columns` is None where they stand in the contract's order.

    `rejects`: by line, its reasons as `RULE column`. `loaded`: by primary key, columns as text.
    """

    dataset: str
    key: str
    body: bytes
    columns: list[str] | None
    rows: dict[str, int]
    rejects: dict[int, list[str]]
    loaded: dict[str, dict[str, str]]


def accepted_files() -> list[AcceptedFile]:
    """Every file of the corpus that reaches a job, in the order of the table."""
    table = json.loads((FOLDER / "expected.json").read_text(encoding="utf-8"))
    return [_accepted_file(entry) for entry in table if "accepted" in entry]


def _accepted_file(entry: dict[str, Any]) -> AcceptedFile:
    return AcceptedFile(
        dataset=entry["key"].split("/")[1],
        key=entry["key"],
        body=_body(entry),
        columns=None if entry["accepted"] is True else entry["accepted"],
        rows={name: rows for name, rows in entry["rows"].items() if rows},
        rejects={int(line): reasons for line, reasons in entry.get("rejects", {}).items()},
        loaded=entry.get("loaded", {}),
    )


def _body(entry: dict[str, Any]) -> bytes:
    if "file" in entry:
        return (FOLDER / "files" / str(entry["file"])).read_bytes()
    parts: list[str] = [
        part if isinstance(part, str) else part["text"] * part["times"] for part in entry["made"]
    ]
    return "".join(parts).encode()
