"""Spans in which the work of an execution may go on: the execution, a branch, one attempt of a task."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from contextvars import copy_context
from typing import TypeVar

from localcloud.stepfunctions.failures import StateFailure, WorkEnded

T = TypeVar("T")


class Lifetime:
    """A span that ends once, together with every span inside it; whoever waits in it wakes up."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._over = threading.Event()
        self._followers: list[Callable[[], None]] = []

    @property
    def over(self) -> bool:
        """True once the span has ended."""
        return self._over.is_set()

    def end(self) -> None:
        """End this span and all that follow it; ending it again does nothing."""
        with self._lock:
            self._over.set()
            followers, self._followers = self._followers, []
        for follower in followers:
            follower()

    def check(self) -> None:
        """Raise WorkEnded when the span is over."""
        if self.over:
            raise WorkEnded

    def over_within(self, seconds: float) -> bool:
        """Wait; True as soon as the span ends, False when it still goes on after ``seconds``."""
        return self._over.wait(seconds)

    def sleep(self, seconds: float) -> None:
        """Wait for ``seconds``; raise WorkEnded when the span ends meanwhile."""
        if self._over.wait(max(seconds, 0)):
            raise WorkEnded

    @contextmanager
    def following(self, action: Callable[[], None]) -> Iterator[None]:
        """Within the block, ``action`` runs when the span ends (at once when it already has)."""
        with self._lock:
            over = self.over
            if not over:
                self._followers.append(action)
        if over:
            action()
        try:
            yield
        finally:
            with self._lock, suppress(ValueError):
                self._followers.remove(action)

    @contextmanager
    def child(self) -> Iterator["Lifetime"]:
        """A span inside this one; it is over when the block is left."""
        inner = Lifetime()
        with self.following(inner.end):
            try:
                yield inner
            finally:
                inner.end()


def in_thread(work: Callable[[], T]) -> "Future[T]":
    """Run ``work`` in a daemon thread that keeps the caller's context (ministack's account and region)."""
    future: Future[T] = Future()

    def run() -> None:
        try:
            future.set_result(work())
        except BaseException as error:
            future.set_exception(error)

    threading.Thread(target=copy_context().run, args=(run,), daemon=True).start()
    return future


def run_within(lifetime: Lifetime, seconds: float | None, work: Callable[[Lifetime], T]) -> T:
    """The result of ``work``, which gets a span of its own.

    Raises States.Timeout after ``seconds`` and WorkEnded when ``lifetime`` ends. In both cases the
    span of ``work`` ends, and it is left to stop by itself.
    """
    with lifetime.child() as inner:
        settled = threading.Event()
        future = in_thread(lambda: work(inner))
        future.add_done_callback(lambda _: settled.set())
        with inner.following(settled.set):
            in_time = settled.wait(seconds)
        lifetime.check()
        if not in_time:
            raise StateFailure("States.Timeout")
        return future.result()
