"""What maintenance is to do, as its manifest says it, and the budget that it keeps."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Partition:
    """A partition to compact. `values`: by partition column, as the Delta log writes them, none for a whole
    table; `z_order`: its rows are put in the order of the key."""

    values: tuple[tuple[str, str | None], ...]
    z_order: bool

    @property
    def predicate(self) -> str:
        """The partition as a condition of Spark SQL, empty for a whole table."""
        return " AND ".join(
            f"`{name}` IS NULL" if value is None else f"`{name}` = '{_escaped(value)}'"
            for name, value in self.values
        )


@dataclass(frozen=True)
class TableWork:
    """What to do to a table. `files` and `size` (bytes): its data files when it was planned; `vacuum`:
    whether files are to be removed."""

    name: str
    files: int
    size: int
    partitions: tuple[Partition, ...]
    vacuum: bool


@dataclass(frozen=True)
class Maintenance:
    """The plan. From `deadline` on nothing more is begun; `target_file_bytes`: size of the files that
    compaction writes; `small_bytes`: it takes those below."""

    deadline: datetime
    target_file_bytes: int
    small_bytes: int
    tables: tuple[TableWork, ...]


def parse_maintenance(document: dict[str, Any], instant: Callable[[str], datetime]) -> Maintenance:
    """Read the manifest's part; raises KeyError, TypeError or ValueError where it breaks its schema."""
    return Maintenance(
        deadline=instant(document["deadline"]),
        target_file_bytes=int(document["targetFileBytes"]),
        small_bytes=int(document["smallBytes"]),
        tables=tuple(
            TableWork(
                name=str(table["name"]),
                files=int(table["files"]),
                size=int(table["bytes"]),
                partitions=tuple(
                    Partition(tuple(sorted(partition["values"].items())), bool(partition["zOrder"]))
                    for partition in table["partitions"]
                ),
                vacuum=int(table["expired"]) > 0,
            )
            for table in document["tables"]
        ),
    )


def until(deadline: datetime, work: Iterable[T], now: Callable[[], datetime]) -> Iterator[T]:
    """The pieces of work that may be begun before the deadline; what is running when it comes is finished."""
    for piece in work:
        if now() >= deadline:
            return
        yield piece


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace("'", "\\'")
