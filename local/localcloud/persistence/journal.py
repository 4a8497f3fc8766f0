"""DynamoDB item writes: appended one by one, folded into a snapshot now and then.

A snapshot per write would cost as much as the whole table. Applying a write is deterministic in
ministack, so the journal holds the requests and a start applies those newer than the snapshot.
A snapshot names the first generation of the journal that it does not contain, which makes every
moment of a crash safe: a write is in the snapshot or in a journal that is applied, never in both.
"""

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from localcloud.persistence.snapshots import copied, encoded, write_atomically

ITEM_WRITES = frozenset(
    {
        "PutItem",
        "UpdateItem",
        "DeleteItem",
        "BatchWriteItem",
        "TransactWriteItems",
        "ExecuteStatement",
        "BatchExecuteStatement",
        "ExecuteTransaction",
    }
)
# About a second of replay at the next start.
_FOLD_AFTER_BYTES = 8 * 1024 * 1024
_GENERATION = re.compile(rb'^\{"__generation__": (\d+),')


class ItemJournal:
    """The saved state of DynamoDB: ``dynamodb.json`` and the journals ``dynamodb.<generation>.journal``."""

    def __init__(self, folder: Path, get_state: Callable[[], Any], get_shape: Callable[[], str]) -> None:
        """``get_state`` may give what lives on: it is encoded at once, as a copy of all items is far larger.

        ``get_shape`` describes all but the items: the journal does not hold what changes it.
        """
        self._folder = folder
        self._get_state = get_state
        self._get_shape = get_shape
        self._folded_shape = ""
        self._snapshot = folder / "dynamodb.json"
        self._generation = max([self._first_generation(), *(n for n, _ in self._journals())])
        self._file = self._open()

    def _first_generation(self) -> int:
        if not self._snapshot.exists():
            return 0
        with self._snapshot.open("rb") as file:
            found = _GENERATION.match(file.read(64))
        return int(found[1]) if found else 0

    def _journals(self) -> list[tuple[int, Path]]:
        return sorted(
            (int(file.name.split(".")[1]), file) for file in self._folder.glob("dynamodb.*.journal")
        )

    def _open(self) -> int:
        file = self._folder / f"dynamodb.{self._generation}.journal"
        self._cut_torn_end(file)
        return os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)

    @staticmethod
    def _cut_torn_end(file: Path) -> None:
        """Drop a last line without its end: its write was never acknowledged."""
        if file.exists():
            content = file.read_bytes()
            os.truncate(file, content.rfind(b"\n") + 1)

    def append(self, operation: str, body: bytes) -> None:
        """Make one successful write durable against the end of this process."""
        # In JSON text a raw line break can only be white space.
        flat = body.replace(b"\r", b" ").replace(b"\n", b" ")
        line = operation.encode() + b"\t" + flat + b"\n"
        written = os.write(self._file, line)
        if written != len(line):
            raise OSError(f"only {written} of {len(line)} bytes fit into {self._folder}; is the disk full?")

    def entries(self) -> Iterator[tuple[str, bytes]]:
        """The writes that the snapshot does not contain, oldest first."""
        first = self._first_generation()
        for generation, file in self._journals():
            if generation >= first:
                for line in file.read_bytes().splitlines():
                    operation, _, body = line.partition(b"\t")
                    yield operation.decode(), body

    def _is_long(self) -> bool:
        return os.fstat(self._file).st_size > _FOLD_AFTER_BYTES

    def prepare(self) -> Callable[[], None] | None:
        """Encode the state and begin a new journal in the same moment; the write folds the old ones in.

        None while the journal is short and nothing but items changed.
        """
        shape = copied(self._get_shape)
        if shape == self._folded_shape and not self._is_long():
            return None
        self._folded_shape = shape
        generation = self._generation + 1
        content: bytes = copied(lambda: encoded("dynamodb", self._get_state(), __generation__=generation))
        os.close(self._file)
        self._generation = generation
        self._file = self._open()
        return lambda: self._fold(content, generation)

    def _fold(self, content: bytes, generation: int) -> None:
        write_atomically(self._snapshot, content)
        for older, file in self._journals():
            if older < generation:
                file.unlink()
