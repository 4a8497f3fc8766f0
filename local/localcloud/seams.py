"""Every attribute of ministack that the local cloud patches or calls, in one table.

ministack promises none of them, so its version is pinned exactly. When it is raised, the contract test
names each seam that moved, before anything behaves in a strange way.
"""

import importlib
import inspect
from dataclasses import dataclass


class SeamMoved(Exception):
    """ministack no longer has an attribute that the local cloud relies on, or not in the known shape."""


@dataclass(frozen=True)
class Seam:
    """``name`` in ``ministack.<module>``; for a callable the names of its parameters, else None.

    A dotted name is an attribute of a class. ``used_for`` tells what breaks without it.
    """

    module: str
    name: str
    used_for: str
    parameters: tuple[str, ...] | None = None


SEAMS: tuple[Seam, ...] = (
    Seam("app", "SERVICE_HANDLERS", "wire: one handler per service"),
    Seam("app", "_MAIN_LOOP", "wire: calls from worker threads"),
    Seam("app", "app", "server: the ASGI application", ("scope", "receive", "send")),
)


def moved(seam: Seam) -> str | None:
    """What is wrong with a seam, as a sentence; None when it is as the table says."""
    where = f"ministack.{seam.module}.{seam.name} (used for {seam.used_for})"
    try:
        value = importlib.import_module(f"ministack.{seam.module}")
        for part in seam.name.split("."):
            value = getattr(value, part)
    except (ImportError, AttributeError):
        return f"{where} is gone"
    if seam.parameters is None:
        return None
    found = tuple(inspect.signature(value).parameters)  # type: ignore[arg-type]
    if found != seam.parameters:
        return f"{where} takes {', '.join(found) or 'nothing'} instead of {', '.join(seam.parameters)}"
    return None


def require_all() -> None:
    """Raise SeamMoved with every seam that moved."""
    problems = [problem for seam in SEAMS if (problem := moved(seam))]
    if problems:
        raise SeamMoved(
            "this ministack is not the one that the local cloud was written for: " + "; ".join(problems)
        )
