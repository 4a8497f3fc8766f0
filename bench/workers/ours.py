"""The service's own jobs: plans a batch as the service would, and runs the Glue jobs' code on it.

Arguments: folder of the lake, folder for temporary files. What the ledger would know lies in the lake's
folder, so that a worker goes on where another one ended.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from lake import Lake
from protocol import Json, delivery, serve
from session import start_session

_KNOWN = ("number", "landed", "confirmations", "ledger")


class Worker:
    """One Spark session for any number of lakes."""

    def __init__(self, scratch: Path) -> None:
        self._spark = start_session(scratch, tuned=True)

    def load(self, request: Json) -> Json:
        """Load a delivery; answers the rows by outcome and dataset."""
        batch, root = delivery(request), Path(request["root"])
        state = root / "state.json"
        known = json.loads(state.read_text()) if state.exists() else {}
        lake = Lake(self._spark, root, new=True, **known)
        files = [
            lake.land(
                file.dataset,
                file.path.read_bytes(),
                columns=file.columns,
                name=file.name.removesuffix(".csv"),
                modified=file.modified,
            )
            for file in batch.files
        ]
        results = lake.load(*files, planned_at=batch.planned_at)
        state.write_text(json.dumps({name: getattr(lake, name) for name in _KNOWN}))
        rows: dict[str, dict[str, int]] = {}
        for dataset, result in results.items():
            totals = rows.setdefault(dataset, {})
            for outcome in (file["rows"] for file in result["files"]):
                for name, count in outcome.items():
                    totals[name] = totals.get(name, 0) + count
        return {"rows": rows}

    def idle(self, request: Json) -> Json:
        """Create an empty Delta table and read it: what a session costs that does nothing."""
        path = f"file:{request['root']}/nothing"
        self._spark.range(0).write.format("delta").save(path)
        return {"rows": self._spark.read.format("delta").load(path).count()}


if __name__ == "__main__":
    worker = Worker(Path(sys.argv[1]))
    serve({"load": worker.load, "idle": worker.idle})
