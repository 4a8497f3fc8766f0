"""A Trino server of its own for a test, which reads the Data Catalog and the buckets of a local cloud.

Sources: trino.io/docs/476/installation/deployment.html, object-storage/metastores.html,
object-storage/file-system-s3.html and develop/client-protocol.html.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import urllib.request
from pathlib import Path
from typing import Any

from answers import Answer
from instances import wait_for
from localcloud.wire import ACCESS_KEY, REGION, SECRET_KEY

# The Delta tables, under the name that Athena gives the Data Catalog; its other tables, which Trino reads by
# another connector; tables that a test fills itself.
CATALOG, FILES, MEMORY = "awsdatacatalog", "files", "memory"
# Of some fifty plugins; every other one costs a part of the start.
_PLUGINS = ("delta-lake", "hive", "memory")
_JVM = (
    "-Xmx2G",
    "-XX:+ExitOnOutOfMemoryError",
    "-XX:ReservedCodeCacheSize=256M",
    "-Djdk.attach.allowAttachSelf=true",
    "-Duser.timezone=UTC",
)


class TrinoFailed(AssertionError):
    """Trino refused a statement; the message is its own, behind the name of its error."""


class TrinoServer:
    """One server process, whose catalogs are those of the local cloud at ``endpoint``."""

    def __init__(self, home: Path, folder: Path, endpoint: str) -> None:
        self._url = f"http://127.0.0.1:{_free_port()}"
        self._log = folder / "log"
        _configure(folder, home, self._url, endpoint)
        launch = [
            str(home / "bin" / "launcher"),
            "--etc-dir",
            str(folder),
            "--data-dir",
            str(folder / "data"),
        ]
        with self._log.open("wb") as log:
            self._process = subprocess.Popen([*launch, *_java(), "run"], stdout=log, stderr=log)

    def wait(self) -> TrinoServer:
        """Wait until it answers."""
        wait_for(self._is_up, "Trino to start", seconds=180)
        return self

    def stop(self) -> None:
        """A clean stop."""
        self._process.terminate()
        self._process.wait(timeout=60)

    def run(self, sql: str, database: str, catalog: str = CATALOG) -> Answer:
        """The answer to one statement; ``TrinoFailed`` where there is none."""
        return self._run(sql, database, catalog)[0]

    def bytes_read(self, sql: str, database: str) -> int:
        """How many bytes of the tables' files a statement reads."""
        stats = self._run(sql, database, CATALOG)[1]
        return int(stats["physicalInputBytes"])

    def _run(self, sql: str, database: str, catalog: str) -> tuple[Answer, dict[str, Any]]:
        page = self._request(
            "/v1/statement",
            sql.encode(),
            {"Catalog": catalog, "Schema": database, "User": "test", "Time-Zone": "UTC"},
        )
        columns: list[dict[str, Any]] = []
        rows: list[list[Any]] = []
        while True:
            if "error" in page:
                raise TrinoFailed(f"{page['error']['errorName']}: {page['error']['message']}\n{sql}")
            columns = page.get("columns", columns)
            rows += page.get("data", [])
            if "nextUri" not in page:
                names = [column["name"] for column in columns]
                types = [column["typeSignature"]["rawType"] for column in columns]
                texts = [[_text(value) for value in row] for row in rows]
                return Answer(names, types, texts), page["stats"]
            page = self._request(page["nextUri"].removeprefix(self._url))

    def _is_up(self) -> bool:
        assert self._process.poll() is None, self._log.read_text()[-4000:]
        try:
            return not self._request("/v1/info")["starting"]
        except OSError:
            return False

    def _request(self, path: str, body: bytes | None = None, about: dict[str, str] | None = None) -> Any:
        headers = {f"X-Trino-{name}": value for name, value in (about or {}).items()}
        request = urllib.request.Request(self._url + path, body, headers)
        with urllib.request.urlopen(request, timeout=60) as response:
            return json.load(response)


def _text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return str(value).lower() if isinstance(value, bool) else str(value)


def _java() -> list[str]:
    """The launcher's option for another Java than JAVA_HOME's, which the rest of the tests needs at 17."""
    home = os.environ.get("TRINO_JAVA_HOME", "")
    return ["--jvm-dir", home] if home else []


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _configure(folder: Path, home: Path, url: str, endpoint: str) -> None:
    plugins, catalogs = folder / "plugins", folder / "catalog"
    plugins.mkdir()
    catalogs.mkdir()
    for plugin in _PLUGINS:
        (plugins / plugin).symlink_to(home / "plugin" / plugin)
    stored = _local_cloud(endpoint)
    _write(catalogs / f"{CATALOG}.properties", {"connector.name": "delta_lake", **stored})
    projected = {"connector.name": "hive", "hive.partition-projection-enabled": "true"}
    _write(catalogs / f"{FILES}.properties", {**projected, **stored})
    _write(catalogs / f"{MEMORY}.properties", {"connector.name": "memory"})
    (folder / "jvm.config").write_text("\n".join(_JVM) + "\n")
    node = {"node.environment": "test", "node.bind-ip": "127.0.0.1", "node.internal-address": "127.0.0.1"}
    _write(folder / "node.properties", node)
    server = {
        "coordinator": "true",
        "node-scheduler.include-coordinator": "true",
        "http-server.http.port": url.rpartition(":")[2],
        "discovery.uri": url,
        "plugin.dir": str(plugins),
        "catalog.config-dir": str(catalogs),
    }
    _write(folder / "config.properties", server)


def _local_cloud(endpoint: str) -> dict[str, str]:
    keys = {"aws-access-key": ACCESS_KEY, "aws-secret-key": SECRET_KEY, "region": REGION}
    return {
        "hive.metastore": "glue",
        "hive.metastore.glue.endpoint-url": endpoint,
        **{f"hive.metastore.glue.{name}": value for name, value in keys.items()},
        "fs.native-s3.enabled": "true",
        "s3.endpoint": endpoint,
        "s3.path-style-access": "true",
        **{f"s3.{name}": value for name, value in keys.items()},
    }


def _write(file: Path, settings: dict[str, str]) -> None:
    file.write_text("".join(f"{name}={value}\n" for name, value in settings.items()))
