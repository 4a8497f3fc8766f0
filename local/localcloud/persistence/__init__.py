"""A write is on disk before it is acknowledged, so that kill -9 loses nothing that was answered.

ministack alone saves its state when it is asked to stop. Here every request that may have changed a
state waits for a save of that state (see ``mutations``); log lines, metrics and what goes on inside
between requests follow within seconds.
"""

import asyncio
import logging
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ministack import app as ministack_app

from localcloud import lifecycle
from localcloud.persistence.commit import GroupCommit, NotDurableError, Saver
from localcloud.persistence.deliveries import EventDeliveries
from localcloud.persistence.executions import ExecutionFiles
from localcloud.persistence.journal import ITEM_WRITES, ItemJournal
from localcloud.persistence.mutations import EVERYTHING, states_changed_by
from localcloud.persistence.shapes import dynamodb_shape, dynamodb_state, stepfunctions_state
from localcloud.persistence.snapshots import Snapshot
from localcloud.toolchain import Toolchain
from localcloud.wire import Handler, Response, replace_handler

_log = logging.getLogger("localcloud.persistence")

_TICK_SECONDS = 2.0
# The periodic save may take one part in so many of the time.
_SAVE_SHARE = 20


class Persistence:
    """Everything that is saved, and when."""

    def __init__(self, folder: Path) -> None:
        from ministack.services import stepfunctions

        self._folder = folder
        self._modules: dict[str, str] = dict(ministack_app._state_map)
        self.journal = ItemJournal(folder, dynamodb_state, dynamodb_shape)
        self.executions = ExecutionFiles(folder / "executions", lambda: stepfunctions._executions._data)
        self._savers: dict[str, Saver] = {"dynamodb": self.journal, "executions": self.executions}
        self.commits = GroupCommit(self._saver)
        self.deliveries = EventDeliveries()
        self.active = False

    def _saver(self, name: str) -> Saver | None:
        """The saver of one state; None when its service was never used, so there is nothing to save."""
        if name not in self._savers:
            module = sys.modules.get(f"ministack.services.{self._modules[name]}")
            if module is None:
                return None
            get_state = stepfunctions_state if name == "stepfunctions" else module.get_state
            self._savers[name] = Snapshot(self._folder, name, get_state)
        return self._savers[name]

    def all_states(self) -> set[str]:
        """The names of all states that there can be."""
        return {*self._modules, "executions"}

    def wrap(self, service: str, inner: Handler) -> Handler:
        """The handler of a service, made durable."""
        config = ministack_app.SERVICE_REGISTRY[service]
        state = config.get("state_key", config["module"])

        async def handle(
            method: str, path: str, headers: Mapping[str, str], body: bytes, query: Mapping[str, Any]
        ) -> Response:
            started = self.deliveries.started
            answer = await inner(method, path, headers, body, query)
            names = set(states_changed_by(service, state, method, path, headers, body, query))
            if service == "dynamodb" and answer[0] < 300:
                operation = headers.get("x-amz-target", "").rpartition(".")[2]
                if operation in ITEM_WRITES:
                    # No await since the handler applied it: the journal has the order of the writes.
                    self.journal.append(operation, body)
                    names.clear()
            if answer[0] >= 400:
                return answer
            if self.deliveries.started > started:
                await asyncio.to_thread(self.deliveries.wait)
                names.add("sqs")
            self.active = self.active or bool(names) or method not in ("GET", "HEAD")
            if names == EVERYTHING:
                names = self.all_states() if self._stacks_changed() else set()
            try:
                await self.commits.commit(names)
            except NotDurableError:
                _log.exception("%s %s is not acknowledged", service, path)
                raise
            return answer

        return handle

    def _stacks_changed(self) -> bool:
        saver = self._saver("cloudformation")
        return isinstance(saver, Snapshot) and saver.has_changed()

    async def tick_forever(self) -> None:
        """Save what changes between requests, as often as its cost allows."""
        pause = _TICK_SECONDS
        while True:
            await asyncio.sleep(pause)
            if not self.active:
                continue
            self.active = False
            began = time.monotonic()
            try:
                await self.commits.commit(self.all_states())
            except NotDurableError:
                _log.exception("the periodic save failed")
            pause = max(_TICK_SECONDS, _SAVE_SHARE * (time.monotonic() - began))

    def restore(self) -> None:
        """Apply, after ministack loaded the snapshots, what is newer than they are."""
        from ministack.services import dynamodb

        self.executions.restore()
        count = 0
        for operation, body in self.journal.entries():
            count += 1
            headers = {"x-amz-target": f"DynamoDB_20120810.{operation}"}
            status, _, answer = _finish(dynamodb.handle_request("POST", "/", headers, body, {}))
            if status >= 300:
                _log.error("journal: %s answered %s on replay: %s", operation, status, answer[:300])
        if count:
            _log.info("applied %d DynamoDB writes from the journal", count)

    def save_everything(self) -> None:
        """The last save of a clean stop, without the event loop."""
        for name in sorted(self.all_states()):
            saver = self._saver(name)
            write = saver.prepare() if saver else None
            if write:
                write()


def install(endpoint: str, home: Path, toolchain: Toolchain) -> None:
    """Make every service durable in ``home/state``."""
    persistence = Persistence(home / "state")
    persistence.deliveries.install()
    load = ministack_app._load_persisted_state

    def load_all() -> None:
        load()
        persistence.restore()
        # All adapters are in place now, and what they answer themselves is to be durable as well.
        for service, handler in list(ministack_app.SERVICE_HANDLERS.items()):
            replace_handler(service, persistence.wrap(service, handler))

    ministack_app._load_persisted_state = load_all
    ministack_app.save_all = lambda _: persistence.save_everything()
    lifecycle.at_serving(persistence.tick_forever)


def _finish(handling: Any) -> Response:
    """Run a handler that never waits; ministack's DynamoDB is one, which the journal relies on."""
    try:
        handling.send(None)
    except StopIteration as stop:
        answer: Response = stop.value
        return answer
    handling.close()
    raise RuntimeError("ministack's DynamoDB handler waits now: the journal would lose the order of writes")
