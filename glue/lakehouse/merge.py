"""The merges of a batch: newest rows into the dataset's table, settled rows out of the orphans, and what
files that come again change among the rejects."""

from delta.tables import DeltaTable
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from lakehouse.contract import Contract, load_system_columns
from lakehouse.errors import RowsUnaccounted


def merge_rows(
    spark: SparkSession, path: str, rows: DataFrame, contract: Contract, *, only_new_keys: bool
) -> None:
    """Insert or update `rows` (from rows_to_merge) by primary key.

    A stored row yields only to a newer one: `_effective` must exceed its sequence and the sequence it was
    seen with; of its own file, to a later line whose parents came later. With `only_new_keys` Delta need not
    look for rows to update.

    Raises:
        RowsUnaccounted: if a key comes more than once; Delta would insert both.
    """
    key = contract.primary_key
    by_key = rows.groupBy(key).count()
    (found,) = by_key.agg(F.max("count"), F.min(key).alias("least"), F.max(key).alias("greatest")).collect()
    if found["max(count)"] > 1:
        raise RowsUnaccounted(
            f"the merge into {contract.dataset} got a key more than once; nothing was merged"
        )
    columns = [*contract.names, *(column.name for column in load_system_columns("lineage"))]
    values = {f"`{name}`": F.col(f"s.{name}") for name in columns}
    stored = F.col(f"t.`{key}`")
    # The span says nothing that the equality does not, but of the table alone: Delta leaves out files by it.
    same_key = (stored == F.col(f"s.`{key}`")) & stored.between(found["least"], found["greatest"])
    merge = DeltaTable.forPath(spark, path).alias("t").merge(rows.alias("s"), same_key)
    if not only_new_keys:
        known = "coalesce(s._base_effective, '')"
        newer_file = f"s._effective > t._sequence AND s._effective > {known}"
        later_line = f"s._file = t._file AND s._line > t._line AND s._effective >= {known}"
        newer = f"({newer_file}) OR ({later_line})"
        merge = merge.whenMatchedUpdate(condition=newer, set=values)
    merge.whenNotMatchedInsert(values=values).execute()


def remove_rows(
    spark: SparkSession, path: str, lines: DataFrame, columns: tuple[str, str] = ("_file", "_line")
) -> None:
    """Delete the rows that `lines` (`_file`, `_line`) names; `columns` are these two in the table."""
    file, line = columns
    same_line = f"t.{file} = s._file AND t.{line} = s._line"
    merge = DeltaTable.forPath(spark, path).alias("t").merge(lines.alias("s"), same_line)
    merge.whenMatchedDelete().execute()


def change_rejects(spark: SparkSession, path: str, changes: DataFrame) -> None:
    """Make the rejects table what `changes` (from replay.reject_changes) asks for."""
    values = {f"`{name}`": F.col(f"s.{name}") for name in changes.columns if name != "_change"}
    same_line = "t.file_id = s.file_id AND t.line = s.line"
    merge = DeltaTable.forPath(spark, path).alias("t").merge(changes.alias("s"), same_line)
    merge = merge.whenMatchedDelete("s._change = 'remove'").whenMatchedUpdate("s._change = 'replace'", values)
    merge.whenNotMatchedInsert("s._change = 'add'", values).execute()
