"""Job runs that fail on purpose, for tests: a file ``faults/glue-<JobName>`` in the instance's folder.

Its content is the number of runs still to fail, or ``always``.
"""

import threading
from pathlib import Path

_lock = threading.Lock()


def take(home: Path, job_name: str) -> bool:
    """Whether the run that starts now is to fail; counts it."""
    file = home / "faults" / f"glue-{job_name}"
    with _lock:
        if not file.exists():
            return False
        content = file.read_text().strip()
        if content == "always":
            return True
        left = int(content)
        if left > 1:
            file.write_text(str(left - 1))
        else:
            file.unlink()
        return left > 0
