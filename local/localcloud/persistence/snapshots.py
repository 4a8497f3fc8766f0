"""Whole states of ministack's services as files, written atomically and only when they changed."""

import hashlib
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ministack.core import persistence as ministack_persistence

_ATTEMPTS = 20


def write_atomically(file: Path, content: bytes) -> None:
    """Replace ``file`` so that a crash leaves the old content or the new, never a part."""
    draft = file.with_name(f"{file.name}.tmp")
    draft.write_bytes(content)
    os.replace(draft, file)


def copied(state: Callable[[], Any]) -> Any:
    """Call ``state`` again while background threads change what it is copying."""
    for attempt in range(_ATTEMPTS):
        try:
            return state()
        except RuntimeError as error:
            if "during iteration" not in str(error) or attempt == _ATTEMPTS - 1:
                raise
    raise AssertionError("unreachable")


def encoded(name: str, payload: Any, **extra: Any) -> bytes:
    """A state in ministack's own file format; ``extra`` members come first, and ministack ignores them."""
    document = {
        **extra,
        "__ministack_format__": ministack_persistence._state_format_version(name),
        "payload": payload,
    }
    return json.dumps(document, default=ministack_persistence._json_default).encode()


class Snapshot:
    """The state of one service; ``get_state`` is ministack's, which returns a copy or None."""

    def __init__(self, folder: Path, name: str, get_state: Callable[[], Any]) -> None:
        self._file = folder / f"{name}.json"
        self._name = name
        self._get_state = get_state
        self._written = b""

    def prepare(self) -> Callable[[], None] | None:
        """Copy the state; the write is skipped when nothing changed since the last one."""
        payload = copied(self._get_state)
        return None if payload is None else lambda: self._write(payload)

    def has_changed(self) -> bool:
        """Whether the state differs from what was written last."""
        content = encoded(self._name, copied(self._get_state))
        return hashlib.blake2b(content).digest() != self._written

    def _write(self, payload: Any) -> None:
        content = encoded(self._name, payload)
        digest = hashlib.blake2b(content).digest()
        if digest != self._written:
            write_atomically(self._file, content)
            self._written = digest
