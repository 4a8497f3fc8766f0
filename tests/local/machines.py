"""Running state machines in tests: in this process with fake services, or in a real instance."""

import json
import uuid
from collections.abc import Callable
from typing import Any

from instances import Instance, wait_for
from localcloud.stepfunctions.branch import Call, Surroundings
from localcloud.stepfunctions.execution import Execution
from localcloud.stepfunctions.states import HANDLERS

ROLE = "arn:aws:iam::000000000000:role/states"
UNLINKED = ("Succeed", "Fail", "Choice")

Json = dict[str, Any]
Perform = Callable[[str, Any, Call], Any]


def echo(resource: str, arguments: Any, call: Call) -> Any:
    """A service that answers with its arguments."""
    return arguments


def task(**fields: Any) -> Json:
    """A Task of the fake service; without Next it is the last state."""
    end = {} if "Next" in fields else {"End": True}
    return {"Type": "Task", "Resource": "arn:aws:states:::fake:call", **end, **fields}


def chain(*states: Json) -> Json:
    """States one after the other, named S1, S2 ...; for Branches and ItemProcessor too."""
    names = [f"S{number}" for number in range(1, len(states) + 1)]
    links: list[Json] = [*({"Next": name} for name in names[1:]), {"End": True}]
    linked = {
        name: state
        if state["Type"] in UNLINKED or "Next" in state
        else {**{k: v for k, v in state.items() if k != "End"}, **link}
        for name, state, link in zip(names, states, links, strict=True)
    }
    return {"StartAt": "S1", "States": linked}


def start_here(
    machine: Json, data: Any = None, perform: Perform = echo, wait_scale: float = 0.0
) -> Execution:
    """A prepared execution in this process; waits take no time unless ``wait_scale`` says so."""
    record = {
        "executionArn": "arn:of:execution",
        "stateMachineArn": "arn:of:machine",
        "name": "one",
        "status": "RUNNING",
        "startDate": "2025-04-01T00:00:00Z",
        "input": json.dumps({} if data is None else data),
        "output": None,
        "events": [{"id": 1, "previousEventId": 0, "type": "ExecutionStarted"}],
    }
    definition = json.dumps({"QueryLanguage": "JSONata", **machine})
    surroundings = Surroundings(HANDLERS, perform, wait_scale, lambda: 1.0)
    document = {"definition": definition, "name": "machine", "roleArn": ROLE}
    return Execution(record, document, surroundings, lambda _: None)


def run_here(machine: Json, data: Any = None, perform: Perform = echo) -> Json:
    """The document of an execution that ran in this process."""
    execution = start_here(machine, data, perform)
    execution.run()
    return execution.record


def output_of(machine: Json, data: Any = None, perform: Perform = echo) -> Any:
    """The output of an execution, which must succeed."""
    record = run_here(machine, data, perform)
    assert record["status"] == "SUCCEEDED", (record.get("error"), record.get("cause"))
    return json.loads(record["output"])


def error_of(machine: Json, data: Any = None, perform: Perform = echo) -> str:
    """The error of an execution, which must fail."""
    record = run_here(machine, data, perform)
    assert record["status"] == "FAILED", record["output"]
    return str(record["error"])


def event_types(record: Json) -> list[str]:
    """The types of the events of an execution, in order."""
    return [event["type"] for event in record["events"]]


def create_machine(cloud: Instance, machine: Json) -> str:
    """The ARN of a new JSONata machine in a real instance."""
    answer = cloud.client("stepfunctions").create_state_machine(
        name=f"m-{uuid.uuid4()}",
        roleArn=ROLE,
        definition=json.dumps({"QueryLanguage": "JSONata", **machine}),
    )
    return str(answer["stateMachineArn"])


def run_in(cloud: Instance, machine: Json, data: Any = None) -> Json:
    """The description of an execution that ran in a real instance, with its output as JSON."""
    client = cloud.client("stepfunctions")
    arn = client.start_execution(
        stateMachineArn=create_machine(cloud, machine), input=json.dumps({} if data is None else data)
    )["executionArn"]
    return ended(cloud, arn)


def ended(cloud: Instance, arn: str) -> Json:
    """The description of an execution once it is closed, with its output as JSON."""
    client = cloud.client("stepfunctions")

    def closed() -> Json | None:
        description: Json = client.describe_execution(executionArn=arn)
        return description if description["status"] != "RUNNING" else None

    description: Json = wait_for(closed, f"the end of {arn}")
    output = description.get("output")
    return {**description, "output": json.loads(output) if output else None}
