"""What a Delta table's log says: its version, its transaction markers and the metadata of its commits.

Delta has no Python API for markers, so this reaches through py4j into DeltaLog. All such access is in this
file.
"""

import json
from dataclasses import dataclass
from typing import Any

from pyspark.sql import SparkSession


@dataclass(frozen=True)
class Snapshot:
    """The newest state of a table. `version` is -1 where there is no table."""

    version: int
    _java: Any

    @property
    def size(self) -> int:
        """Bytes of the table's files. Replays the log where that has not been done yet."""
        return int(self._java.sizeInBytes()) if self.version >= 0 else 0

    def marker(self, app_id: str) -> int | None:
        """The greatest transaction number that `app_id` has committed. Replays the log likewise."""
        found = self._java.transactions().get(app_id)
        return int(found.get()) if found.isDefined() else None


def read_snapshot(spark: SparkSession, path: str) -> Snapshot:
    """List the table's log anew and return its newest state."""
    session: Any = spark
    pair = session._jvm.org.apache.spark.sql.delta.DeltaLog.forTableWithSnapshot(session._jsparkSession, path)
    java = pair._2()
    return Snapshot(int(java.version()), java)


def marker_metadata(spark: SparkSession, path: str, app_id: str, number: int, since: int) -> dict[str, Any]:
    """Return the userMetadata of the commit after version `since` that carries marker `number` of `app_id`,
    or {}."""
    session: Any = spark
    log = session._jvm.org.apache.spark.sql.delta.DeltaLog.forTable(session._jsparkSession, path)
    changes = log.getChanges(since + 1, False)
    while changes.hasNext():
        marks, _, metadata = _marks_and_metadata(changes.next()._2())
        if (app_id, number) in marks:
            return _as_object(metadata)
    return {}


@dataclass(frozen=True)
class Commit:
    """A commit of a table: its `operation` in Delta's words, and the userMetadata, {} where it has none."""

    operation: str
    metadata: dict[str, Any]


def commits_since(spark: SparkSession, path: str, since: int) -> list[Commit]:
    """The commits after version `since`, in their order."""
    if read_snapshot(spark, path).version <= since:
        return []
    session: Any = spark
    log = session._jvm.org.apache.spark.sql.delta.DeltaLog.forTable(session._jsparkSession, path)
    changes, commits = log.getChanges(since + 1, False), list[Commit]()
    while changes.hasNext():
        _, operation, metadata = _marks_and_metadata(changes.next()._2())
        commits.append(Commit(operation, _as_object(metadata)))
    return commits


def _marks_and_metadata(actions: Any) -> tuple[set[tuple[str, int]], str, str | None]:
    """The transaction markers of a commit, its operation and its userMetadata."""
    marks: set[tuple[str, int]] = set()
    operation, metadata = "", None
    iterator = actions.iterator()
    while iterator.hasNext():
        action = iterator.next()
        kind = action.getClass().getSimpleName()
        if kind == "SetTransaction":
            marks.add((str(action.appId()), int(action.version())))
        elif kind == "CommitInfo":
            operation = str(action.operation())
            metadata = str(action.userMetadata().get()) if action.userMetadata().isDefined() else None
    return marks, operation, metadata


def _as_object(metadata: str | None) -> dict[str, Any]:
    try:
        found = json.loads(metadata or "{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
