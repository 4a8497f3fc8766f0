import json
import os
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

from instances import PROJECT, Instance
from localcloud.processes import descendants
from localcloud.wire import client


def test_a_started_instance_answers_where_its_document_says(cloud: Instance) -> None:
    document = json.loads((cloud.home / "instance.json").read_text())

    with urllib.request.urlopen(f"{document['endpoint']}/_ministack/health") as answer:
        assert answer.status == 200
    assert document["endpoint"] == f"http://127.0.0.1:{document['port']}"


def test_a_clean_stop_removes_the_document_and_ends_every_child(own_cloud: Instance) -> None:
    assert own_cloud.process is not None
    children = descendants(own_cloud.process.pid)

    own_cloud.stop()

    assert own_cloud.process.returncode == 0
    assert not (own_cloud.home / "instance.json").exists()
    assert [pid for pid in children if descendants(pid)] == []


def test_a_restart_on_the_same_folder_keeps_the_port(own_cloud: Instance) -> None:
    before = own_cloud.endpoint
    own_cloud.kill()

    assert own_cloud.start().endpoint == before


def test_an_instance_that_has_to_move_to_another_port_is_asked_there_by_the_urls_that_it_kept(
    own_cloud: Instance,
) -> None:
    url = client("sqs", own_cloud.endpoint).create_queue(QueueName="kept")["QueueUrl"]
    before = own_cloud.endpoint
    own_cloud.stop()
    with socket.create_server(("127.0.0.1", int(before.rpartition(":")[2]))):
        after = own_cloud.start().endpoint

    assert after != before
    queues = client("sqs", after)
    assert queues.get_queue_url(QueueName="kept")["QueueUrl"] == url.replace(before, after)
    queues.send_message(QueueUrl=url.replace(before, after), MessageBody="it arrives")
    [message] = queues.receive_message(QueueUrl=url.replace(before, after))["Messages"]
    assert message["Body"] == "it arrives"


def test_a_folder_in_use_is_refused_with_a_way_out(cloud: Instance) -> None:
    second = launch("--home", str(cloud.home), "--toolchain", str(cloud.toolchain))

    assert second.returncode == 2
    assert f"another local cloud already uses {cloud.home}; stop it or give another --home" in second.stderr


def test_a_port_in_use_is_refused(cloud: Instance, tmp_path: Path) -> None:
    port = cloud.endpoint.rpartition(":")[2]
    taken = launch("--home", str(tmp_path / "c"), "--toolchain", str(cloud.toolchain), "--port", port)

    assert taken.returncode == 2
    assert f"port {port} is taken; give another --port or none" in taken.stderr


def test_a_toolchain_that_names_what_is_not_there_is_refused(tmp_path: Path, cloud: Instance) -> None:
    document = json.loads(cloud.toolchain.read_text()) | {"node": "/nowhere/node"}
    file = tmp_path / "toolchain.json"
    file.write_text(json.dumps(document))

    refused = launch("--home", str(tmp_path / "c"), "--toolchain", str(file))

    assert refused.returncode == 2
    assert "node (/nowhere/node); run the set-up again" in refused.stderr


def test_a_job_to_debug_that_nobody_can_read_is_refused(tmp_path: Path, cloud: Instance) -> None:
    arguments = ("--home", str(tmp_path / "c"), "--toolchain", str(cloud.toolchain))

    refused = launch(*arguments, LOCALCLOUD_GLUE_DEBUG="orders")

    assert refused.returncode == 2
    assert "LOCALCLOUD_GLUE_DEBUG=orders: write a port" in refused.stderr


def test_nothing_is_written_outside_the_folder_and_only_loopback_is_bound(cloud: Instance) -> None:
    assert cloud.process is not None
    opened = [Path(link).resolve() for link in Path(f"/proc/{cloud.process.pid}/fd").iterdir()]
    files = [path for path in opened if path.is_file()]

    assert files
    assert [path for path in files if not path.is_relative_to(cloud.home)] == []
    port = f"{int(cloud.endpoint.rpartition(':')[2]):04X}"
    listening = [line.split()[1] for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    assert {address for address in listening if address.endswith(f":{port}")} == {f"0100007F:{port}"}


def launch(*arguments: str, **variables: str) -> "subprocess.CompletedProcess[str]":
    environment = {**os.environ, "PYTHONPATH": str(PROJECT / "local"), **variables}
    command = [sys.executable, "-m", "localcloud", *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)
