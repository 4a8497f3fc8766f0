"""What a Delta table's log says: its version, its transaction markers and the metadata of its commits.

Delta has no Python API for markers, so this reaches through py4j into DeltaLog. All such access is in this
file.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F
from pyspark.sql.types import StructType


@dataclass(frozen=True)
class Contents:
    """What a version of a table consists of: number of `files`, those of them that are `small`, `bytes`
    altogether, and `rows`; None where a file's writer kept no count."""

    files: int
    small: int
    bytes: int
    rows: int | None


@dataclass(frozen=True)
class Snapshot:
    """The newest state of a table. `version` is -1 where there is no table.

    Delta writes what it knows of a version beside the commit, in its checksum file: from there an answer
    costs no Spark job. Where that file is missing (the writer died after its commit) or leaves something out
    (more than 100 markers, more than 50 files), Delta replays the log.
    """

    version: int
    _java: Any
    _spark: SparkSession

    @property
    def schema(self) -> StructType:
        """The table's columns."""
        return StructType.fromJson(json.loads(self._java.schema().json()))

    @property
    def size(self) -> int:
        """Bytes of the table's files, 0 where there is no table."""
        if self.version < 0:
            return 0
        checksum = self._checksum()
        return int((checksum.tableSizeBytes if checksum else self._java.sizeInBytes)())

    @property
    def files(self) -> int:
        """Number of the table's data files, 0 where there is no table."""
        if self.version < 0:
            return 0
        checksum = self._checksum()
        return int((checksum.numFiles if checksum else self._java.numOfFiles)())

    def setting(self, name: str) -> str | None:
        """A table property; None where it is not set."""
        found: str | None = _optional(self._java.metadata().configuration().get(name))
        return found

    def contents(self, small_bytes: int) -> Contents:
        """Count the files, small being those below `small_bytes`, and the rows. At most one Spark action."""
        checksum = self._checksum()
        listed = _optional(checksum.allFiles()) if checksum else None
        if listed is None:
            return self._replayed_contents(small_bytes)
        files = list(_each(listed.iterator()))
        counts = [_optional(file.numLogicalRecords()) for file in files]
        return Contents(
            files=len(files),
            small=sum(1 for file in files if file.size() < small_bytes),
            bytes=sum(int(file.size()) for file in files),
            rows=None if None in counts else sum(counts),
        )

    def _replayed_contents(self, small_bytes: int) -> Contents:
        files = DataFrame(self._java.allFiles().toDF(), self._spark)
        written = F.get_json_object("stats", "$.numRecords").cast("bigint")
        rows = written - F.coalesce(F.col("deletionVector.cardinality"), F.lit(0))
        (found,) = files.agg(
            F.count(F.lit(1)).alias("files"),
            F.count_if(F.col("size") < small_bytes).alias("small"),
            F.coalesce(F.sum("size"), F.lit(0)).alias("bytes"),
            F.when(F.count_if(rows.isNull()) == 0, F.coalesce(F.sum(rows), F.lit(0))).alias("rows"),
        ).collect()
        return Contents(found["files"], found["small"], found["bytes"], found["rows"])

    def marker(self, app_id: str) -> int | None:
        """The greatest transaction number that `app_id` has committed."""
        checksum = self._checksum()
        known = _optional(checksum.setTransactions()) if checksum else None
        if known is None:
            found: int | None = _optional(self._java.transactions().get(app_id))
            return found
        return next(
            (int(marker.version()) for marker in _each(known.iterator()) if marker.appId() == app_id), None
        )

    def _checksum(self) -> Any:
        return _optional(self._java.checksumOpt())


def read_snapshot(spark: SparkSession, path: str) -> Snapshot:
    """List the table's log anew and return its newest state."""
    session: Any = spark
    pair = session._jvm.org.apache.spark.sql.delta.DeltaLog.forTableWithSnapshot(session._jsparkSession, path)
    java = pair._2()
    return Snapshot(int(java.version()), java, spark)


def marker_metadata(spark: SparkSession, path: str, app_id: str, number: int, since: int) -> dict[str, Any]:
    """Return the userMetadata of the commit after version `since` that carries marker `number` of `app_id`,
    or {}."""
    session: Any = spark
    log = session._jvm.org.apache.spark.sql.delta.DeltaLog.forTable(session._jsparkSession, path)
    for change in _each(log.getChanges(since + 1, False)):
        marks, commit = _marks_and_commit(change._2())
        if (app_id, number) in marks:
            return commit.metadata
    return {}


@dataclass(frozen=True)
class Commit:
    """A commit of a table: its `operation` and `metrics` in Delta's words, and the userMetadata, {} where it
    has none."""

    operation: str
    metadata: dict[str, Any]
    metrics: dict[str, str]


def commits_since(spark: SparkSession, path: str, since: int) -> list[Commit]:
    """The commits after version `since`, in their order."""
    if read_snapshot(spark, path).version <= since:
        return []
    session: Any = spark
    log = session._jvm.org.apache.spark.sql.delta.DeltaLog.forTable(session._jsparkSession, path)
    commits = list[Commit]()
    for change in _each(log.getChanges(since + 1, False)):
        _, commit = _marks_and_commit(change._2())
        commits.append(commit)
    return commits


def _marks_and_commit(actions: Any) -> tuple[set[tuple[str, int]], Commit]:
    """The transaction markers of a commit, and what it says of itself."""
    marks: set[tuple[str, int]] = set()
    commit = Commit("", {}, {})
    for action in _each(actions.iterator()):
        kind = action.getClass().getSimpleName()
        if kind == "SetTransaction":
            marks.add((str(action.appId()), int(action.version())))
        elif kind == "CommitInfo":
            metrics = _optional(action.operationMetrics())
            commit = Commit(
                str(action.operation()),
                _as_object(_optional(action.userMetadata())),
                {} if metrics is None else {pair._1(): pair._2() for pair in _each(metrics.iterator())},
            )
    return marks, commit


def _optional(option: Any) -> Any:
    """What a Scala Option holds, or None."""
    return option.get() if option.isDefined() else None


def _each(iterator: Any) -> Iterator[Any]:
    """What a Scala Iterator gives."""
    while iterator.hasNext():
        yield iterator.next()


def _as_object(metadata: str | None) -> dict[str, Any]:
    try:
        found = json.loads(metadata or "{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
