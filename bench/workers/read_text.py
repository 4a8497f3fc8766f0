"""Reads a text object whole: its lines and characters, and how long that took. Runs with a job's settings."""

from __future__ import annotations

import sys
import time
from pathlib import Path

from protocol import Json, serve
from session import start_session


def main() -> None:
    """Serve requests `{"action": "read", "uri": ...}`."""
    from pyspark.sql import functions as F

    session = start_session(Path(sys.argv[1]), tuned=True)

    def read(request: Json) -> Json:
        began = time.perf_counter()
        counted = session.read.text(request["uri"]).agg(F.count("*"), F.sum(F.length("value"))).first()
        assert counted is not None, "an aggregate without groups is one row"
        return {"seconds": time.perf_counter() - began, "lines": counted[0], "characters": counted[1]}

    serve({"read": read})


if __name__ == "__main__":
    main()
