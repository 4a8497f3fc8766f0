"""Finding and ending processes that the local cloud started, without ever touching another's.

A pid alone is no identity (numbers are used again), so a process is known by pid and start time.
"""

import contextlib
import os
import signal
import subprocess
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class ProcessIdentity:
    """A process of this machine: its pid and when it began, in the system's own words."""

    pid: int
    started: str


def _stat(pid: int) -> list[str] | None:
    try:
        # The command name, in parentheses, may hold blanks: the fields begin behind the last ")".
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None


def _ps(*arguments: str) -> str:
    done = subprocess.run(["ps", *arguments], capture_output=True, text=True, check=False)
    return done.stdout.strip()


def identify(pid: int) -> ProcessIdentity | None:
    """The identity of a process that is alive, None when there is none (a zombie counts as gone)."""
    if Path("/proc/self/stat").exists():
        fields = _stat(pid)
        return ProcessIdentity(pid, fields[19]) if fields and fields[0] != "Z" else None
    started = _ps("-o", "lstart=", "-p", str(pid))
    return ProcessIdentity(pid, started) if started else None


def is_alive(process: ProcessIdentity) -> bool:
    """Whether exactly this process still runs."""
    return identify(process.pid) == process


def _parents() -> dict[int, int]:
    if Path("/proc/self/stat").exists():
        pids = [int(entry) for entry in os.listdir("/proc") if entry.isdigit()]
        return {pid: int(fields[1]) for pid in pids if (fields := _stat(pid))}
    rows = [line.split() for line in _ps("-axo", "pid=,ppid=").splitlines()]
    return {int(pid): int(parent) for pid, parent in rows}


def descendants(pid: int) -> list[int]:
    """The children of ``pid`` and theirs, nearest first."""
    parents = _parents()
    found = [pid]
    for ancestor in found:
        found += [child for child, parent in parents.items() if parent == ancestor]
    return found[1:]


def _signal(pid: int, name: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, name)


def kill_tree(process: ProcessIdentity) -> bool:
    """Kill this process and its descendants at once; False when it was gone already."""
    if not is_alive(process):
        return False
    below = descendants(process.pid)
    _signal(process.pid, signal.SIGKILL)
    for pid in below:
        _signal(pid, signal.SIGKILL)
    return True


def kill_descendants(pid: int) -> None:
    """Kill everything that ``pid`` started and that still runs."""
    for child in descendants(pid):
        _signal(child, signal.SIGKILL)
