"""Writing fault rules in tests."""

import json
import uuid
from typing import Any

from instances import Instance


def put_rule(cloud: Instance, **rule: Any) -> str:
    """Put a rule in force; its name."""
    name = uuid.uuid4().hex
    draft = cloud.home / "faults" / f"{name}.draft"
    draft.write_text(json.dumps(rule))
    draft.rename(draft.with_suffix(".json"))
    return name


def fired(cloud: Instance, name: str) -> list[str]:
    """What a rule has struck at, a line each."""
    file = cloud.home / "faults" / f"{name}.fired"
    return file.read_text().splitlines() if file.exists() else []


def release(cloud: Instance, name: str) -> None:
    """Let go on what a rule holds."""
    (cloud.home / "faults" / f"{name}.release").touch()
