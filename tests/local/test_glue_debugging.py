import json
import os
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from glue_jobs import create_job, log, package, start, until, upload
from instances import PROJECT, Instance, wait_for

STEPS = "def double(number):\n    result = 2 * number\n    return result\n"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Editor:
    """A client of the Debug Adapter Protocol (microsoft.github.io/debug-adapter-protocol/specification)."""

    def __init__(self, connection: socket.socket) -> None:
        connection.settimeout(60)
        self._connection = connection
        self._stream = connection.makefile("rwb")
        self._seen: list[dict[str, Any]] = []
        self._seq = 0

    def close(self) -> None:
        """End the session; the job goes on without a debugger."""
        self._stream.close()
        self._connection.close()

    def send(self, command: str, **arguments: Any) -> int:
        """Send a request; gives the number that its response names."""
        self._seq += 1
        body = json.dumps({"seq": self._seq, "type": "request", "command": command, "arguments": arguments})
        self._stream.write(f"Content-Length: {len(body)}\r\n\r\n{body}".encode())
        self._stream.flush()
        return self._seq

    def receive(self, name: str, value: Any) -> dict[str, Any]:
        """The next message in which ``name`` has the value; others are kept for later."""
        while not (found := [message for message in self._seen if message.get(name) == value]):
            length = 0
            while line := self._stream.readline().strip():
                length = int(line.partition(b":")[2])
            self._seen.append(json.loads(self._stream.read(length)))
        self._seen.remove(found[0])
        body: dict[str, Any] = found[0].get("body", {})
        return body

    def ask(self, command: str, **arguments: Any) -> dict[str, Any]:
        """The body of the response to a request."""
        return self.receive("request_seq", self.send(command, **arguments))


@pytest.fixture
def waiting(tmp_path: Path, toolchain: Path) -> Iterator[tuple[Instance, int]]:
    """An instance whose jobs ``orders`` wait at the port; without Spark a JVM would only cost time."""
    port = free_port()
    variables = {"LOCALCLOUD_GLUE_DEBUG": f"orders:{port}", "LOCALCLOUD_GLUE_MODE": "cold"}
    instance = Instance(tmp_path / "cloud", toolchain, variables).start()
    yield instance, port
    instance.stop()


def attach_entry(cloud: Instance, project: Path, port: int) -> dict[str, Any]:
    """What VS Code's launch menu attaches with, for another project folder, instance and port."""
    text = (PROJECT / ".vscode" / "launch.json").read_text()
    entries = json.loads(text)["configurations"]
    entry = json.dumps(next(one for one in entries if one["name"] == "Attach to a Glue job"))
    entry = entry.replace("${workspaceFolder}/.lakehouse", str(cloud.home))
    return {**json.loads(entry.replace("${workspaceFolder}", str(project))), "connect": {"port": port}}


def connected(port: int) -> Editor:
    def attempt() -> Editor | None:
        try:
            return Editor(socket.create_connection(("127.0.0.1", port)))
        except OSError:
            return None

    editor: Editor = wait_for(attempt, "the job to listen", seconds=120)
    return editor


def test_an_editor_stops_a_job_at_a_line_of_the_project_and_sees_its_variables(
    waiting: tuple[Instance, int], tmp_path: Path
) -> None:
    cloud, port = waiting
    source = tmp_path / "project" / "glue" / "steps.py"
    os.makedirs(source.parent)
    source.write_text(STEPS)
    shipped = upload(cloud, package(steps=STEPS), ".zip")
    create_job(cloud, "any-orders", "from steps import double\nprint(double(21))\n", extra_py_files=shipped)

    run_id = start(cloud, "any-orders")
    editor = connected(port)
    editor.ask("initialize", adapterID="debugpy", pathFormat="path", linesStartAt1=True)
    attached = editor.send("attach", **attach_entry(cloud, tmp_path / "project", port))
    editor.receive("event", "initialized")
    editor.ask("setBreakpoints", source={"path": str(source)}, breakpoints=[{"line": 3}])
    editor.ask("configurationDone")
    editor.receive("request_seq", attached)
    thread = editor.receive("event", "stopped")["threadId"]
    frame = editor.ask("stackTrace", threadId=thread)["stackFrames"][0]
    seen = editor.ask("evaluate", expression="result", frameId=frame["id"])["result"]
    editor.ask("continue", threadId=thread)

    assert (frame["source"]["path"], frame["line"], seen) == (str(source), 3, "42")
    run = until(cloud, "any-orders", run_id, "SUCCEEDED", "FAILED")
    assert (run["JobRunState"], log(cloud, run)) == ("SUCCEEDED", ["42"])
    editor.close()


def test_a_job_of_another_dataset_does_not_wait(waiting: tuple[Instance, int]) -> None:
    cloud, _ = waiting
    create_job(cloud, "any-products", "print('ran')\n")

    run = until(cloud, "any-products", start(cloud, "any-products"), "SUCCEEDED", "FAILED")

    assert (run["JobRunState"], log(cloud, run)) == ("SUCCEEDED", ["ran"])
