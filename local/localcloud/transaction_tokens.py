"""A DynamoDB transaction is remembered by a digest, not by the items that it wrote.

A repeated token within ten minutes is answered as the first time, or refused when the request differs. For
that ministack keeps the whole request of every transaction, which is more than the items that come of it.
"""

import hashlib
import json
from pathlib import Path
from typing import Any

from ministack.services import dynamodb

from localcloud.toolchain import Toolchain


class RequestDigest:
    """Equal to a request, parsed from JSON, with the same content."""

    def __init__(self, request: dict[str, Any]) -> None:
        self._digest = self._of(request)

    @staticmethod
    def _of(request: dict[str, Any]) -> bytes:
        return hashlib.blake2b(json.dumps(request, sort_keys=True).encode()).digest()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, dict) and self._of(other) == self._digest

    __hash__ = None  # type: ignore[assignment]


def install(endpoint: str, home: Path, toolchain: Toolchain) -> None:
    """Keep digests from now on; they are kept in memory only, as ministack's are."""
    store = dynamodb._txn_token_store

    def store_digest(crt: str, entry: dict[str, Any]) -> None:
        store(crt, {**entry, "signature": RequestDigest(entry["signature"])})

    dynamodb._txn_token_store = store_digest
