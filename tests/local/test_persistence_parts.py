"""The journal and the group commit on their own, at every moment of a crash."""

import asyncio
import json
import os
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from localcloud.persistence.commit import GroupCommit, NotDurableError
from localcloud.persistence.executions import Execution, ExecutionFiles, fail_interrupted
from localcloud.persistence.journal import ItemJournal

STEPS = st.lists(
    st.sampled_from(["write", "fold", "write in a fold", "fold cut short", "crash", "crash in a write"]),
    max_size=30,
)


class Table:
    """A stand-in for DynamoDB: its state is the list of the writes that it applied."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.start()

    def start(self) -> None:
        self.applied: list[str] = []
        self.shape = 0
        self.journal = ItemJournal(self._folder, lambda: self.applied, lambda: str(self.shape))
        snapshot = self._folder / "dynamodb.json"
        if snapshot.exists():
            self.applied += json.loads(snapshot.read_text())["payload"]
        self.applied += [body.decode() for _, body in self.journal.entries()]

    def write(self, text: str) -> None:
        self.applied.append(text)
        self.journal.append("PutItem", text.encode())

    def fold(self) -> Callable[[], None]:
        self.shape += 1
        write = self.journal.prepare()
        assert write is not None
        return write


@given(STEPS)
def test_every_acknowledged_write_is_applied_once_and_in_order(steps: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        table = Table(Path(folder))
        acknowledged: list[str] = []
        for number, step in enumerate(steps):
            if step == "write":
                table.write(f"w{number}")
                acknowledged.append(f"w{number}")
            elif step == "fold":
                table.fold()()
            elif step == "write in a fold":
                finish = table.fold()
                table.write(f"w{number}")
                acknowledged.append(f"w{number}")
                finish()
            elif step == "fold cut short":
                table.fold()
            else:
                if step == "crash in a write":
                    newest = max(Path(folder).glob("*.journal"), key=lambda file: int(file.suffixes[0][1:]))
                    with newest.open("ab") as file:
                        file.write(b"PutItem\thalf a li")
                table.start()
            assert table.applied == acknowledged
        table.start()
        assert table.applied == acknowledged


def test_a_journal_is_folded_only_when_it_is_long_or_the_tables_changed(tmp_path: Path) -> None:
    table = Table(tmp_path)
    table.fold()()
    table.write("{}")

    assert table.journal.prepare() is None


class SlowSaver:
    def __init__(self) -> None:
        self.prepared = 0
        self.failing = False

    def prepare(self) -> Callable[[], None]:
        self.prepared += 1
        return self._write

    def _write(self) -> None:
        if self.failing:
            raise OSError("disk full")


def test_requests_that_come_during_a_save_share_the_next_one() -> None:
    saver = SlowSaver()

    async def twenty() -> None:
        commits = GroupCommit(lambda name: saver)
        first = asyncio.create_task(commits.commit(["sqs"]))
        await asyncio.sleep(0)
        await asyncio.gather(first, *(commits.commit(["sqs"]) for _ in range(20)))

    asyncio.run(twenty())

    assert saver.prepared == 2


def test_a_save_that_fails_fails_its_requests_and_not_the_later_ones() -> None:
    saver = SlowSaver()

    async def two() -> None:
        commits = GroupCommit(lambda name: saver)
        saver.failing = True
        with pytest.raises(NotDurableError, match="sqs could not be saved: disk full"):
            await commits.commit(["sqs"])
        saver.failing = False
        await commits.commit(["sqs"])

    asyncio.run(two())


def test_executions_are_written_when_they_begin_and_when_they_end_and_not_between(tmp_path: Path) -> None:
    execution: Execution = {"status": "RUNNING", "events": [{"id": 1}]}
    live = {("account", "region", "arn"): execution}
    files = ExecutionFiles(tmp_path, lambda: live)  # type: ignore[arg-type,return-value]

    def saves() -> bool:
        write = files.prepare()
        if write:
            write()
        return write is not None

    assert saves()
    execution["events"].append({"id": 2})
    assert not saves()
    execution["status"] = "SUCCEEDED"
    assert saves()
    live.clear()
    assert saves()
    assert os.listdir(tmp_path) == []


def test_an_interrupted_execution_ends_with_an_event() -> None:
    execution: Execution = {"status": "RUNNING", "events": [{"id": 4}]}

    assert fail_interrupted(execution)
    assert execution["status"] == "FAILED"
    assert [event["id"] for event in execution["events"]] == [4, 5]
    assert not fail_interrupted(execution)
