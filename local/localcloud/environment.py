"""The environment that one instance of the local cloud, and everything it starts, lives in.

ministack reads most of its settings while it is imported, so ``prepare`` runs before the first import.
"""

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

FOLDERS = ("s3", "state", "tmp", "glue", "faults")

_FIXED = {
    "BIND_HOST": "127.0.0.1",
    "MINISTACK_HOST": "127.0.0.1",
    "S3_PERSIST": "1",
    "PERSIST_STATE": "1",
    "SFTP_ENABLED": "0",
    "IOT_MTLS_ENABLED": "0",
    # Docker is neither needed nor looked for: a socket that cannot exist ends the search.
    "DOCKER_HOST": "unix:///nonexistent/docker.sock",
    "AWS_ACCESS_KEY_ID": "test",
    "AWS_SECRET_ACCESS_KEY": "test",
    "AWS_REGION": "us-east-1",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_EC2_METADATA_DISABLED": "true",
    "TZ": "UTC",
}

# Nothing else of the caller's gets in: an AWS_PROFILE or AWS_ENDPOINT_URL would send a child elsewhere,
# and a variable of the same name would hide that a function lacks one.
_FROM_CALLER = ("PATH", "LANG", "LC_ALL", "LC_CTYPE", "USER", "LOGNAME", "LD_LIBRARY_PATH")


def instance_environment(caller: Mapping[str, str], home: Path, port: int) -> dict[str, str]:
    """The environment of an instance that keeps all it has in ``home`` and listens on ``port``."""
    return {
        **{name: caller[name] for name in _FROM_CALLER if name in caller},
        **_FIXED,
        "GATEWAY_PORT": str(port),
        "S3_DATA_DIR": str(home / "s3"),
        "STATE_DIR": str(home / "state"),
        "TMPDIR": str(home / "tmp"),
        "HOME": str(home / "tmp"),
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}",
        "SFN_WAIT_SCALE": caller.get("LOCALCLOUD_WAIT_SCALE", "1"),
        "LOCALCLOUD_GLUE_MODE": caller.get("LOCALCLOUD_GLUE_MODE", "warm"),
        "LOCALCLOUD_GLUE_MINUTE_SECONDS": caller.get("LOCALCLOUD_GLUE_MINUTE_SECONDS", "60"),
        "LOCALCLOUD_GLUE_DEBUG": caller.get("LOCALCLOUD_GLUE_DEBUG", ""),
        "LOCALCLOUD_RECORD_CALLS": caller.get("LOCALCLOUD_RECORD_CALLS", "0"),
        "LOG_LEVEL": caller.get("LOCALCLOUD_LOG_LEVEL", "INFO"),
    }


def prepare(home: Path, port: int) -> None:
    """Make the folders of the instance and put its environment in the place of this process's own."""
    for folder in FOLDERS:
        (home / folder).mkdir(parents=True, exist_ok=True)
    environment = instance_environment(os.environ, home, port)
    os.environ.clear()
    os.environ.update(environment)
    tempfile.tempdir = str(home / "tmp")
