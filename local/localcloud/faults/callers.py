"""The process at the other end of a connection, and the connection itself."""

import contextlib
import os
import socket
import stat
import subprocess
from pathlib import Path

from localcloud.processes import descendants


def hang_up(port: int) -> None:
    """Close this process's connection with the peer at ``port``, in both directions and at once."""
    for descriptor in map(int, os.listdir("/dev/fd")):
        with contextlib.suppress(OSError):
            # A copy of what is no socket would never be closed: none is made.
            if not stat.S_ISSOCK(os.fstat(descriptor).st_mode):
                continue
            with socket.socket(fileno=os.dup(descriptor)) as connection:
                # The peer of a socket of another family has no port at that place.
                if connection.getpeername()[1:2] == (port,):
                    connection.shutdown(socket.SHUT_RDWR)


def caller_of(port: int) -> int | None:
    """The process, of those that this one has started, that holds the local port; None when there is none."""
    below = descendants(os.getpid())
    if Path("/proc/net/tcp").exists():
        return _by_proc(port, below)
    told = subprocess.run(
        ["lsof", "-nP", f"-iTCP:{port}", "-Fp"], capture_output=True, text=True, check=False
    )
    holders = {int(line[1:]) for line in told.stdout.splitlines() if line.startswith("p")}
    return next((pid for pid in below if pid in holders), None)


def _by_proc(port: int, pids: list[int]) -> int | None:
    inodes = _inodes_of(port)
    for pid in pids:
        with contextlib.suppress(OSError):
            for entry in Path(f"/proc/{pid}/fd").iterdir():
                with contextlib.suppress(OSError):
                    if os.readlink(entry) in inodes:
                        return pid
    return None


def _inodes_of(port: int) -> set[str]:
    """How /proc names the sockets that are bound to a local port (proc(5): /proc/net/tcp)."""
    found = set()
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        with contextlib.suppress(OSError):
            for line in Path(table).read_text().splitlines()[1:]:
                fields = line.split()
                if int(fields[1].rpartition(":")[2], 16) == port:
                    found.add(f"socket:[{fields[9]}]")
    return found
