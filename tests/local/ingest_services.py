"""The services that the ingest machine calls, with answers scripted for each state.

What a function is sent and what it answers must fit its schemas, so that a scenario cannot tell of a function
that does not exist.
"""

import json
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from instances import PROJECT
from localcloud.stepfunctions.failures import StateFailure

Json = dict[str, Any]

LEASE = {"owner": "arn:of:execution", "fence": 7}
BATCH = {
    "number": 12,
    "kind": "load",
    "epoch": "e1",
    "manifest": "s3://artefacts/batches/12/manifest.json",
    "manifestHash": "0" * 64,
    "prefix": "s3://artefacts/batches/12/",
    "chunks": 1,
    "release": {"scriptLocation": "s3://code/script.py", "extraPyFiles": "s3://code/package.zip"},
    "uninitialised": [],
    "orphansDue": [],
    "expiryDue": [],
    "redriveDue": [],
    "workers": {
        "products": {"workerType": "G.1X", "numberOfWorkers": 2},
        "orders": {"workerType": "G.1X", "numberOfWorkers": 3},
        "order_items": {"workerType": "G.2X", "numberOfWorkers": 4},
    },
}
ACCEPTED = {"products": 1, "orders": 1, "order_items": 1}


@dataclass(frozen=True)
class Fails:
    """An answer: the call ends with this error."""

    error: str
    cause: str = "on purpose"


Answer = Json | Fails
Script = Mapping[str, Sequence[Answer]]


def result_rows(**violations: int) -> Json:
    """What the validation query finds, as Athena returns rows: the first holds the column names."""
    rows = [("name", "violations"), *violations.items()]
    return {
        "ResultSet": {"Rows": [{"Data": [{"VarCharValue": str(cell)} for cell in row]} for row in rows]},
    }


# What a service answers when the script says nothing: the day on which all goes well.
FUNCTIONS: Mapping[str, Json] = {
    "acquireLease": {"status": "ACQUIRED", "lease": LEASE, "waitSeconds": 0},
    "planBatch": {"status": "PLANNED", "batch": BATCH},
    "checkHeaders": {"chunk": 0, "accepted": ACCEPTED, "rejected": 0},
    "settleJob": {"action": "RETRY", "seconds": 30},
    "syncCatalog": {"tables": []},
    "judgeBatch": {"status": "PUBLISH"},
    "eraseObjects": {"documents": 0, "versions": 3, "queryResults": 1},
    "archiveFiles": {"archived": 3, "rejected": 0},
    "publishOutcome": {"status": "DONE", "backOff": False, "alert": None},
    "releaseLease": {"status": "RELEASED"},
}
RESOURCES: Mapping[str, Json] = {
    "glue:startJobRun.sync": {"Id": "jr_1", "JobRunState": "SUCCEEDED"},
    "athena:startQueryExecution.sync": {"QueryExecution": {"QueryExecutionId": "q-1"}},
    "athena:getQueryResults": result_rows(orphans=0),
    "sns:publish": {"MessageId": "m-1"},
    "dynamodb:updateItem": {},
}


def schemas() -> Registry:
    """Every JSON Schema of the project, by its id."""
    documents = [json.loads(file.read_text()) for file in sorted(PROJECT.glob("schemas/*/*.schema.json"))]
    return Registry().with_resources(
        (document["$id"], Resource.from_contents(document)) for document in documents
    )


def violations(registry: Registry, folder: str, function: str, value: Any) -> list[str]:
    """What is wrong with a function's event (folder ``events``) or result (``states``)."""
    schema = {"$ref": f"https://lakehouse.example/schemas/{folder}/{function}.schema.json"}
    found = Draft202012Validator(schema, registry=registry).iter_errors(value)
    return [f"{folder}/{function}: {error.json_path} {error.message}" for error in found]


@dataclass
class Services:
    """Performs tasks as ``script`` says: for each state (``"CheckChunk 1"`` for one item of a Map) what it
    answers the first time, the second time and so on; after that it is the day on which all goes well.
    """

    script: Script
    registry: Registry
    events: list[Json] = field(default_factory=list)
    calls: list[tuple[str, Any]] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _used: dict[str, int] = field(default_factory=dict)

    def perform(self, resource: str, arguments: Any, call: Any) -> Any:
        """Answer one call of a task."""
        state = self._caller(call.trail.last)
        function = function_of(arguments)
        with self._lock:
            self.calls.append((state, arguments))
            answer = self._answer(state, resource, function, arguments)
        if isinstance(answer, Fails):
            raise StateFailure(answer.error, answer.cause)
        return {"Payload": answer, "StatusCode": 200} if function else answer

    def _caller(self, event: int) -> str:
        """The state whose line in the history a call belongs to."""
        while "stateEnteredEventDetails" not in self.events[event - 1]:
            event = self.events[event - 1]["previousEventId"]
        return str(self.events[event - 1]["stateEnteredEventDetails"]["name"])

    def _answer(self, state: str, resource: str, function: str | None, arguments: Any) -> Answer:
        key = f"{state} {arguments['Payload'].get('chunk')}" if function else state
        key = key if key in self.script else state
        used = self._used[key] = self._used.get(key, 0) + 1
        scripted = self.script.get(key, ())
        name = resource.removeprefix("arn:aws:states:::")
        usual = FUNCTIONS[function] if function else RESOURCES[name]
        answer = scripted[used - 1] if used <= len(scripted) else usual
        if function:
            self.violations += violations(self.registry, "events", function, arguments["Payload"])
            if not isinstance(answer, Fails):
                self.violations += violations(self.registry, "states", function, answer)
        return answer


def function_of(arguments: Any) -> str | None:
    """The function that a task invokes, by the name of its schemas: the template's logical id tells."""
    name = str(arguments.get("FunctionName", ""))
    if not name:
        return None
    logical_id = name.removeprefix("${").removesuffix("LambdaFunction.Version}")
    return logical_id[0].lower() + logical_id[1:]
