"""The loopback port of an instance, and what in its state names one."""

import re
import socket
from pathlib import Path

# Only URLs of queues, which begin with an account; somebody's HTTP subscription stays as it is.
_QUEUE_URL = re.compile(r"http://127\.0\.0\.1:\d+(/\d{12}/)")


class PortTaken(Exception):
    """Somebody else listens on the port that was asked for."""


def choose_port(home: Path, wanted: int | None) -> int:
    """The wanted port, else the one of the last start, else a random free one.

    A stack's outputs and the queues keep URLs with the port. Where it is not the last one, they are made
    to say the new one before anything reads them.

    Raises PortTaken.
    """
    remembered = home / "port"
    last = int(remembered.read_text()) if remembered.exists() else 0
    if wanted is not None and not _is_free(wanted):
        raise PortTaken(f"port {wanted} is taken; give another --port or none")
    port = wanted or (last if last and _is_free(last) else _any_free_port())
    if port != last:
        _move_urls(home / "state", port)
        remembered.write_text(str(port))
    return port


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _any_free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _move_urls(state: Path, port: int) -> None:
    for file in state.glob("*.json"):
        before = file.read_text()
        after = _QUEUE_URL.sub(rf"http://127.0.0.1:{port}\1", before)
        if after != before:
            moved = file.with_suffix(".moved")
            moved.write_text(after)
            moved.replace(file)
