"""Lets a person step through a job: its Python waits for a debugger, its code lies where a debugger finds it.

A breakpoint names a file. The code of a run is in a folder of the run and in a zip, so a run that is debugged
gets it unpacked into ``glue/debug`` of the instance, which an editor can map to ``glue/`` of the project.
"""

import shutil
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

VARIABLE = "LOCALCLOUD_GLUE_DEBUG"


class DebugSettingError(Exception):
    """The variable does not say which job waits at which port."""


@dataclass(frozen=True)
class Debugging:
    """Jobs whose name ends with ``jobs`` wait for a debugger at ``port`` of the loopback interface."""

    jobs: str
    port: int

    def concerns(self, job: str) -> bool:
        """Whether runs of the job wait."""
        return job.endswith(self.jobs)

    @property
    def arguments(self) -> list[str]:
        """What stands between the interpreter and the script that it shall run under the debugger."""
        listen = ("--listen", f"127.0.0.1:{self.port}", "--wait-for-client")
        # Modules that are frozen into the interpreter have no file in which it could stop.
        return ["-X", "frozen_modules=off", "-m", "debugpy", *listen]


def debugging_from(environment: Mapping[str, str]) -> Debugging | None:
    """What the variable says: ``5678`` for all jobs, ``orders:5678`` for one; None when it is empty.

    Raises DebugSettingError for anything else.
    """
    value = environment.get(VARIABLE, "")
    if not value:
        return None
    jobs, _, port = value.rpartition(":")
    if not port.isdecimal() or not 0 < int(port) < 65536:
        raise DebugSettingError(
            f"{VARIABLE}={value}: write a port, or a dataset and a port as in orders:5678"
        )
    return Debugging(jobs, int(port))


def unpack(folder: Path, script: Path, packages: list[str]) -> tuple[Path, list[str]]:
    """Replace what ``folder`` holds by the code of a run; gives its script and packages as they are there."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for package in packages:
        if zipfile.is_zipfile(package):
            with zipfile.ZipFile(package) as archive:
                archive.extractall(folder)
        else:
            shutil.copy(package, folder)
    return Path(shutil.copy(script, folder)), [str(folder)]
