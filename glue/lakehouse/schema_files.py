"""Reads schemas/, which lies beside this package in the job's zip and at the root of the repository."""

import json
from importlib.resources import files
from typing import Any

from lakehouse.errors import ContractInvalid


def read_schema_file(name: str) -> Any:
    """Return the JSON document schemas/<name>.

    Raises:
        ContractInvalid: if the zip or the repository lacks the file or it is not JSON.
    """
    package: Any = files("lakehouse")
    for root in (package.parent, package.parent.parent):
        try:
            return json.loads((root / "schemas" / name).read_text(encoding="utf-8"))
        except (FileNotFoundError, NotADirectoryError, KeyError):
            continue
        except json.JSONDecodeError as error:
            raise ContractInvalid(f"schemas/{name} is not JSON: {error}") from error
    raise ContractInvalid(f"schemas/{name} is missing beside the package lakehouse; package the job again")
