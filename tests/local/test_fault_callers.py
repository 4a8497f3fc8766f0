"""Hanging up on a caller ends its connection and nothing else."""

import os
import socket

from localcloud.faults.callers import hang_up


def test_only_the_connection_with_that_peer_ends_and_no_descriptor_stays_behind() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, open(os.devnull):
        first = socket.create_connection(server.getsockname())
        second = socket.create_connection(server.getsockname())
        ours = [server.accept()[0] for _ in range(2)]
        before = sorted(os.listdir("/dev/fd"))

        for _ in range(3):
            hang_up(first.getsockname()[1])

        assert sorted(os.listdir("/dev/fd")) == before
        assert first.recv(1) == b""
        ours[1].sendall(b"x")
        assert second.recv(1) == b"x"
        for connection in (first, second, *ours):
            connection.close()
