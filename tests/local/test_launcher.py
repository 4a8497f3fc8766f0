import json
import urllib.request

from instances import Instance
from localcloud.processes import descendants


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
