"""Plays the packaged ingest machine on the local engine, with scripted services and without waiting."""

import json
import os
import subprocess
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from referencing import Registry

from ingest_services import Json, Script, Services
from instances import PROJECT
from machine_coverage import flows
from machines import start_here


@dataclass(frozen=True)
class Run:
    """What an execution did."""

    machine: Json
    record: Json
    calls: list[tuple[str, Any]]
    violations: list[str]

    @property
    def ends(self) -> str:
        """SUCCEEDED, or the error with which it failed."""
        assert self.record["status"] in ("SUCCEEDED", "FAILED")
        return str(self.record.get("error") or self.record["status"])

    @property
    def output(self) -> Any:
        """The output of an execution that succeeded."""
        return json.loads(self.record["output"])

    def path(self, first: str | None = None) -> list[str]:
        """The states of the machine in the order in which they were entered; of the branch that starts with
        ``first`` if it is given."""
        start = first or self.machine["StartAt"]
        flow = next(flow for flow in flows(self.machine) if flow["StartAt"] == start)
        return [name for name in self.entered if name in flow["States"]]

    @property
    def entered(self) -> list[str]:
        """Every state in the order in which it was entered."""
        return [
            event["stateEnteredEventDetails"]["name"]
            for event in self.record["events"]
            if "stateEnteredEventDetails" in event
        ]

    def sent(self, state: str) -> list[Any]:
        """What each attempt of a state sent, in order."""
        return [arguments for caller, arguments in self.calls if caller == state]

    def attempts(self, state: str) -> list[int]:
        """How many attempts each visit to a task took."""
        events = self.record["events"]

        def visit(event: Any) -> int:
            while "stateEnteredEventDetails" not in event:
                event = events[event["previousEventId"] - 1]
            return int(event["id"])

        visits = Counter(visit(event) for event in events if event["type"] == "TaskScheduled")
        named = [events[number - 1]["stateEnteredEventDetails"]["name"] for number in visits]
        return [count for name, count in zip(named, visits.values(), strict=True) if name == state]

    @property
    def alerts(self) -> list[str]:
        """What was published: the subject of a batch's alert, the error that an execution's alert tells."""
        return list(self._alerts())

    def _alerts(self) -> Iterator[str]:
        for state, arguments in self.calls:
            if state == "SendAlert":
                yield arguments["Subject"]
            if state == "SendFailureAlert":
                yield json.loads(arguments["Message"])["error"]

    @property
    def releases(self) -> list[bool]:
        """Each attempt to give the lease back: whether it forbade to hand over."""
        return [
            arguments["Payload"]["backOff"]
            for state, arguments in self.calls
            if state in ("ReleaseLease", "ReleaseAfterFailure")
        ]

    @property
    def unannounced(self) -> list[str]:
        """The states that gave the lease back without the entry's alert being told."""
        return [
            state
            for state, arguments in self.calls
            if state in ("ReleaseLease", "ReleaseAfterFailure") and not arguments["Payload"]["announced"]
        ]


@dataclass
class Ingest:
    """The machine; a script that was played before is not played again."""

    machine: Json
    registry: Registry
    runs: dict[str, Run] = field(default_factory=dict)

    def play(
        self, script: Script, data: Json | None = None, replacing: Mapping[str, Json] | None = None
    ) -> Run:
        """Run the machine to its end; ``replacing`` are other fields for its states."""
        key = repr((sorted(script.items()), data, replacing))
        if key not in self.runs:
            given = {"trigger": "arrival"} if data is None else data
            self.runs[key] = self._play(script, given, replacing or {})
        return self.runs[key]

    def _play(self, script: Script, data: Json, replacing: Mapping[str, Json]) -> Run:
        services = Services(script, self.registry)
        given = self.machine["States"]
        states = {name: {**state, **replacing.get(name, {})} for name, state in given.items()}
        execution = start_here({**self.machine, "States": states}, data, services.perform)
        services.events = execution.record["events"]
        execution.run()
        return Run(self.machine, execution.record, services.calls, services.violations)


def packaged_machine() -> Json:
    """The definition that ``sls package`` puts into the template, references by their names."""
    bin_folder = PROJECT / "node_modules" / ".bin"
    printed = subprocess.run(
        [bin_folder / "tsx", "tests/template/print-machine.ts"],
        cwd=PROJECT,
        env={**os.environ, "PATH": f"{bin_folder}{os.pathsep}{os.environ['PATH']}"},
        capture_output=True,
        text=True,
    )
    assert printed.returncode == 0, printed.stderr
    machine: Json = json.loads(printed.stdout)
    return machine
