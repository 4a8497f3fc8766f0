"""What an erasure is to do, as its manifest says it."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Erasure:
    """The part of one dataset. `digest` stands for the person, `key_uri` is where the key of digests lies.

    `datasets`: all that the erasure works on; `folders`: of the landing bucket, where kept files may name the
    person; `children`: datasets whose jobs have to be done before, since they look for the person's keys in
    this one's table.
    """

    digest: str
    key_uri: str
    datasets: tuple[str, ...]
    folders: tuple[str, ...]
    children: tuple[str, ...]


def parse_erasure(document: dict[str, Any], dataset: str) -> Erasure:
    """Read the manifest's part; raises KeyError or TypeError where it breaks its schema.

    A dataset that the plan does not name has nothing to erase.
    """
    mine = next((part for part in document["datasets"] if part["dataset"] == dataset), None)
    return Erasure(
        digest=str(document["digest"]),
        key_uri=str(document["key"]),
        datasets=tuple(str(part["dataset"]) for part in document["datasets"]),
        folders=() if mine is None else tuple(mine["folders"]),
        children=() if mine is None else tuple(mine["children"]),
    )
