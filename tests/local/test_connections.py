import http.client
from pathlib import Path

from instances import Instance, wait_for

CONNECTIONS = 40


def test_connections_end_with_their_clients_and_not_when_they_were_idle_for_long(own_cloud: Instance) -> None:
    assert own_cloud.process is not None
    files = Path(f"/proc/{own_cloud.process.pid}/fd")
    address = own_cloud.endpoint.removeprefix("http://")
    connections = [http.client.HTTPConnection(address) for _ in range(CONNECTIONS)]
    for connection in connections:
        connection.request("GET", "/_ministack/health")
        connection.getresponse().read()
    open_files = len(list(files.iterdir()))

    for connection in connections:
        connection.close()

    # Idle ones are kept for 75 seconds.
    wait_for(lambda: len(list(files.iterdir())) <= open_files - CONNECTIONS, "the connections to end", 20)


def test_a_connection_that_is_kept_takes_the_next_request(own_cloud: Instance) -> None:
    connection = http.client.HTTPConnection(own_cloud.endpoint.removeprefix("http://"))
    for _ in range(3):
        connection.request("GET", "/_ministack/health")
        assert connection.getresponse().read()
    connection.close()
