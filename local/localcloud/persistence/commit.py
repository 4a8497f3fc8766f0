"""Group commit: requests that wait for the same states share one save."""

import asyncio
from collections.abc import Callable, Iterable
from typing import Protocol


class Saver(Protocol):
    """Makes one state durable in two steps."""

    def prepare(self) -> Callable[[], None] | None:
        """Copy the state, on the event loop, so that no handler runs meanwhile; None: nothing to write.

        The answer writes the copy and runs in a worker thread.
        """
        ...


class NotDurableError(Exception):
    """A state could not be saved, so the request that changed it must not be acknowledged."""


class GroupCommit:
    """Saves states on request; one round at a time, everything asked for meanwhile is the next round."""

    def __init__(self, saver_of: Callable[[str], Saver | None]) -> None:
        self._saver_of = saver_of
        self._wanted: set[str] = set()
        self._round: asyncio.Future[None] | None = None
        self._worker: asyncio.Task[None] | None = None
        self.rounds = 0

    async def commit(self, names: Iterable[str]) -> None:
        """Return when a save that began after this call has these states on disk; raise NotDurableError."""
        names = set(names)
        if not names:
            return
        self._wanted |= names
        if self._round is None:
            self._round = asyncio.get_running_loop().create_future()
        waiting = self._round
        if self._worker is None or self._worker.done():
            self._worker = asyncio.create_task(self._work())
        await asyncio.shield(waiting)

    async def _work(self) -> None:
        while self._round is not None:
            names, done = self._wanted, self._round
            self._wanted, self._round = set(), None
            try:
                await self._save(names)
            except Exception as error:
                failure = NotDurableError(f"{', '.join(sorted(names))} could not be saved: {error}")
                failure.__cause__ = error
                done.set_exception(failure)
            else:
                done.set_result(None)
            self.rounds += 1

    async def _save(self, names: set[str]) -> None:
        savers = [saver for name in sorted(names) if (saver := self._saver_of(name))]
        writes = [write for saver in savers if (write := saver.prepare())]

        def write_all() -> None:
            for write in writes:
                write()

        if writes:
            await asyncio.to_thread(write_all)
