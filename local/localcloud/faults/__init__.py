"""Faults on purpose, for tests: requests, deliveries and job runs that go wrong as the rules in a folder say.

Every write of every function, job and state machine goes through the one gateway of the instance, so that
the product holds no code for being tested (docs/adr/0017).
"""

from pathlib import Path

from localcloud.faults.deliveries import install_deliveries
from localcloud.faults.gateway import FaultyGateway
from localcloud.faults.rules import FaultRuleError, Happening, Rule, Rules
from localcloud.toolchain import Toolchain
from localcloud.wire import wrap_application

__all__ = ["FaultRuleError", "Happening", "Rule", "Rules", "folder_of", "install"]


def folder_of(home: Path) -> Path:
    """Where the rules of an instance lie."""
    return home / "faults"


def install(endpoint: str, home: Path, toolchain: Toolchain) -> None:
    """Let the rules of the instance strike at requests and deliveries; glue asks for its job runs itself."""
    rules = Rules(folder_of(home))
    wrap_application(lambda inner: FaultyGateway(inner, rules))
    install_deliveries(rules)
