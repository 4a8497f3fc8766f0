"""The engine in the place of ministack's: starts, describes and stops executions of JSONata machines.

ministack keeps the machines, versions, aliases and the documents of the executions, and answers all other
operations. Machines in JSONPath still run on ministack's own engine, as it is.
"""

import json
import random
import threading
from collections.abc import Callable, Mapping
from typing import Any

from ministack.core.responses import error_response_json, get_account_id, get_region, json_response
from ministack.services import stepfunctions as ministack

from localcloud.stepfunctions.aliases import chosen_version
from localcloud.stepfunctions.branch import Surroundings
from localcloud.stepfunctions.execution import Execution
from localcloud.stepfunctions.integrations import Integrations
from localcloud.stepfunctions.integrations.services import Services
from localcloud.stepfunctions.lifetime import in_thread
from localcloud.stepfunctions.start import StartRefused, Target, is_repetition, new_record, read_request
from localcloud.stepfunctions.states import HANDLERS
from localcloud.wire import ACCESS_KEY, key_of_role

Response = tuple[int, dict[str, str], bytes]
Request = Mapping[str, Any]


class Engine:
    """Answers StartExecution, StopExecution and DescribeExecution in ministack's place."""

    def __init__(self, endpoint: str, wait_scale: float) -> None:
        self._endpoint = endpoint
        self._wait_scale = wait_scale
        self._surroundings: dict[str, Surroundings] = {}
        self._running: dict[str, Execution] = {}
        self._lock = threading.Lock()
        self._run_jsonpath: Callable[[str], None] = ministack._run_execution
        self._stop_jsonpath: Callable[[Request], Response] = ministack._stop_execution
        self._describe: Callable[[Request], Response] = ministack._describe_execution

    def start(self, data: Request) -> Response:
        """StartExecution; a repeated start of a running execution gets the answer of the first."""
        try:
            target = find_target(str(data.get("stateMachineArn", "")))
            request = read_request(data)
            arn = (
                f"arn:aws:states:{get_region()}:{get_account_id()}:execution:"
                f"{target.machine['name']}:{request.name}"
            )
            with self._lock:
                existing = ministack._executions.get(arn)
                if existing is not None and is_repetition(existing, request):
                    return _answered(json_response({"executionArn": arn, "startDate": existing["startDate"]}))
                record = new_record(target, request, arn)
                ministack._executions[arn] = record
                self._prepare(record, target.machine)
        except StartRefused as refusal:
            return _refused(refusal)
        ministack._emit_execution_status_event(record)
        in_thread(lambda: self.run(arn))
        return _answered(json_response({"executionArn": arn, "startDate": record["startDate"]}))

    def stop(self, data: Request) -> Response:
        """StopExecution; the jobs that the execution waits for are stopped too."""
        execution = self._running.get(str(data.get("executionArn")))
        if execution is None:
            return self._stop_jsonpath(data)
        execution.abort(data.get("error"), data.get("cause"))
        record = execution.record
        if record["status"] != "ABORTED":
            return self._stop_jsonpath(data)
        return _answered(json_response({"stopDate": record["stopDate"]}))

    def describe(self, data: Request) -> Response:
        """DescribeExecution with the version and the alias that were started."""
        status, headers, body = self._describe(data)
        record = ministack._executions.get(data.get("executionArn"), {})
        named = {
            key: record[key]
            for key in ("stateMachineVersionArn", "stateMachineAliasArn")
            if record.get(key) is not None
        }
        if status != 200 or not named:
            return status, headers, body
        return _answered(json_response({**json.loads(body), **named}))

    def run(self, arn: str) -> None:
        """Run a started execution to its end, in the calling thread."""
        execution = self._running.get(arn) or self._prepare_started(arn)
        if execution is None:
            self._run_jsonpath(arn)
            return
        try:
            execution.run()
        finally:
            self._running.pop(arn, None)

    def _prepare_started(self, arn: str) -> Execution | None:
        """An execution whose document ministack wrote: StartSyncExecution."""
        record = ministack._executions.get(arn)
        machine = ministack._state_machines.get(record["stateMachineArn"]) if record else None
        return self._prepare(record, machine) if record and machine else None

    def _prepare(self, record: dict[str, Any], machine: Mapping[str, Any]) -> Execution | None:
        if json.loads(machine["definition"]).get("QueryLanguage") != "JSONata":
            return None
        execution = Execution(
            record, dict(machine), self._surroundings_of(machine), ministack._emit_execution_status_event
        )
        self._running[record["executionArn"]] = execution
        return execution

    def _surroundings_of(self, machine: Mapping[str, Any]) -> Surroundings:
        """Shared by the executions of one role, whose key signs what they call."""
        key = key_of_role(machine.get("roleArn", "")) or ACCESS_KEY
        if key not in self._surroundings:
            perform = Integrations(Services(self._endpoint, key)).perform
            self._surroundings[key] = Surroundings(HANDLERS, perform, self._wait_scale, random.random)
        return self._surroundings[key]


def find_target(arn: str, draw: Callable[[], float] = random.random) -> Target:
    """The machine, version or alias behind an ARN; raises StateMachineDoesNotExist.

    A version runs its own definition, whatever the machine's is by now; an alias one of its versions, by
    their weights. Source: docs.aws.amazon.com/step-functions/latest/dg/concepts-cd-aliasing-versioning.html
    """
    machine = ministack._state_machines.get(arn)
    if machine is not None:
        return Target(arn, machine)
    routed = ministack._state_machine_aliases.get(arn)
    version_arn = chosen_version(routed["routingConfiguration"], draw()) if routed else arn
    version = ministack._state_machine_versions.get(version_arn)
    machine = ministack._state_machines.get(version["stateMachineArn"]) if version else None
    if version is None or machine is None:
        raise StartRefused("StateMachineDoesNotExist", f"State Machine Does Not Exist: '{arn}'")
    alias = arn if routed else None
    return Target(version["stateMachineArn"], {**version, "name": machine["name"]}, version_arn, alias)


def _refused(refusal: StartRefused) -> Response:
    return _answered(error_response_json(refusal.code, refusal.message, 400))


def _answered(response: Any) -> Response:
    status, headers, body = response
    return status, headers, body
