import io
import json
import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from instances import Instance
from localcloud.lambda_runtime import named_errors
from localcloud.processes import descendants, identify, is_alive
from localcloud.seams import SeamMoved


def deploy(cloud: Instance, name: str, source: str) -> None:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("index.js", source)
    cloud.client("lambda").create_function(
        FunctionName=name,
        Runtime="nodejs24.x",
        Handler="index.handler",
        Role="arn:aws:iam::000000000000:role/any",
        Code={"ZipFile": archive.getvalue()},
    )


def invoke(cloud: Instance, name: str) -> tuple[Any, Any]:
    answer = cloud.client("lambda").invoke(FunctionName=name, Payload=b"{}")
    return answer.get("FunctionError"), json.loads(answer["Payload"].read())


@pytest.fixture
def tricky_cloud(tmp_path: Path, toolchain: Path) -> Iterator[Instance]:
    """Started by someone whose shell is set up for AWS, with another ``node`` first on PATH."""
    false_node = tmp_path / "bin" / "node"
    false_node.parent.mkdir()
    false_node.write_text("#!/bin/sh\nexit 1\n")
    false_node.chmod(0o755)
    variables = {
        "PATH": f"{false_node.parent}:/usr/bin:/bin",
        "AWS_PROFILE": "production",
        "AWS_ACCESS_KEY_ID": "AKIAREALREALREALREAL",
        "AWS_SESSION_TOKEN": "real",
        "AWS_ENDPOINT_URL_S3": "https://s3.eu-west-1.amazonaws.com",
        "AWS_REGION": "eu-west-1",
        "ALERT_TOPIC": "of the caller",
    }
    instance = Instance(tmp_path / "cloud", toolchain, variables).start()
    yield instance
    instance.stop()


def test_a_function_sees_the_toolchains_node_and_nothing_of_the_callers(
    tricky_cloud: Instance, toolchain: Path
) -> None:
    deploy(tricky_cloud, "environment", "exports.handler = async () => [process.version, process.env]")

    error, (version, environment) = invoke(tricky_cloud, "environment")

    assert error is None
    node = json.loads(toolchain.read_text())["node"]
    assert version == subprocess.check_output([node, "--version"], text=True).strip()
    assert environment["AWS_ENDPOINT_URL"] == tricky_cloud.endpoint
    assert environment["AWS_REGION"] == "us-east-1"
    leaked = {"AWS_PROFILE", "AWS_ENDPOINT_URL_S3", "ALERT_TOPIC"} & set(environment)
    assert (leaked, environment["AWS_SESSION_TOKEN"]) == (set(), "")
    assert "REAL" not in json.dumps(environment)


def test_a_function_fails_under_the_name_of_its_error(cloud: Instance) -> None:
    deploy(
        cloud,
        "named-error",
        "class LeaseHeld extends Error { constructor(m) { super(m); this.name = 'LeaseHeld'; } }\n"
        "exports.handler = async () => { throw new LeaseHeld('by another'); }",
    )

    error, payload = invoke(cloud, "named-error")

    assert error == "Unhandled"
    assert (payload["errorType"], payload["errorMessage"]) == ("LeaseHeld", "by another")
    assert payload["trace"][0] == "LeaseHeld: by another"


def test_a_worker_that_reports_in_another_way_is_a_moved_seam() -> None:
    with pytest.raises(SeamMoved, match="no longer reports errors"):
        named_errors("console.log('changed')")


def test_workers_end_with_the_instance_and_after_a_crash(own_cloud: Instance) -> None:
    deploy(own_cloud, "worker", "setInterval(() => {}, 1000); exports.handler = async () => process.pid")
    assert own_cloud.process is not None
    _, pid = invoke(own_cloud, "worker")
    crashed = identify(pid)
    assert crashed is not None and pid in descendants(own_cloud.process.pid)
    own_cloud.kill()
    own_cloud.start()
    assert not is_alive(crashed)

    _, pid = invoke(own_cloud, "worker")
    stopped = identify(pid)
    assert stopped is not None
    own_cloud.stop()
    assert not is_alive(stopped)
