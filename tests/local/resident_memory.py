"""What a process holds in memory, as Linux counts it: proc(5)."""

from pathlib import Path


def megabytes(pid: int, what: str) -> int:
    """A line of the process's status: ``VmRSS`` is what it holds now, ``VmHWM`` the most it has held."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith(what)).split()[1]) // 1024


def reset_peak(pid: int) -> None:
    """Let VmHWM begin anew, at what the process holds now."""
    Path(f"/proc/{pid}/clear_refs").write_text("5")
