"""The processes of an instance, on record in its folder so that a later start can end what a crash left."""

import json
import logging
from pathlib import Path

from localcloud.processes import ProcessIdentity, identify, is_alive, kill_tree

_log = logging.getLogger("localcloud")


def _folder(home: Path) -> Path:
    return home / "pids"


def record(home: Path, pid: int) -> ProcessIdentity | None:
    """Put a child on record; None when it ended already."""
    process = identify(pid)
    if process is not None:
        _folder(home).mkdir(exist_ok=True)
        file = _folder(home) / f"{pid}.json"
        file.write_text(json.dumps({"pid": pid, "started": process.started}))
    return process


def _on_record(home: Path) -> list[tuple[Path, ProcessIdentity]]:
    found = []
    for file in _folder(home).glob("*.json"):
        try:
            document = json.loads(file.read_text())
            found.append((file, ProcessIdentity(document["pid"], document["started"])))
        except (ValueError, KeyError):
            # Half written when the launcher was killed: too young to have done anything.
            file.unlink()
    return found


def forget_ended(home: Path) -> None:
    """Take those that ended off the record."""
    for file, process in _on_record(home):
        if not is_alive(process):
            file.unlink(missing_ok=True)


def kill_leftovers(home: Path) -> int:
    """Kill what a launcher that is gone has left behind in this folder; how many there were."""
    killed = 0
    for file, process in _on_record(home):
        killed += kill_tree(process)
        file.unlink(missing_ok=True)
    if killed:
        _log.warning("ended %d processes that the last run of this local cloud left behind", killed)
    return killed
