"""The job that everyone writes first: a schema that Spark infers, a count() for each rule, dropDuplicates, a
left_anti join for each foreign key, and a MERGE that updates and inserts all. Rules and columns come from the
contract, as far as such a job checks them. Argument: folder for temporary files."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from lakehouse.contract import Contract, load_contract
from protocol import Delivery, Json, delivery, serve
from session import start_session

if TYPE_CHECKING:
    from pyspark.sql import Column, DataFrame


class Worker:
    """One Spark session with Spark's own defaults, or with the settings of the service's jobs."""

    def __init__(self, scratch: Path, *, tuned: bool) -> None:
        self._spark = start_session(scratch, tuned=tuned)

    def load(self, request: Json) -> Json:
        """Load a delivery, parents first."""
        batch = delivery(request)
        for dataset in batch.datasets:
            if batch.of(dataset):
                self._load(batch, load_contract(dataset), request["root"])
        return {}

    def _load(self, batch: Delivery, contract: Contract, root: str) -> None:
        from pyspark.sql import functions as F

        paths = [str(file.path) for file in batch.of(contract.dataset)]
        rows = self._read(paths, contract)
        rejects = f"file:{root}/{contract.rejects_table}"
        for rule, broken in rules(contract):
            rows = _without(
                rows, rows.where(broken), rows.where(~F.coalesce(broken, F.lit(False))), rule, rejects
            )
        rows = rows.select(*(F.col(column.name).cast(column.sql_type) for column in contract.columns))
        rows = rows.dropDuplicates([contract.primary_key])
        for key in contract.foreign_keys:
            parents = self._spark.read.format("delta").load(f"file:{root}/{key.dataset}")
            keys = parents.select(F.col(key.parent_key).alias(key.column))
            missing = rows.join(keys, on=key.column, how="left_anti")
            known = rows.join(keys, on=key.column, how="left_semi")
            rows = _without(rows, missing, known, f"{key.column} unknown", rejects)
        self._merge(rows.select(*contract.names), contract, f"file:{root}/{contract.dataset}")

    def _read(self, paths: list[str], contract: Contract) -> DataFrame:
        from pyspark.sql.types import StringType, StructField, StructType

        reader = self._spark.read.option("header", True)
        inferred = reader.option("inferSchema", True).csv(paths).schema
        # Whoever writes this job finds out soon that ids lose their leading zeros.
        text = {column.name for column in contract.columns if column.kind == "string"}
        fields = [StructField(f.name, StringType()) if f.name in text else f for f in inferred.fields]
        return reader.option("inferSchema", False).schema(StructType(fields)).csv(paths)

    def _merge(self, rows: DataFrame, contract: Contract, path: str) -> None:
        from delta.tables import DeltaTable

        if not DeltaTable.isDeltaTable(self._spark, path):
            writer = rows.write.format("delta")
            (writer.partitionBy(contract.partition_by) if contract.partition_by else writer).save(path)
            return
        key = contract.primary_key
        (
            DeltaTable.forPath(self._spark, path)
            .alias("t")
            .merge(rows.alias("s"), f"t.{key} = s.{key}")
            .whenMatchedUpdateAll()
            .whenNotMatchedInsertAll()
            .execute()
        )


def rules(contract: Contract) -> list[tuple[str, Column]]:
    """The rules by name, each true where a row breaks it."""
    from pyspark.sql import functions as F

    found: list[tuple[str, Column]] = []
    for column in contract.columns:
        text, value = F.col(column.name), F.col(column.name).cast(column.sql_type)
        if not column.nullable:
            found.append((f"{column.name} is null", text.isNull()))
        if column.kind != "string":
            found.append((f"{column.name} has the wrong type", text.isNotNull() & value.isNull()))
        if column.max_length is not None:
            found.append((f"{column.name} is too long", F.length(value) > column.max_length))
        if column.minimum is not None:
            found.append((f"{column.name} is too small", value < column.minimum))
        if column.maximum is not None:
            found.append((f"{column.name} is too large", value > column.maximum))
        if column.earliest is not None:
            found.append((f"{column.name} is too early", value < F.lit(column.earliest).cast("timestamp")))
        if column.date_of is not None:
            moment = F.col(column.date_of).cast("timestamp")
            found.append((f"{column.name} does not fit", F.to_date(moment) != value))
    return found


def _without(rows: DataFrame, bad: DataFrame, good: DataFrame, rule: str, rejects: str) -> DataFrame:
    from pyspark.sql import functions as F

    if bad.count() == 0:
        return rows
    reported = bad.select(F.to_json(F.struct("*")).alias("raw"), F.lit(rule).alias("reason"))
    reported.write.format("delta").mode("append").save(rejects)
    return good


if __name__ == "__main__":
    worker = Worker(Path(sys.argv[1]), tuned="--tuned" in sys.argv)
    serve({"load": worker.load})
