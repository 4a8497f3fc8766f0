"""Which role called what, as the IAM actions, resources and context keys that AWS would check.

Every role has a dummy access key of its own (``wire.key_of_role``), so the one gateway of the instance
knows who sent a request; the product holds no code for it. What the services do for a role inside this
process has seams of its own. With LOCALCLOUD_RECORD_CALLS=1 each different call is a line of
``calls.jsonl`` in the instance's folder (docs/adr/0023).
"""

import os
from pathlib import Path

from localcloud.calls.gateway import RecordingGateway
from localcloud.calls.inside import record_calls_inside
from localcloud.calls.log import CallLog, Need
from localcloud.toolchain import Toolchain
from localcloud.wire import wrap_application

__all__ = ["CallLog", "Need", "install"]


def install(endpoint: str, home: Path, toolchain: Toolchain) -> None:
    """Record calls where the instance is told to."""
    if os.environ.get("LOCALCLOUD_RECORD_CALLS") != "1":
        return
    log = CallLog(home / "calls.jsonl")
    wrap_application(lambda inner: RecordingGateway(inner, log))
    record_calls_inside(log)
