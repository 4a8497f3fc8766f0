"""Starts one instance of the local cloud: ``python -m localcloud --home DIR --toolchain FILE [--port N]``."""

import argparse
import fcntl
import importlib
import os
import shutil
import sys
from io import TextIOWrapper
from pathlib import Path

from localcloud import child_processes, environment
from localcloud.debugging import DebugSettingError
from localcloud.port import PortTaken, choose_port
from localcloud.toolchain import Toolchain, ToolchainError, read_toolchain

# In this order: what an adapter answers itself never reaches those installed before it.
ADAPTERS = (
    "connections",
    "persistence",
    "faults",
    "calls",
    "object_events",
    "stored_bodies",
    "part_uploads",
    "object_reads",
    "transaction_tokens",
    "batching_window",
    "lambda_runtime",
    "embedded_metrics",
    "glue",
    "athena",
    "named_queries",
    "stepfunctions",
)


class StartError(Exception):
    """The instance cannot start; the message says how to mend it."""


def _lock(home: Path) -> TextIOWrapper:
    """Hold the folder for the life of this process; a crash frees it."""
    file = (home / "lock").open("w")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        file.close()
        raise StartError(
            f"another local cloud already uses {home}; stop it or give another --home"
        ) from error
    return file


def _install_adapters(endpoint: str, home: Path, toolchain: Toolchain) -> None:
    for name in ADAPTERS:
        importlib.import_module(f"localcloud.{name}").install(endpoint, home, toolchain)


def _run(home: Path, toolchain: Toolchain, wanted_port: int | None) -> None:
    home.mkdir(parents=True, exist_ok=True)
    lock = _lock(home)
    (home / "instance.json").unlink(missing_ok=True)
    child_processes.kill_leftovers(home)
    shutil.rmtree(home / "tmp", ignore_errors=True)
    port = choose_port(home, wanted_port)
    environment.prepare(home, port)
    os.chdir(home)
    # Only now may ministack be imported: it reads its settings from the environment.
    importlib.import_module("localcloud.seams").require_all()
    _install_adapters(f"http://127.0.0.1:{port}", home, toolchain)
    importlib.import_module("localcloud.server").serve(home, port)
    lock.close()


def main() -> None:
    """Read the arguments and serve; exit status 2 with one line when the instance cannot start."""
    parser = argparse.ArgumentParser(prog="localcloud", description=__doc__)
    parser.add_argument("--home", type=Path, required=True, help="folder that holds all of the instance")
    parser.add_argument("--toolchain", type=Path, required=True, help="toolchain.json of the set-up")
    parser.add_argument("--port", type=int, help="loopback port (default: as last time, or a free one)")
    options = parser.parse_args()
    try:
        _run(options.home.resolve(), read_toolchain(options.toolchain), options.port)
    except (StartError, PortTaken, ToolchainError, DebugSettingError) as error:
        print(f"localcloud: {error}", file=sys.stderr)
        sys.exit(2)


if __name__ == "__main__":
    main()
