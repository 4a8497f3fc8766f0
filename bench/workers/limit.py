"""The bare limit: DuckDB reads the CSV files as text, sorts the rows, writes Parquet. No rule, no merge."""

from __future__ import annotations

from pathlib import Path

import duckdb

from lakehouse.contract import load_contract
from protocol import Json, delivery, serve


def load(request: Json) -> Json:
    """Write one Parquet file per dataset of the delivery."""
    batch, root = delivery(request), Path(request["root"])
    root.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(config={"threads": 2}) as database:
        for dataset in batch.datasets:
            files = batch.of(dataset)
            if not files:
                continue
            contract = load_contract(dataset)
            order = ", ".join(filter(None, [contract.partition_by, contract.primary_key]))
            target = root / f"{dataset}-{batch.number}.parquet"
            # Facts are ids and numbers: a quote there is a defect, and one that is never closed swallows the
            # lines after it.
            quote = "" if contract.partition_by else '"'
            database.execute(
                f"COPY (SELECT * FROM read_csv(?, all_varchar = true, header = true, delim = ',', "
                f"quote = '{quote}', escape = '{quote}', ignore_errors = true, strict_mode = false) "
                f"ORDER BY {order}) TO '{target}' (FORMAT parquet)",
                [[str(file.path) for file in files]],
            )
    return {}


if __name__ == "__main__":
    serve({"load": load})
