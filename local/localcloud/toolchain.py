"""Where the programs and jars of this machine are, as the set-up recorded them."""

import json
from dataclasses import dataclass
from pathlib import Path


class ToolchainError(Exception):
    """The toolchain file is missing, incomplete or names something that is not there."""


@dataclass(frozen=True)
class Toolchain:
    """Absolute paths of everything that the local cloud starts.

    ``jars`` is a folder, ``java_home`` holds ``bin/java``, the others are executables.
    """

    local_python: Path
    glue_python: Path
    jars: Path
    java_home: Path
    node: Path


_FIELDS = {
    "local_python": "localPython",
    "glue_python": "gluePython",
    "jars": "jars",
    "java_home": "javaHome",
    "node": "node",
}


def read_toolchain(file: Path) -> Toolchain:
    """Read the set-up's JSON document; raise ToolchainError when a path is absent."""
    try:
        document = json.loads(file.read_text())
    except (OSError, ValueError) as error:
        raise ToolchainError(f"{file} cannot be read ({error}); run the set-up again (npm start)") from error
    missing = [name for name in _FIELDS.values() if not isinstance(document.get(name), str)]
    if missing:
        raise ToolchainError(f"{file} lacks {', '.join(missing)}; run the set-up again (npm start)")
    paths = {field: Path(document[name]) for field, name in _FIELDS.items()}
    absent = [f"{_FIELDS[field]} ({path})" for field, path in paths.items() if not path.exists()]
    if absent:
        raise ToolchainError(f"{file} names what does not exist: {', '.join(absent)}; run the set-up again")
    return Toolchain(**paths)
