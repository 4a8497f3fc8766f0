"""One JVM that serves run after run: starting it and loading Delta's classes is most of a small job."""

import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from localcloud import child_processes
from localcloud.processes import ProcessIdentity, kill_tree

_START_SECONDS = 120
_WAIT_STEP_SECONDS = 0.1


class JvmError(Exception):
    """The JVM for Spark did not start."""


class Cancelled(Exception):
    """The run was stopped while it waited for the JVM."""


class WarmJvm:
    """A ``spark-submit pyspark-shell`` gateway; a JVM holds one SparkContext, so runs take turns."""

    def __init__(self, home: Path, environment: Callable[[], Mapping[str, str]]) -> None:
        self._home = home
        self._environment = environment
        self._turn = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._identity: ProcessIdentity | None = None
        self._connection = (0, "")

    @contextmanager
    def turn(self, cancelled: Callable[[], bool]) -> Iterator[tuple[int, str]]:
        """Wait for this run's turn; gives port and secret of the gateway. Raises Cancelled or JvmError."""
        while not self._turn.acquire(timeout=_WAIT_STEP_SECONDS):
            if cancelled():
                raise Cancelled
        try:
            if self._process is None or self._process.poll() is not None:
                self._start()
            yield self._connection
        finally:
            self._turn.release()

    def _start(self) -> None:
        told = self._home / "tmp" / "jvm-connection"
        told.unlink(missing_ok=True)
        environment = self._environment()
        with (self._home / "glue" / "jvm.log").open("ab") as log:
            # It ends by itself when its standard input does, so also when the launcher crashes.
            self._process = subprocess.Popen(
                [f"{environment['SPARK_HOME']}/bin/spark-submit", "pyspark-shell"],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                env={**environment, "_PYSPARK_DRIVER_CONN_INFO_PATH": str(told)},
                cwd=self._home / "tmp",
                start_new_session=True,
            )
        self._identity = child_processes.record(self._home, self._process.pid)
        deadline = time.monotonic() + _START_SECONDS
        while not told.exists():
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.end()
                raise JvmError(f"Spark's JVM did not start; see {self._home / 'glue' / 'jvm.log'}")
            time.sleep(0.02)
        # Written by PythonGatewayServer in one rename: port, length of the secret, secret.
        content = told.read_bytes()
        size = int.from_bytes(content[4:8], "big")
        self._connection = int.from_bytes(content[:4], "big"), content[8 : 8 + size].decode()
        told.unlink()

    def end(self) -> None:
        """End the JVM, whatever runs in it; the next run starts another."""
        if self._process is not None and self._identity is not None:
            kill_tree(self._identity)
            self._process.wait()
        self._process = None
