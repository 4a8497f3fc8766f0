"""How a worker of the benchmark is spoken to: a JSON document a line on standard input, one a line on
descriptor 3. A worker lives between requests, so that its processor time is read before and after each."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

Json = dict[str, Any]
_ANSWERS = 3


@dataclass(frozen=True)
class Arrival:
    """A CSV file to load: `path` is where it lies, `name` its name in the landing zone."""

    dataset: str
    path: Path
    name: str
    modified: datetime

    @property
    def columns(self) -> list[str]:
        """The names of the header."""
        with self.path.open(encoding="utf-8") as file:
            return file.readline().rstrip("\n").split(",")

    @property
    def sequence(self) -> str:
        """The greater one is the newer file, as in the service's ledger."""
        return f"{int(self.modified.timestamp() * 1000):013d}-000000-raw/{self.dataset}/{self.name}"


@dataclass(frozen=True)
class Delivery:
    """The files of one batch, oldest first; `datasets` are all there are, parents before children."""

    number: int
    datasets: list[str]
    files: list[Arrival]

    @property
    def planned_at(self) -> datetime:
        """A moment after the last file."""
        return max(file.modified for file in self.files) + timedelta(minutes=1)

    def of(self, dataset: str) -> list[Arrival]:
        """The files of a dataset."""
        return [file for file in self.files if file.dataset == dataset]


def delivery(request: Json) -> Delivery:
    """The delivery that a request names."""
    files = [
        Arrival(
            file["dataset"],
            Path(file["path"]),
            file["name"],
            datetime.fromisoformat(file["modified"].replace("Z", "+00:00")),
        )
        for file in request["files"]
    ]
    return Delivery(request["number"], request["datasets"], files)


def serve(actions: dict[str, Callable[[Json], Json]]) -> None:
    """Answer requests until standard input ends; what an action raises ends the worker."""
    with os.fdopen(_ANSWERS, "w", encoding="utf-8") as answers:
        for line in sys.stdin:
            request = json.loads(line)
            answers.write(json.dumps(actions[request["action"]](request)) + "\n")
            answers.flush()
