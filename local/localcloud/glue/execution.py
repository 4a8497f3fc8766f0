"""Runs the script of one job run in a process of its own, from nothing but what its S3 keys hold."""

import json
import logging
import os
import shlex
import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from localcloud import child_processes
from localcloud.debugging import Debugging, unpack
from localcloud.glue import spark
from localcloud.glue.arguments import ResolvedRun
from localcloud.processes import kill_tree
from localcloud.toolchain import Toolchain

_log = logging.getLogger("localcloud.glue")
_STEP_SECONDS = 0.05


class DownloadError(Exception):
    """A script or package of a run is not where its arguments say."""


@dataclass(frozen=True)
class Ended:
    """How a script ended: ``reason`` is SUCCEEDED, FAILED, TIMEOUT or STOPPED.

    ``clean`` tells that it gave the JVM back without anything of it still running there.
    """

    reason: str
    message: str
    clean: bool


def download(s3: Any, uri: str, folder: Path) -> Path:
    """Fetch an object into ``folder`` under its own name; raise DownloadError."""
    bucket, _, key = uri.removeprefix("s3://").partition("/")
    file = folder / Path(key).name
    try:
        file.write_bytes(s3.get_object(Bucket=bucket, Key=key)["Body"].read())
    except Exception as error:
        raise DownloadError(f"{uri} cannot be read for this run ({error}); deploy the job again") from error
    return file


class JobProcess:
    """One run's process, in ``folder``, with its output in the files ``out`` and ``err`` there.

    ``key`` is that of the job's role; it signs what the script calls, Spark's reads and writes included. With
    ``debugging`` the script begins when a debugger is attached.
    """

    def __init__(
        self,
        folder: Path,
        home: Path,
        toolchain: Toolchain,
        environment: Mapping[str, str],
        key: str,
        debugging: Debugging | None = None,
    ) -> None:
        self._folder = folder
        self._home = home
        self._toolchain = toolchain
        self._environment = environment
        self._key = key
        self._debugging = debugging

    def prepare(self, run: ResolvedRun, s3: Any) -> tuple[Path, list[str]]:
        """Download the script and its packages; gives both."""
        self._folder.mkdir(parents=True)
        script = download(s3, run.script, self._folder)
        packages = self._folder / "packages"
        packages.mkdir()
        files = [str(download(s3, uri, packages)) for uri in run.py_files]
        return unpack(self._home / "glue" / "debug", script, files) if self._debugging else (script, files)

    def _environment_of(
        self, run: ResolvedRun, packages: list[str], gateway: tuple[int, str] | None
    ) -> dict[str, str]:
        delta = spark.delta_packages(self._toolchain.jars) if run.has_delta else []
        path = ":".join([*packages, str(spark.RUNTIME), *delta])
        settings = {
            "spark.executorEnv.PYTHONPATH": path,
            "spark.hadoop.fs.s3a.access.key": self._key,
            **run.spark_settings,
        }
        if gateway:
            port, secret = gateway
            attached = {"PYSPARK_GATEWAY_PORT": str(port), "PYSPARK_GATEWAY_SECRET": secret}
            special = {**attached, "GLUE_SPARK_SETTINGS": json.dumps(settings)}
        else:
            options = " ".join(f"--conf {shlex.quote(f'{name}={value}')}" for name, value in settings.items())
            special = {"PYSPARK_SUBMIT_ARGS": f"{options} pyspark-shell"}
        return {**self._environment, "PYTHONPATH": path, "AWS_ACCESS_KEY_ID": self._key, **special}

    def execute(
        self,
        run: ResolvedRun,
        script: Path,
        packages: list[str],
        gateway: tuple[int, str] | None,
        identity: tuple[str, str],
        seconds: float,
        stopped: Callable[[], bool],
    ) -> Ended:
        """Run the script to its end, for at most ``seconds`` or until ``stopped``.

        ``identity`` is the job's name and the run's id.
        """
        name, run_id = identity
        debugger = self._debugging.arguments if self._debugging else []
        if self._debugging:
            _log.info("run %s of %s waits for a debugger at port %d", run_id, name, self._debugging.port)
        command = [
            str(self._toolchain.glue_python),
            *debugger,
            *(str(spark.RUNTIME / "bootstrap.py"), str(script)),
            *("--JOB_NAME", name, "--JOB_RUN_ID", run_id, *run.script_arguments),
        ]
        with (self._folder / "out").open("wb") as out, (self._folder / "err").open("wb") as err:
            process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
                env=self._environment_of(run, packages, gateway),
                cwd=self._folder,
                start_new_session=True,
            )
        started = child_processes.record(self._home, process.pid)
        deadline = time.monotonic() + seconds
        interruption = ""
        while process.poll() is None and not interruption:
            if stopped():
                interruption = "STOPPED"
            elif time.monotonic() > deadline:
                interruption = "TIMEOUT"
            else:
                time.sleep(_STEP_SECONDS)
        if interruption and started:
            kill_tree(started)
        status = process.wait()
        child_processes.forget_ended(self._home)
        return self._ended(status, interruption)

    def _ended(self, status: int, interruption: str) -> Ended:
        clean = (self._folder / "clean").exists() and not interruption
        if interruption:
            return Ended(interruption, "", clean)
        if status == 0:
            return Ended("SUCCEEDED", "", clean)
        failure = self._folder / "failure.json"
        if failure.exists():
            return Ended("FAILED", json.loads(failure.read_text())["message"], clean)
        told = self.output()[1].strip().rpartition("\n")[2]
        how = f"signal {-status}" if status < 0 else f"status {status}"
        return Ended("FAILED", f"The job's process ended with {how}. {told}".strip(), clean)

    def output(self) -> tuple[str, str]:
        """What the script wrote to its standard output and error."""
        files = (self._folder / "out", self._folder / "err")
        out, err = (file.read_text(errors="replace") if file.exists() else "" for file in files)
        return out, err


def discard_packages(folder: Path) -> None:
    """Free what only a running script needs; the outputs stay to be read."""
    for file in [*folder.glob("packages/*"), *folder.glob("*.py")]:
        os.unlink(file)
