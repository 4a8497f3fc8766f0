"""Which version of each parent's table the rows of a batch are checked against.

It is no function of the manifest: a parent's job may fail for good while this one writes, the execution may
die, and at the next attempt the parent's job succeeds. Two attempts that see different parents decide
differently, and what the first has committed would be skipped by the second. So the first attempt puts down
what it sees before it writes anything, once, and every other one goes by that. Rows whose parents came later
are taken up by the next batch (src/outcome/orphans.ts).
"""

import json

from lakehouse.documents import Documents, read_json
from lakehouse.errors import InvalidDocument
from lakehouse.manifest import Batch


def pin_parents(documents: Documents, batch: Batch, seen: dict[str, int]) -> dict[str, int]:
    """Return the version by table that counts in this batch, which is `seen` if no attempt came before. -1
    stands for no table.

    Raises:
        ServiceUnavailable: the document could not be written or read.
        InvalidDocument: what is there does not name the tables of `seen`.
    """
    uri = f"{batch.prefix}parents/{batch.manifest_hash}/{batch.dataset}.json"
    if documents.create(uri, json.dumps(seen, sort_keys=True).encode()):
        return seen
    pinned = read_json(documents, uri)
    if not isinstance(pinned, dict) or set(pinned) != set(seen):
        raise InvalidDocument(f"{uri} names not the tables {sorted(seen)}; restore its first version")
    return {name: int(version) for name, version in pinned.items()}
