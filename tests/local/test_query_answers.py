"""Every named query answers on the local Athena, over Delta tables, what an oracle finds in the files."""

import json
import uuid
from decimal import Decimal
from typing import Any

import pytest
import sqlglot

from instances import PROJECT, Instance, wait_for
from query_oracles import ORACLES, half_up
from sample_warehouse import Warehouse, build

_DERIVED = json.loads((PROJECT / "generated" / "queries.json").read_text())["Resources"]
MASKED: dict[str, str] = {
    resource["Properties"]["Name"]: resource["Properties"]["QueryString"]
    for resource in _DERIVED.values()
    if resource["Properties"]["Name"].endswith("_masked")
}
_CATALOG = json.loads((PROJECT / "generated" / "catalog.json").read_text())["Resources"]
_TABLES = {resource["Properties"]["TableInput"]["Name"]: resource for resource in _CATALOG.values()}
COLUMNS: dict[str, list[str]] = {
    name: [c["Name"] for c in resource["Properties"]["TableInput"]["StorageDescriptor"]["Columns"]]
    for name, resource in _TABLES.items()
}
PERSONAL: dict[str, list[str]] = {
    name: resource["Properties"]["TableInput"]["Parameters"]["lakehouse.pii"].split(",")
    for name, resource in _TABLES.items()
    if "lakehouse.pii" in resource["Properties"]["TableInput"]["Parameters"]
}
QUERIES = {path.stem: path.read_text() for path in sorted((PROJECT / "queries").glob("*.sql"))}


@pytest.fixture(scope="module")
def warehouse(cloud: Instance, tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    return build(cloud, tmp_path_factory.mktemp("warehouse"))


@pytest.fixture(scope="module")
def workgroup(cloud: Instance) -> str:
    bucket = f"results-{uuid.uuid4()}"
    cloud.client("s3").create_bucket(Bucket=bucket)
    name = f"w-{uuid.uuid4()}"
    results = {"ResultConfiguration": {"OutputLocation": f"s3://{bucket}/"}}
    cloud.client("athena").create_work_group(Name=name, Configuration=results)
    return name


def answer_of(cloud: Instance, workgroup: str, database: str, sql: str) -> list[list[str | None]]:
    athena = cloud.client("athena")
    query = athena.start_query_execution(
        QueryString=sql, WorkGroup=workgroup, QueryExecutionContext={"Database": database}
    )["QueryExecutionId"]

    def status() -> dict[str, Any] | None:
        found: dict[str, Any] = athena.get_query_execution(QueryExecutionId=query)["QueryExecution"]["Status"]
        return found if found["State"] not in ("QUEUED", "RUNNING") else None

    ended = wait_for(status, "the query to end")
    assert ended["State"] == "SUCCEEDED", ended
    rows = athena.get_query_results(QueryExecutionId=query)["ResultSet"]["Rows"][1:]
    return [[cell.get("VarCharValue") for cell in row["Data"]] for row in rows]


def as_expected(actual: str | None, expected: Any) -> Any:
    """A cell of Athena's text, as the type that the oracle gives."""
    return actual if actual is None or expected is None else type(expected)(actual)


def test_every_query_has_an_oracle_and_there_are_a_dozen() -> None:
    assert set(QUERIES) == set(ORACLES)
    assert len(QUERIES) >= 12


@pytest.mark.parametrize("name", QUERIES)
def test_a_query_answers_what_the_oracle_computes_from_the_files(
    name: str, cloud: Instance, workgroup: str, warehouse: Warehouse
) -> None:
    expected = ORACLES[name](warehouse.rows)
    actual = answer_of(cloud, workgroup, warehouse.database, QUERIES[name])
    assert expected
    assert len(actual) == len(expected)
    typed = [
        [as_expected(cell, wanted) for cell, wanted in zip(row, wanted_row, strict=True)]
        for row, wanted_row in zip(actual, expected, strict=True)
    ]
    assert typed == expected


def test_the_validation_finds_nothing_in_sound_tables(
    cloud: Instance, workgroup: str, warehouse: Warehouse
) -> None:
    sql = (PROJECT / "generated" / "validation.sql").read_text()
    found = {str(name): count for name, count in answer_of(cloud, workgroup, warehouse.database, sql)}
    assert len(found) > 1
    assert {name: count for name, count in found.items() if count != "0"} == {}


@pytest.mark.parametrize("name", MASKED)
def test_a_masked_view_has_every_column_and_every_row_but_no_personal_value(
    name: str, cloud: Instance, workgroup: str, warehouse: Warehouse
) -> None:
    table = name.removeprefix("create_").removesuffix("_masked")
    assert answer_of(cloud, workgroup, warehouse.database, MASKED[name]) == []
    personal, others = PERSONAL[table], [c for c in COLUMNS[table] if c not in PERSONAL[table]]

    def rows_of(source: str, columns: list[str]) -> list[list[str | None]]:
        listed = ", ".join(f'"{column}"' for column in columns)
        sql = f"SELECT {listed} FROM {source} ORDER BY {listed}"
        return answer_of(cloud, workgroup, warehouse.database, sql)

    assert rows_of(f"{table}_masked", others) == rows_of(table, others)
    hidden = rows_of(f"{table}_masked", personal)
    assert hidden == [["***"] * len(personal)] * len(warehouse.rows[table])


def test_there_is_a_masked_view_of_every_table_with_personal_columns() -> None:
    assert {f"create_{table}_masked" for table in PERSONAL} == set(MASKED)


@pytest.mark.parametrize("name", QUERIES)
def test_a_query_is_valid_in_the_dialect_of_trino(name: str) -> None:
    (statement,) = sqlglot.parse(QUERIES[name], read="trino")
    assert statement is not None
    assert isinstance(statement, sqlglot.exp.Query)


def test_an_oracle_rounds_half_up_as_sql_does() -> None:
    assert [half_up(Decimal("0.125"), 2), half_up(2.675, 2)] == [Decimal("0.13"), Decimal("2.68")]
