"""Serves ministack on the loopback interface and tells where, for as long as it is healthy."""

import asyncio
import contextlib
import json
import logging
import os
import resource
import signal
from pathlib import Path

from hypercorn.asyncio import serve as hypercorn_serve
from hypercorn.config import Config

from localcloud import lifecycle, processes, wire

_log = logging.getLogger("localcloud")


def _write_atomically(file: Path, text: str) -> None:
    draft = file.with_suffix(".tmp")
    draft.write_text(text)
    draft.replace(file)


async def _until_connected(port: int) -> None:
    while True:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            await asyncio.sleep(0.02)
        else:
            writer.close()
            return


async def _announce(home: Path, port: int) -> None:
    await _until_connected(port)
    document = {"endpoint": f"http://127.0.0.1:{port}", "port": port, "pid": os.getpid()}
    _write_atomically(home / "instance.json", json.dumps(document))
    _log.info("local cloud ready at %s, folder %s", document["endpoint"], home)


async def _serve(home: Path, port: int) -> int:
    stop = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    config = Config()
    config.bind = [f"127.0.0.1:{port}"]
    config.keep_alive_timeout = 75
    config.graceful_timeout = 1
    config.shutdown_timeout = 20
    server = asyncio.create_task(hypercorn_serve(wire.asgi_application(), config, shutdown_trigger=stop.wait))
    announcement = asyncio.create_task(_announce(home, port))
    background = [asyncio.create_task(task) for task in lifecycle.serving_tasks()]
    status = 0
    await asyncio.wait({server, announcement}, return_when=asyncio.FIRST_COMPLETED)
    if announcement.done() and announcement.exception() is not None:
        _log.error("the local cloud could not start", exc_info=announcement.exception())
        status = 1
        stop.set()
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait({server, stopping}, return_when=asyncio.FIRST_COMPLETED)
    (home / "instance.json").unlink(missing_ok=True)
    await asyncio.to_thread(lifecycle.run_stops)
    for task in background:
        task.cancel()
    await asyncio.wait({server})
    if server.exception() is not None:
        _log.error("the local cloud stopped serving", exc_info=server.exception())
        status = 1
    return status


def serve(home: Path, port: int) -> None:
    """Serve until SIGTERM or SIGINT; never returns: the process and every child of it ends here."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    # macOS refuses its own "unlimited".
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))

    async def to_the_end() -> None:
        status = await _serve(home, port)
        processes.kill_descendants(os.getpid())
        logging.shutdown()
        # asyncio.run would wait for worker threads, and those may wait for minutes in a Lambda or a job.
        os._exit(status)

    asyncio.run(to_the_end())
