"""The lines of a batch's files: counted, split, judged, and without those that have no place in it."""

from dataclasses import dataclass, field

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from lakehouse.contract import Contract
from lakehouse.documents import Documents
from lakehouse.erased import leave_out
from lakehouse.kept_files import KeptFiles, Lines, clean
from lakehouse.manifest import Batch
from lakehouse.progress import Progress
from lakehouse.read import count_lines, number_lines, read_lines, rows_read
from lakehouse.reject_rate import count_broken, files_over_rate
from lakehouse.rules import judge
from lakehouse.split import split_lines


@dataclass(frozen=True)
class Arrivals:
    """What the files hold. `judged` is None where there are none.

    By file id: `read`, its data lines, without files over the reject rate; `over_rate`, why a file is over
    it; `erased`, the numbers of its lines that are about people who were erased.
    """

    judged: DataFrame | None = None
    read: dict[str, int] = field(default_factory=dict)
    over_rate: dict[str, str] = field(default_factory=dict)
    erased: dict[str, list[int]] = field(default_factory=dict)


def judge_files(
    spark: SparkSession,
    batch: Batch,
    contract: Contract,
    documents: Documents,
    progress: Progress,
    *,
    once: bool,
) -> Arrivals:
    """Count and judge the lines of the batch's files. One Spark action, one more each for a reject rate and
    for people who were erased. `once`: the lines will be read more than once, and are judged the first time
    only.

    Raises:
        DocumentMissing: the key of the people's digests is not there.
    """
    if not batch.files:
        return Arrivals()
    texts = read_lines(spark, batch.files)
    blocks = count_lines(texts)
    read = rows_read(blocks, batch.files)
    progress.done("lines counted", files=len(batch.files), read=sum(read.values()))
    lines = number_lines(spark, texts, blocks, batch.files, contract)
    width = max(len(file.columns) for file in batch.files)
    kept, about = leave_out(split_lines(lines, contract, width), contract, batch.erased, documents)
    erased = _lines_by_file(about)
    judged = judge(kept, contract)
    if once or batch.max_reject_rate is not None:
        judged = judged.localCheckpoint(eager=False)
    if batch.max_reject_rate is None:
        return Arrivals(judged, read, {}, erased)
    # A file that was loaded before has rows in the tables, and loading takes none out of them.
    measured = {file.file_id: read[file.file_id] for file in batch.files if file.loaded is None}
    over_rate = files_over_rate(count_broken(judged), measured, batch.max_reject_rate)
    progress.done("reject rates compared", rejected_files=len(over_rate))
    if not over_rate:
        return Arrivals(judged, read, {}, erased)
    return Arrivals(
        judged.where(~F.col("_file").isin(*over_rate)),
        {file: rows for file, rows in read.items() if file not in over_rate},
        over_rate,
        erased,
    )


def clean_copies(arrivals: Arrivals, batch: Batch, contract: Contract, files: KeptFiles, key: bytes) -> None:
    """Take the lines of people who were erased out of the working copies, which are what is archived then."""
    if batch.erased is None or contract.subject is None:
        return
    lines = Lines(batch.erased.digests, key, [contract.subject])
    for file in batch.files:
        if file.file_id in arrivals.erased:
            clean(files, file.uri, lines)


def _lines_by_file(about: DataFrame | None) -> dict[str, list[int]]:
    if about is None:
        return {}
    found: dict[str, list[int]] = {}
    for row in about.collect():
        found.setdefault(row["_file"], []).append(row["_line"])
    return {file: sorted(lines) for file, lines in found.items()}
