"""Runs one Glue script as ``__main__``: ``bootstrap.py SCRIPT ARGUMENTS...`` in a folder of the run.

Cold, pyspark starts a JVM of its own. Warm, PYSPARK_GATEWAY_PORT is set and pyspark attaches to a JVM
that already runs: the settings of the run become system properties there for as long as it takes.
Leaves ``failure.json`` when the script failed and ``clean`` when the JVM can take another run.
"""

import json
import os
import runpy
import sys
import traceback
from pathlib import Path
from typing import Any

_HERE = Path.cwd()


def _report(error: BaseException) -> None:
    lines = "".join(traceback.format_exception_only(error)).strip().splitlines()
    # A Java error says in its second line what happened.
    told = lines[:2] if "Py4JJavaError" in lines[0] else lines[:1]
    (_HERE / "failure.json").write_text(json.dumps({"message": " ".join(told)}))


def _run(script: str, arguments: list[str]) -> int:
    sys.argv = [script, *arguments]
    sys.path[0] = os.path.dirname(script)
    try:
        runpy.run_path(script, run_name="__main__")
    except SystemExit as error:
        if error.code in (None, 0):
            return 0
        _report(error)
        return error.code if isinstance(error.code, int) else 1
    except BaseException as error:
        traceback.print_exc()
        _report(error)
        return 1
    return 0


def _apply(system: Any, settings: dict[str, str]) -> dict[str, str | None]:
    return {name: system.setProperty(name, value) for name, value in settings.items()}


def _undo(system: Any, before: dict[str, str | None]) -> None:
    for name, value in before.items():
        if value is None:
            system.clearProperty(name)
        else:
            system.setProperty(name, value)


def _stop_spark() -> None:
    from pyspark import SparkContext

    context = SparkContext._active_spark_context
    if context is not None:
        # Tables of the same path may be others the next time.
        context._jvm.org.apache.spark.sql.delta.DeltaLog.clearCache()
        context.stop()
        # Its connections to S3 are kept by bucket, whoever opened them: the next run has another role.
        context._jvm.org.apache.hadoop.fs.FileSystem.closeAll()


def main() -> int:
    """The exit status of the script."""
    script, arguments = sys.argv[1], sys.argv[2:]
    if "PYSPARK_GATEWAY_PORT" not in os.environ:
        return _run(script, arguments)
    from pyspark import SparkContext

    SparkContext._ensure_initialized()
    system = SparkContext._jvm.java.lang.System
    before = _apply(system, json.loads(os.environ["GLUE_SPARK_SETTINGS"]))
    status = _run(script, arguments)
    _stop_spark()
    _undo(system, before)
    (_HERE / "clean").touch()
    return status


if __name__ == "__main__":
    exit_status = main()
    sys.stdout.flush()
    sys.stderr.flush()
    # Threads of the script must not keep a finished run alive.
    os._exit(exit_status)
