"""Takes a run from STARTING to its end, in a thread of its own."""

import logging
import os
import threading
import time
from functools import cached_property
from pathlib import Path

from localcloud.debugging import debugging_from
from localcloud.glue import spark
from localcloud.glue.arguments import DEFAULT_LOG_PREFIX, ResolvedRun
from localcloud.glue.execution import DownloadError, Ended, JobProcess, discard_packages
from localcloud.glue.jvm import Cancelled, JvmError, WarmJvm
from localcloud.glue.log_shipping import create_group, ship
from localcloud.glue.runs import JobRun, RunStore
from localcloud.toolchain import Toolchain
from localcloud.wire import client

_log = logging.getLogger("localcloud.glue")

_FAULT = "fault injected"
# Each cold run has a JVM of its own; more of them at once would not fit into a laptop's memory.
_COLD_AT_ONCE = 2


class Runner:
    """Executes runs: ``warm`` on one JVM in turns, else each on a JVM of its own."""

    def __init__(self, store: RunStore, endpoint: str, home: Path, toolchain: Toolchain) -> None:
        self._store = store
        self._home = home
        self._toolchain = toolchain
        self._endpoint = endpoint
        self._warm = os.environ.get("LOCALCLOUD_GLUE_MODE", "warm") == "warm"
        # A test need not wait for a whole minute.
        self._minute = float(os.environ.get("LOCALCLOUD_GLUE_MINUTE_SECONDS", "60"))
        self._debugging = debugging_from(os.environ)
        self._cold = threading.Semaphore(_COLD_AT_ONCE)
        self._configuration = home / "glue" / "spark-conf"
        spark.write_configuration(self._configuration, endpoint, home, toolchain.jars)
        self._jvm = WarmJvm(home, lambda: self._environment)

    @cached_property
    def _environment(self) -> dict[str, str]:
        return spark.environment(self._toolchain, self._configuration)

    def start(self, run: JobRun, resolved: ResolvedRun, key: str, fails_on_purpose: bool) -> None:
        """Begin to execute a stored run; ``key`` is that of the job's role."""
        arguments = (run, resolved, key, fails_on_purpose)
        threading.Thread(target=self._run, args=arguments, name=f"glue-{run['Id'][:11]}", daemon=True).start()

    def end_jvm(self) -> None:
        """End the shared JVM."""
        self._jvm.end()

    def _stopping(self, run_id: str) -> bool:
        run = self._store.get(run_id)
        return run is None or run["JobRunState"] not in ("STARTING", "RUNNING")

    def _to_running(self, run_id: str) -> bool:
        return self._store.change(
            run_id, lambda run: run["JobRunState"] == "STARTING", JobRunState="RUNNING", StartedOn=time.time()
        )

    def _run(self, run: JobRun, resolved: ResolvedRun, key: str, fails_on_purpose: bool) -> None:
        run_id = run["Id"]
        folder = self._home / "glue" / "work" / run_id
        debugging = self._debugging if self._debugging and self._debugging.concerns(run["JobName"]) else None
        process = JobProcess(folder, self._home, self._toolchain, self._environment, key, debugging)
        began = time.monotonic()
        try:
            if fails_on_purpose:
                self._to_running(run_id)
                ended = Ended("FAILED", _FAULT, clean=True)
            else:
                script, packages = process.prepare(resolved, client("s3", self._endpoint, key))
                ended = self._execute(process, run, resolved, script, packages)
        except Cancelled:
            ended = Ended("STOPPED", "", clean=True)
        except (DownloadError, JvmError) as error:
            ended = Ended("FAILED", str(error), clean=True)
        except Exception as error:
            _log.exception("run %s of %s could not be executed", run_id, run["JobName"])
            ended = Ended("FAILED", f"The local cloud could not execute the run: {error!r}", clean=False)
        self._ship(run_id, process, resolved.log_prefix, key)
        discard_packages(folder)
        self._store.end(run_id, ended.reason, ended.message, time.monotonic() - began)

    def _execute(
        self, process: JobProcess, run: JobRun, resolved: ResolvedRun, script: Path, packages: list[str]
    ) -> Ended:
        run_id = run["Id"]
        names, seconds = (run["JobName"], run_id), run["Timeout"] * self._minute

        def stopped() -> bool:
            return self._stopping(run_id)

        if not self._warm:
            with self._cold:
                if not self._to_running(run_id):
                    raise Cancelled
                return process.execute(resolved, script, packages, None, names, seconds, stopped)
        with self._jvm.turn(stopped) as gateway:
            if not self._to_running(run_id):
                raise Cancelled
            ended = process.execute(resolved, script, packages, gateway, names, seconds, stopped)
            if not ended.clean:
                # What the run began may still be at work in there.
                self._jvm.end()
            return ended

    def _ship(self, run_id: str, process: JobProcess, prefix: str, key: str) -> None:
        logs = client("logs", self._endpoint, key)
        try:
            for kind, text in zip(("output", "error"), process.output(), strict=True):
                if prefix == DEFAULT_LOG_PREFIX:
                    # Glue's own groups; those of a custom prefix are the deployer's to make, as on AWS.
                    create_group(client("logs", self._endpoint), f"{prefix}/{kind}")
                ship(logs, f"{prefix}/{kind}", run_id, text)
        except Exception:
            _log.exception("the logs of run %s could not be put into CloudWatch Logs", run_id)
