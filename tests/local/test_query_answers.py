"""Every named query answers on the local Athena, over Delta tables, what an oracle finds in the files."""

from decimal import Decimal

import pytest
import sqlglot

from answers import as_expected
from instances import PROJECT, Instance
from local_athena import LocalAthena
from named_queries import DEPLOYED, MASKED, PERSONAL, check_masked_view
from planted_violations import validation_of
from query_oracles import ORACLES, half_up
from sample_warehouse import Warehouse, build

QUERIES = {path.stem: path.read_text() for path in sorted((PROJECT / "queries").glob("*.sql"))}


@pytest.fixture(scope="module")
def warehouse(cloud: Instance, tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    return build(cloud, tmp_path_factory.mktemp("warehouse"))


@pytest.fixture(scope="module")
def athena(cloud: Instance) -> LocalAthena:
    return LocalAthena(cloud)


def test_every_query_has_an_oracle_and_there_are_a_dozen() -> None:
    assert set(QUERIES) == set(ORACLES)
    assert len(QUERIES) >= 12


@pytest.mark.parametrize("name", QUERIES)
def test_a_query_answers_what_the_oracle_computes_from_the_files(
    name: str, athena: LocalAthena, warehouse: Warehouse
) -> None:
    expected = ORACLES[name](warehouse.rows)
    assert expected
    assert as_expected(athena.run(QUERIES[name], warehouse.database).rows, expected) == expected


@pytest.mark.parametrize("sql", [DEPLOYED["validate_tables"], validation_of(1)], ids=["tables", "batch"])
def test_the_validation_finds_nothing_in_sound_tables(
    sql: str, athena: LocalAthena, warehouse: Warehouse
) -> None:
    found = athena.run(sql, warehouse.database).rows
    assert len(found) > 1
    assert [row for row in found if row[1] != "0"] == []


@pytest.mark.parametrize("name", MASKED)
def test_a_masked_view_has_every_column_and_every_row_but_no_personal_value(
    name: str, athena: LocalAthena, warehouse: Warehouse
) -> None:
    assert athena.run(DEPLOYED[name], warehouse.database).rows == []
    check_masked_view(
        name, lambda sql: athena.run(sql, warehouse.database), lambda table: len(warehouse.rows[table])
    )


def test_there_is_a_masked_view_of_every_table_with_personal_columns() -> None:
    assert {f"create_{table}_masked" for table in PERSONAL} == set(MASKED)


@pytest.mark.parametrize("name", QUERIES)
def test_a_query_is_valid_in_the_dialect_of_trino(name: str) -> None:
    (statement,) = sqlglot.parse(QUERIES[name], read="trino")
    assert statement is not None
    assert isinstance(statement, sqlglot.exp.Query)


def test_an_oracle_rounds_half_up_as_sql_does() -> None:
    assert [half_up(Decimal("0.125"), 2), half_up(2.675, 2)] == [Decimal("0.13"), Decimal("2.68")]
