"""Every named query that the stack deploys runs on a real Trino, on which Athena's engine 3 is built:
docs.aws.amazon.com/athena/latest/ug/engine-versions-reference-0003.html

Trino finds the tables where Athena does, in the Data Catalog, as the stack declares them. It runs where
TRINO_HOME names an unpacked server.
"""

import json
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

import audit_events
import growing_lake
import planted_violations
from answers import as_expected
from declared_tables import audit_table, declare
from instances import PROJECT, Instance
from local_athena import LocalAthena
from named_queries import DEPLOYED, MASKED, check_masked_view
from planted_violations import validation_of
from query_oracles import ORACLES
from sample_warehouse import Warehouse, build
from trino_server import CATALOG, FILES, MEMORY, TrinoServer

HOME = os.environ.get("TRINO_HOME", "")
CHECKS = re.findall(r"^SELECT '(\w+)' AS name", validation_of(1), re.MULTILINE)


@dataclass(frozen=True)
class Declared:
    """The sample's warehouse, and the database whose tables are declared as the stack does."""

    warehouse: Warehouse
    database: str


@pytest.fixture(scope="module")
def trino(cloud: Instance, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TrinoServer]:
    if not HOME:
        pytest.skip("TRINO_HOME names no Trino server: npm run tools:trino fetches one")
    server = TrinoServer(PROJECT / HOME, tmp_path_factory.mktemp("trino"), cloud.endpoint)
    try:
        yield server.wait()
    finally:
        server.stop()


@pytest.fixture(scope="module")
def declared(cloud: Instance, tmp_path_factory: pytest.TempPathFactory) -> Declared:
    warehouse = build(cloud, tmp_path_factory.mktemp("warehouse"))
    return Declared(warehouse, declare(cloud, warehouse.tables))


def test_each_deployed_query_is_run_by_a_test_of_this_file() -> None:
    assert set(DEPLOYED) == {*ORACLES, *MASKED, "validate_tables", "list_data_access"}


@pytest.mark.parametrize("name", ORACLES)
def test_trino_answers_what_the_oracle_computes_from_the_files(
    name: str, trino: TrinoServer, declared: Declared
) -> None:
    expected = ORACLES[name](declared.warehouse.rows)
    assert as_expected(trino.run(DEPLOYED[name], declared.database).rows, expected) == expected


@pytest.mark.parametrize("name", ORACLES)
def test_the_local_athena_gives_the_names_types_and_text_of_trino(
    name: str, cloud: Instance, trino: TrinoServer, declared: Declared
) -> None:
    sql = DEPLOYED[name]
    assert LocalAthena(cloud).run(sql, declared.database) == trino.run(sql, declared.database)


@pytest.mark.parametrize("sql", [DEPLOYED["validate_tables"], validation_of(1)], ids=["tables", "batch"])
def test_the_validation_finds_on_trino_nothing_in_sound_tables(
    sql: str, trino: TrinoServer, declared: Declared
) -> None:
    found = trino.run(sql, declared.database).rows
    assert len(found) > 1
    assert [row for row in found if row[1] != "0"] == []


def test_the_validation_counts_on_trino_each_planted_violation(
    trino: TrinoServer, declared: Declared
) -> None:
    trino.run("CREATE SCHEMA planted", "default", MEMORY)
    for table in ("orders", "products", "order_items"):
        like = f"SELECT * FROM {CATALOG}.{declared.database}.{table} WHERE false"
        trino.run(f"CREATE TABLE {table} AS {like}", "planted", MEMORY)
    for statement in planted_violations.STATEMENTS:
        trino.run(statement, "planted", MEMORY)

    def found_by(sql: str) -> dict[str | None, int]:
        rows = trino.run(sql, "planted", MEMORY).rows
        return {name: int(count or 0) for name, count in rows if count != "0"}

    assert found_by(DEPLOYED["validate_tables"]) == planted_violations.FOUND_IN_TABLES
    for batch, found in planted_violations.FOUND_IN_BATCH.items():
        assert found_by(validation_of(batch)) == found, f"batch {batch}"


def test_the_validation_of_a_batch_reads_no_more_when_the_tables_have_grown(
    cloud: Instance, trino: TrinoServer, tmp_path: Path
) -> None:
    lake = growing_lake.Lake(cloud, tmp_path)
    lake.load(3)
    small = trino.bytes_read(validation_of(3), lake.database)
    lake.load(30)

    assert trino.run(validation_of(30), lake.database).rows == [[name, "0"] for name in CHECKS]
    grown = trino.bytes_read(validation_of(30), lake.database)
    tables = trino.bytes_read(DEPLOYED["validate_tables"], lake.database)
    assert 0 < grown <= small * 1.1
    assert tables > grown * 3


@pytest.mark.parametrize("name", MASKED)
def test_a_masked_view_is_created_and_read_on_trino(
    name: str, trino: TrinoServer, declared: Declared
) -> None:
    assert trino.run(DEPLOYED[name], declared.database).rows == []
    check_masked_view(
        name, lambda sql: trino.run(sql, declared.database), lambda table: len(declared.warehouse.rows[table])
    )


def test_the_audit_query_reads_the_days_of_the_trail_on_trino(
    cloud: Instance, trino: TrinoServer, declared: Declared
) -> None:
    """Only Athena reads CloudTrail's own files: here a line is a record, and all else is as declared."""
    s3, bucket = cloud.client("s3"), "audit-on-trino"
    s3.create_bucket(Bucket=bucket)
    table = audit_table(bucket)
    storage = {**table["StorageDescriptor"], "InputFormat": "org.apache.hadoop.mapred.TextInputFormat"}
    cloud.client("glue").create_table(
        DatabaseName=declared.database, TableInput={**table, "StorageDescriptor": storage}
    )
    prefix = table["StorageDescriptor"]["Location"].removeprefix(f"s3://{bucket}/")
    for number, event in enumerate(audit_events.EVENTS):
        s3.put_object(
            Bucket=bucket, Key=f"{prefix}/{event.day}/{number}.json", Body=json.dumps(event.record).encode()
        )

    found = trino.run(DEPLOYED["list_data_access"], declared.database, FILES).rows
    assert as_expected([row[:5] for row in found], audit_events.FOUND) == audit_events.FOUND
