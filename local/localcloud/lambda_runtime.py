"""Lambda functions run on the toolchain's Node, with their role's key, and fail under their error's name.

The environment of a function is that of the launcher (see ``environment``) and its own variables.
"""

import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ministack.core import lambda_runtime as ministack_runtime
from ministack.services import lambda_svc

from localcloud import child_processes
from localcloud.seams import SeamMoved
from localcloud.toolchain import Toolchain
from localcloud.wire import key_of_role

# Each place where ministack's worker reports an error of a handler, and the same with the error's name.
_REPORTS = {
    'status: "error", error: String(err.message || err), trace: err.stack || ""': (
        'status: "error", error: String(err.message || err), trace: err.stack || "", '
        "errorType: err instanceof Error ? err.name : typeof err"
    ),
    'status: "error", error: e.message, trace: e.stack': (
        'status: "error", error: e.message, trace: e.stack, errorType: e.name'
    ),
}
_last = threading.local()


def named_errors(worker_script: str) -> str:
    """ministack's Node worker with the error's name in its reports; SeamMoved when it reports otherwise."""
    for report, named in _REPORTS.items():
        if report not in worker_script:
            raise SeamMoved(f"ministack's Node worker no longer reports errors as {report!r}")
        worker_script = worker_script.replace(report, named)
    return worker_script


# What ministack's worker reports when the process of the function is gone.
_DIED = "Worker process died"


def _with_error_name(answer: dict[str, Any], report: Mapping[str, Any]) -> dict[str, Any]:
    if answer.get("error") and report.get("error") == _DIED:
        # As Lambda puts it when the process was killed, by whomever.
        killed = {
            "errorType": "Runtime.ExitError",
            "errorMessage": "Runtime exited with error: signal: killed",
        }
        return {**answer, "body": killed}
    name = report.get("errorType")
    if not answer.get("error") or not name:
        return answer
    trace = str(report.get("trace") or "").split("\n")
    return {**answer, "body": {**answer["body"], "errorType": name, "trace": trace}}


def install(endpoint: str, home: Path, toolchain: Toolchain) -> None:
    """Change how ministack starts Node workers and how it passes on what they report."""
    detect = ministack_runtime._detect_runtime_binary
    spawn, invoke = ministack_runtime.Worker._spawn, ministack_runtime.Worker.invoke
    execute, credentials = lambda_svc._execute_function_warm, ministack_runtime.execution_credentials
    node_script = named_errors(ministack_runtime._NODEJS_WORKER_SCRIPT)

    def detect_binary(runtime: str) -> tuple[str, str]:
        if runtime.startswith("nodejs"):
            return str(toolchain.node), node_script
        binary: tuple[str, str] = detect(runtime)
        return binary

    def recorded_spawn(worker: Any) -> None:
        spawn(worker)
        child_processes.record(home, worker._proc.pid)

    def remembered_invoke(worker: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        _last.report = {}
        report: dict[str, Any] = invoke(worker, *args, **kwargs)
        _last.report = report
        return report

    def named_execute(func: dict[str, Any], event: Any, request_id: str) -> dict[str, Any]:
        _last.report = {}
        return _with_error_name(execute(func, event, request_id), _last.report)

    def credentials_of_role(config: dict[str, Any]) -> dict[str, str]:
        return {**credentials(config), "AWS_ACCESS_KEY_ID": key_of_role(config["Role"])}

    ministack_runtime.execution_credentials = credentials_of_role
    ministack_runtime._detect_runtime_binary = detect_binary
    ministack_runtime.Worker._spawn = recorded_spawn
    ministack_runtime.Worker.invoke = remembered_invoke
    lambda_svc._execute_function_warm = named_execute
