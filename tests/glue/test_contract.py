"""Contracts, error names, the lease and the job's arguments: everything that needs no Spark."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from lakehouse import errors
from lakehouse.contract import load_contract, parse_contract
from lakehouse.lease import DynamoLease
from lakehouse.schema_files import read_schema_file
from lakehouse.settings import settings_from

PROJECT = Path(__file__).resolve().parents[2]
ARGUMENTS = {
    "OPERATION": "load",
    "DATASET": "orders",
    "WAREHOUSE": "warehouse",
    "LEDGER_TABLE": "ledger",
    "MANIFEST": "s3://artefacts/batches/epoch/000012/manifest-ab.json",
    "MANIFEST_HASH": "ab",
    "LEASE_OWNER": "me",
    "LEASE_FENCE": "3",
}


def test_every_error_has_the_family_that_the_list_of_errors_gives_it() -> None:
    families = {
        error["name"]: error["family"] for error in json.loads((PROJECT / "schemas/errors.json").read_text())
    }
    bases = {"LakehouseError", "TerminalError", "TransientError"}
    ours = {
        name: found.family
        for name, found in vars(errors).items()
        if isinstance(found, type) and issubclass(found, errors.LakehouseError) and name not in bases
    }
    assert len(ours) > 8
    assert {name: families.get(name) for name in ours} == ours


def test_a_foreign_error_is_transient_and_shows_only_its_first_line() -> None:
    named = errors.classify(ValueError("bad\nrow 1,2,secret"))
    assert (type(named), str(named)) == (errors.JobInterrupted, "ValueError: bad")
    lost = errors.classify(RuntimeError("An error: com.amazonaws.SdkClientException: Unable to execute"))
    assert isinstance(lost, errors.ServiceUnavailable)


def test_the_contracts_name_keys_types_and_parents() -> None:
    items = load_contract("order_items")
    assert [(key.column, key.dataset, key.parent_key) for key in items.foreign_keys] == [
        ("order_id", "orders", "order_id"),
        ("product_id", "products", "product_id"),
    ]
    assert [column.name for column in items.columns if column.nullable] == ["days_since_prior_order"]
    assert load_contract("orders").column("total_amount").sql_type == "decimal(12,2)"


def test_a_contract_that_refers_to_an_unknown_column_or_does_not_exist_is_refused() -> None:
    document = read_schema_file("datasets/orders.schema.json")
    with pytest.raises(ValueError, match="unknown columns"):
        parse_contract("orders", {**document, "x-partitionBy": "day"})
    with pytest.raises(errors.ContractInvalid, match=r"nothing\.schema\.json is missing"):
        load_contract("nothing")


def test_the_package_reads_its_schemas_out_of_the_zip(tmp_path: Path) -> None:
    package = tmp_path / "package.zip"
    with zipfile.ZipFile(package, "w") as archive:
        for folder, root in (
            (PROJECT / "glue" / "lakehouse", PROJECT / "glue"),
            (PROJECT / "schemas", PROJECT),
        ):
            for file in folder.rglob("*"):
                if file.suffix in (".py", ".json"):
                    archive.write(file, file.relative_to(root))
    code = "import sys; sys.path.insert(0, sys.argv[1])\n"
    code += "from lakehouse import contract as c; print(c.__file__, c.load_contract('orders').primary_key)"
    run = subprocess.run(
        [sys.executable, "-I", "-c", code, str(package)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout.startswith(str(package)) and run.stdout.strip().endswith("order_id")


class Ledger:
    """A DynamoDB client that holds one control item."""

    def __init__(self, owner: str | None, fence: int) -> None:
        self.item: dict[str, Any] = {"fence": {"N": str(fence)}, **({"owner": {"S": owner}} if owner else {})}
        self.requests: list[dict[str, Any]] = []

    def get_item(self, **request: Any) -> dict[str, Any]:
        self.requests.append(request)
        return {"Item": self.item}


def test_the_lease_holds_only_for_its_owner_and_fence_and_is_read_consistently() -> None:
    ledger = Ledger("me", 3)
    DynamoLease(ledger, "ledger", "me", 3).check()
    assert ledger.requests[0]["ConsistentRead"] is True
    for found in (Ledger("me", 4), Ledger("you", 3), Ledger(None, 3)):
        with pytest.raises(errors.LeaseLost, match="must not write"):
            DynamoLease(found, "ledger", "me", 3).check()


def test_arguments_are_checked_all_at_once() -> None:
    settings = settings_from(ARGUMENTS)
    assert (settings.prefix, settings.number) == ("s3://artefacts/batches/epoch/000012/", 12)
    with pytest.raises(errors.InvalidEnvironment, match="--DATASET is missing; --LEASE_FENCE is no number"):
        settings_from({**ARGUMENTS, "DATASET": "", "LEASE_FENCE": "x"})
    with pytest.raises(errors.InvalidEnvironment, match="--OPERATION is none of load, withdraw"):
        settings_from({**ARGUMENTS, "OPERATION": "drop"})
