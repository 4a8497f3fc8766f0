"""
What chance property tests play with: the same every time, so that only a change can turn a green run red,
unless RANDOM_SEED asks for other examples (`random`) or for those of a run that failed (its seed).
tests/randomSeed.ts does the same for TypeScript.
"""

import os
import secrets

import pytest
from hypothesis import settings

_WANTED = os.environ.get("RANDOM_SEED", "")
_SEED = str(secrets.randbelow(2**31)) if _WANTED == "random" else _WANTED

# How long an example takes says something of the machine only.
settings.register_profile("same", deadline=None, derandomize=True)
settings.register_profile("explore", deadline=None, derandomize=False, database=None)
settings.load_profile("explore" if _SEED else "same")


def pytest_configure(config: pytest.Config) -> None:
    if _SEED:
        config.option.hypothesis_seed = _SEED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if _SEED:
        terminalreporter.write_line(f"RANDOM_SEED={_SEED} plays these examples again")
