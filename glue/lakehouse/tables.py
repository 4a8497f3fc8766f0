"""The Delta tables that a job owns: what they look like, creating them empty, and letting them follow the
contract."""

from dataclasses import dataclass
from typing import Any

from delta.tables import DeltaTable
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.types import StructType

from lakehouse.contract import Contract, SystemColumn, load_system_columns
from lakehouse.delta_log import read_snapshot
from lakehouse.errors import TableSchemaMismatch
from lakehouse.schema_files import read_schema_file
from lakehouse.settings import with_settings

# Delta drops a commit by its own age, not by the time at which its version was replaced. A table that nobody
# had changed for longer than this cannot go back to that version.
LOG_MARGIN_DAYS = 365


@dataclass(frozen=True)
class TableColumn:
    """A column as it is created. `evolves`: it may be added to a table that holds data; `pii`: Delta must not
    copy its values into the table's log."""

    name: str
    sql_type: str
    nullable: bool
    comment: str
    evolves: bool = False
    pii: bool = False


@dataclass(frozen=True)
class Table:
    """A Delta table at `path` (no trailing slash)."""

    name: str
    path: str
    columns: tuple[TableColumn, ...]
    partition_by: str | None


def tables_of(contract: Contract, warehouse: str, *, additive: bool) -> list[Table]:
    """The dataset's own table, its rejects and, with foreign keys, its orphans.

    `warehouse` is a URI; with `additive` a nullable column may be added to a table that holds data.
    """
    values = tuple(
        TableColumn(
            column.name,
            column.sql_type,
            column.nullable,
            column.description,
            evolves=additive and column.nullable,
            pii=column.pii,
        )
        for column in contract.columns
    )
    lineage = _system(load_system_columns("lineage"))
    tables = [
        Table(contract.dataset, f"{warehouse}/{contract.dataset}", values + lineage, contract.partition_by),
        Table(
            contract.rejects_table,
            f"{warehouse}/{contract.rejects_table}",
            _system(load_system_columns("rejects")),
            None,
        ),
    ]
    if contract.orphans_table:
        columns = values + lineage + _system(load_system_columns("orphans"))
        tables.append(Table(contract.orphans_table, f"{warehouse}/{contract.orphans_table}", columns, None))
    return tables


def ensure_tables(spark: SparkSession, tables: list[Table], undo_days: int | None) -> None:
    """Create the tables empty (version 0), or add the columns that their contract got since; either way they
    keep their versions for `undo_days`, None for Delta's own defaults.

    Raises:
        TableSchemaMismatch: naming the columns that differ and may not be changed by a load; no table is
        touched.
    """
    found = [(table, read_snapshot(spark, table.path)) for table in tables]
    grown = [
        (table, missing_columns(table, snapshot.schema)) for table, snapshot in found if snapshot.version >= 0
    ]
    for table, snapshot in found:
        if snapshot.version < 0:
            _create(spark, table, undo_days)
        elif undo_days is not None:
            keep_for(spark, table, undo_days)
    for table, added in grown:
        if added:
            _add_columns(spark, table, added)


def missing_columns(table: Table, existing: StructType) -> list[TableColumn]:
    """Columns to add to `existing`; raises TableSchemaMismatch unless nothing else differs."""
    found = {field.name: field.dataType.simpleString() for field in existing.fields}
    wanted = {column.name: column.sql_type for column in table.columns}
    problems = [
        f"{name} is {found[name]}, the contract says {wanted[name]}"
        for name in wanted
        if name in found and found[name] != wanted[name]
    ]
    problems += [f"{name} is not in the contract" for name in found if name not in wanted]
    added = [column for column in table.columns if column.name not in found]
    problems += [f"{column.name} is missing and may not be added" for column in added if not column.evolves]
    if problems:
        raise TableSchemaMismatch(
            f"table {table.name}: {'; '.join(problems)}. Migrate the table or mend the contract (x-evolution)"
        )
    return added


def read_version(spark: SparkSession, table: Table, version: int) -> DataFrame:
    """The table as it was at `version`."""
    return spark.read.format("delta").option("versionAsOf", version).load(table.path)


def describe_table(spark: SparkSession, table: Table) -> dict[str, Any]:
    """The table as the documents name it: version, number of rows, columns with their types, and its files,
    `small` being those below the size of schemas/tables/files.json."""
    snapshot = read_snapshot(spark, table.path)
    contents = snapshot.contents(int(read_schema_file("tables/files.json")["smallBytes"]))
    rows = contents.rows
    if rows is None:
        rows = read_version(spark, table, snapshot.version).count()
    columns = [
        {"name": field.name, "type": field.dataType.simpleString()} for field in snapshot.schema.fields
    ]
    files = {"count": contents.files, "small": contents.small, "bytes": contents.bytes}
    return {
        "name": table.name,
        "version": snapshot.version,
        "rows": rows,
        "columns": columns,
        "files": files,
    }


def _create(spark: SparkSession, table: Table, undo_days: int | None) -> None:
    builder = DeltaTable.createIfNotExists(spark).location(table.path)
    for column in table.columns:
        builder = builder.addColumn(
            column.name, column.sql_type, nullable=column.nullable, comment=column.comment
        )
    if table.partition_by:
        builder = builder.partitionedBy(table.partition_by)
    for name, value in ({} if undo_days is None else _retention(undo_days)).items():
        builder = builder.property(name, value)
    builder.property("delta.dataSkippingStatsColumns", ",".join(_with_statistics(table))).execute()


def keep_for(spark: SparkSession, table: Table, undo_days: int) -> None:
    """Let the table keep what it replaces for so many days, should it keep it otherwise."""
    snapshot = read_snapshot(spark, table.path)
    wanted = _retention(undo_days)
    if all(snapshot.setting(name) == value for name, value in wanted.items()):
        return
    pairs = ", ".join(f"'{name}' = '{value}'" for name, value in wanted.items())
    spark.sql(f"ALTER TABLE delta.`{table.path}` SET TBLPROPERTIES ({pairs})")


def vacuum(spark: SparkSession, table: Table, hours: int) -> None:
    """Remove the files that no version of so many hours has."""
    tasks = 2 * max(spark.sparkContext.defaultParallelism, 2)
    settings = {
        # Delta lists with 10,000 tasks otherwise, one folder each or none.
        "spark.sql.sources.parallelPartitionDiscovery.parallelism": str(tasks),
        # Its default hangs on the file system, and a later run learns from the log what was removed.
        "spark.databricks.delta.vacuum.logging.enabled": "true",
        # Delta refuses what is shorter than the table's own retention: an erasure ends it on purpose.
        "spark.databricks.delta.retentionDurationCheck.enabled": "false",
    }
    with with_settings(spark, settings):
        DeltaTable.forPath(spark, table.path).vacuum(hours)


def _retention(undo_days: int) -> dict[str, str]:
    """VACUUM goes by the removals that the table's state still names: they stay as long as the files."""
    return {
        "delta.deletedFileRetentionDuration": f"interval {undo_days} days",
        "delta.logRetentionDuration": f"interval {undo_days + LOG_MARGIN_DAYS} days",
    }


def _with_statistics(table: Table) -> list[str]:
    """Columns of which Delta may keep least and greatest values in the log. A person who is erased must not
    stay there, so none of those that hold personal data. A column that is added later has none either."""
    return [
        column.name
        for column in table.columns
        if not column.pii and column.name != table.partition_by and _can_have_statistics(column.sql_type)
    ]


def _can_have_statistics(sql_type: str) -> bool:
    # Delta refuses to list others: https://docs.delta.io/latest/optimizations-oss.html#data-skipping
    return sql_type.split("(")[0] in ("string", "int", "bigint", "decimal", "timestamp", "date")


def _add_columns(spark: SparkSession, table: Table, added: list[TableColumn]) -> None:
    names = [column.name for column in table.columns]
    parts = []
    for column in added:
        place = names.index(column.name)
        after = f"AFTER `{names[place - 1]}`" if place else "FIRST"
        comment = column.comment.replace("\\", "\\\\").replace("'", "\\'")
        parts.append(f"`{column.name}` {column.sql_type} COMMENT '{comment}' {after}")
    spark.sql(f"ALTER TABLE delta.`{table.path}` ADD COLUMNS ({', '.join(parts)})")


def _system(columns: tuple[SystemColumn, ...]) -> tuple[TableColumn, ...]:
    return tuple(
        TableColumn(column.name, column.sql_type, True, column.description, pii=column.pii)
        for column in columns
    )
