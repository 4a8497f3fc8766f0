"""A connection ends when its client has closed it.

hypercorn keeps it, with its tasks and buffers, until the time for keeping idle connections alive is over. A
burst of files closes hundreds of connections in that time.
"""

from pathlib import Path

from hypercorn.asyncio import run
from hypercorn.asyncio.tcp_server import TCPServer

from localcloud.toolchain import Toolchain


class EndingConnection(TCPServer):
    """Waits for the next request of a client only as long as that can send one."""

    async def _read_data(self) -> None:
        try:
            await super()._read_data()
        finally:
            await self.idle_task.stop()

    async def _idle_timeout(self) -> None:
        # The answer to a request that was in work when its client left begins the waiting again.
        if not self.reader.at_eof():
            await super()._idle_timeout()


def install(endpoint: str, home: Path, toolchain: Toolchain) -> None:
    """Serve connections this way; before the server starts."""
    run.TCPServer = EndingConnection  # type: ignore[attr-defined]
