"""Real instances of the local cloud for the tests: one shared, or one of a test's own to kill."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from instances import PROJECT, Instance


def java_home() -> Path:
    """The home of the machine's Java, or of the one the set-up brought."""
    settings = subprocess.run(
        ["java", "-XshowSettings:properties", "-version"], capture_output=True, text=True, check=True
    ).stderr
    return Path(next(line for line in settings.splitlines() if "java.home" in line).split("=")[1].strip())


@pytest.fixture(scope="session")
def toolchain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The toolchain of this checkout: the set-up's own, or the same paths put together here."""
    recorded = PROJECT / ".tools" / "toolchain.json"
    if recorded.exists():
        return recorded
    tools = PROJECT / ".tools"
    document = {
        "localPython": str(tools / "venv-local/bin/python"),
        "gluePython": str(tools / "venv-glue/bin/python"),
        "jars": str(tools / "jars"),
        "javaHome": str(java_home()),
        "node": str(PROJECT / "node_modules/node/bin/node"),
    }
    file = tmp_path_factory.mktemp("toolchain") / "toolchain.json"
    file.write_text(json.dumps(document))
    return file


@pytest.fixture(scope="session")
def cloud(tmp_path_factory: pytest.TempPathFactory, toolchain: Path) -> Iterator[Instance]:
    """The instance that all tests share: use names of your own for what you create in it."""
    instance = Instance(
        tmp_path_factory.mktemp("cloud"),
        toolchain,
        {"LOCALCLOUD_WAIT_SCALE": "0.01", "LOCALCLOUD_GLUE_MINUTE_SECONDS": "4"},
    ).start()
    yield instance
    instance.stop()


@pytest.fixture
def own_cloud(tmp_path: Path, toolchain: Path) -> Iterator[Instance]:
    """An instance of this test alone, free to be killed and started again."""
    instance = Instance(tmp_path / "cloud", toolchain).start()
    yield instance
    instance.stop()
