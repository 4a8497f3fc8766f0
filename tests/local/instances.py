"""Starting, killing and stopping real instances of the local cloud in tests."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from localcloud.wire import client

PROJECT = Path(__file__).parents[2]


def wait_for(condition: Callable[[], Any], what: str, seconds: float = 60) -> Any:
    """The first true value of ``condition``; fails the test when it stays false."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        value = condition()
        if value:
            return value
        time.sleep(0.05)
    raise AssertionError(f"waited {seconds:g} s in vain for {what}")


@dataclass
class Instance:
    """One running launcher process, its folder and its endpoint."""

    home: Path
    toolchain: Path
    variables: dict[str, str] = field(default_factory=dict)
    process: "subprocess.Popen[bytes] | None" = None
    endpoint: str = ""

    def start(self) -> "Instance":
        """Start the launcher and wait until it says that it is healthy."""
        self.home.mkdir(parents=True, exist_ok=True)
        document = self.home / "instance.json"
        log = (self.home / "log").open("ab")
        environment = {**os.environ, "PYTHONPATH": str(PROJECT / "local"), **self.variables}
        command = ["-m", "localcloud", "--home", str(self.home), "--toolchain", str(self.toolchain)]
        process = subprocess.Popen([sys.executable, *command], env=environment, stdout=log, stderr=log)
        log.close()
        self.process = process

        def announced() -> bool:
            assert process.poll() is None, (self.home / "log").read_text()[-4000:]
            return document.exists() and json.loads(document.read_text())["pid"] == process.pid

        wait_for(announced, "the local cloud to start")
        self.endpoint = json.loads(document.read_text())["endpoint"]
        return self

    def kill(self) -> None:
        """kill -9 of the launcher alone, as a crash would."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """A clean stop."""
        self._end(signal.SIGTERM)

    def _end(self, name: signal.Signals) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(name)
            self.process.wait(timeout=30)

    def client(self, service: str) -> Any:
        """A botocore client of this instance."""
        return client(service, self.endpoint)
