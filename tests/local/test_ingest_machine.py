"""The packaged ingest machine on the local engine: its stories, then the retriers and catchers of every task.

The tasks, retriers and catchers come from the definition; a new one is a new case here, and a new state that
no scenario reaches fails the last test.
"""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from ingest import Ingest, Run, packaged_machine
from ingest_services import BATCH, Fails, Script, schemas
from ingest_stories import STORIES
from ingest_story import ALERT, FAIL, FAILED_BATCH, RETRY, TERMINAL, WITHDRAW, Story, planned, settled
from ingest_withdrawal_stories import ERASING
from localcloud.stepfunctions.definition import diagnose
from machine_coverage import parts, states, taken
from planted_violations import validation_of

# What leads to the tasks that a day on which all goes well does not reach.
STOPPED: Script = {"SyncCatalog": [Fails("LeaseLost")]}
WAYS: dict[str, Script] = {
    "SettleProducts": {"LoadProducts": [Fails("States.TaskFailed")]},
    "SettleOrders": {"LoadOrders": [Fails("States.TaskFailed")]},
    "SettleOrderItems": {"LoadOrderItems": [Fails("States.TaskFailed")]},
    "OperateOnDataset": {"JudgeBatch": [WITHDRAW]},
    "SettleDataset": {"JudgeBatch": [WITHDRAW], "OperateOnDataset": [Fails("States.TaskFailed")]},
    "EraseObjects": {"PlanBatch": [ERASING]},
    "SendAlert": {"PublishOutcome": [{**FAILED_BATCH, "alert": ALERT}]},
    "RecordFailure": STOPPED,
    "SendFailureAlert": STOPPED,
    "ReleaseAfterFailure": STOPPED,
}


@pytest.fixture(scope="module")
def ingest() -> Ingest:
    """The machine as it is deployed, with services that follow a script."""
    return Ingest(packaged_machine(), schemas())


def tasks(ingest: Ingest) -> Iterator[tuple[str, Any]]:
    return ((name, state) for name, state in states(ingest.machine).items() if state["Type"] == "Task")


def play(ingest: Ingest, state: str, *errors: str) -> Run:
    """A run in which ``state`` first fails with ``errors``, one after the other."""
    run = ingest.play({**WAYS.get(state, {}), state: [Fails(error) for error in errors]})
    assert run.attempts(state), f"no scenario calls {state}: add what leads to it to WAYS"
    return run


def next_after(run: Run, state: str) -> str:
    """Where the first visit to a state led."""
    events = run.record["events"]
    left = next(e for e in events if e.get("stateExitedEventDetails", {}).get("name") == state)
    entered = next(e for e in events if e["previousEventId"] == left["id"])
    return str(entered["stateEnteredEventDetails"]["name"])


def first_taken_by(catcher: Any, state: Any) -> str:
    """An error that reaches a catcher past those before it."""
    named = str(catcher["ErrorEquals"][0])
    if named != "States.ALL":
        return named
    others = [error for entry in state["Catch"] for error in entry["ErrorEquals"]]
    return "States.Timeout" if "States.TaskFailed" in others else "Unforeseen"


def test_the_definition_may_be_deployed(ingest: Ingest) -> None:
    assert diagnose(json.dumps(ingest.machine)) == []


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.sentence)
def test_the_story(ingest: Ingest, story: Story) -> None:
    run = ingest.play(story.script, story.data, story.replacing)
    assert run.path() == story.states.split()
    assert run.ends == story.ends, run.record.get("cause")
    assert (tuple(run.alerts), tuple(run.releases)) == (story.alerts, story.releases)
    after_failure = ["ReleaseAfterFailure"] * len(run.sent("ReleaseAfterFailure"))
    assert run.unannounced == [*story.unannounced, *after_failure]
    assert {first: run.path(first) for first in story.inside} == {
        first: states.split() for first, states in story.inside.items()
    }
    assert {state: len(run.sent(state)) for state in story.attempts} == dict(story.attempts)
    if story.output is not None:
        assert run.output == story.output
    assert (run.violations == []) is story.sound, run.violations


def test_every_outcome_and_violation_reaches_whoever_publishes(ingest: Ingest) -> None:
    run = ingest.play({"CheckChunk": [], **settled("Products", FAIL)})
    published = run.sent("PublishOutcome")[0]["Payload"]
    assert published["outcomes"] == [
        {"dataset": "products", "status": "FAILED", "attempts": 1, "failure": TERMINAL},
        {"dataset": "orders", "status": "LOADED", "attempts": 1},
        {"dataset": "order_items", "status": "LOADED", "attempts": 1},
    ]
    assert published["validation"] == [{"name": "orphans", "violations": 0}]


def test_the_validation_is_asked_about_the_rows_of_the_batch(ingest: Ingest) -> None:
    (query,) = ingest.play({}).sent("ValidateTables")
    number = BATCH["number"]
    assert isinstance(number, int)
    assert query["QueryString"].split() == validation_of(number).split()


@pytest.mark.parametrize("dataset", ["Products", "Orders", "OrderItems"])
def test_every_attempt_is_counted_for_settling_and_in_the_outcome(ingest: Ingest, dataset: str) -> None:
    run = ingest.play(settled(dataset, RETRY, RETRY, FAIL))
    counted = [call["Payload"]["attempt"] for call in run.sent(f"Settle{dataset}")]
    outcomes = run.sent("PublishOutcome")[0]["Payload"]["outcomes"]
    assert counted == [1, 2, 3]
    assert [outcome["attempts"] for outcome in outcomes if outcome["status"] == "FAILED"] == [3]


def test_every_dataset_that_the_batch_has_changed_is_restored_by_its_own_job(ingest: Ingest) -> None:
    datasets = ["orders", "order_items"]
    run = ingest.play({"JudgeBatch": [{**WITHDRAW, "datasets": datasets}]})
    restored = run.sent("OperateOnDataset")
    assert sorted(call["JobName"] for call in restored) == [
        "lakehouse-local-order_items",
        "lakehouse-local-orders",
    ]
    assert {call["Arguments"]["--OPERATION"] for call in restored} == {"withdraw"}
    # The job's release is the deployed one, whatever the batch was planned with.
    assert not any("--scriptLocation" in call["Arguments"] for call in restored)
    outcomes = [{"dataset": name, "status": "RESTORED", "attempts": 1} for name in datasets]
    for state in ("SyncCatalog", "ArchiveChunk", "PublishOutcome"):
        assert run.sent(state)[-1]["Payload"]["outcomes"] == outcomes


@pytest.mark.parametrize(
    ("kind", "operation", "status", "minutes"),
    [
        ("rollback", "withdraw", "RESTORED", 60),
        ("maintenance", "maintain", "MAINTAINED", 35),
        ("erasure", "erase", "ERASED", 60),
    ],
)
def test_the_kind_of_an_entry_says_what_its_jobs_do_and_for_how_long(
    ingest: Ingest, kind: str, operation: str, status: str, minutes: int
) -> None:
    batch = {**BATCH, "kind": kind, "chunks": 0}
    answer = {"status": "OPERATING", "batch": batch, "datasets": ["orders"], "validation": []}
    run = ingest.play({"PlanBatch": [answer]})
    (started,) = run.sent("OperateOnDataset")
    assert (started["Arguments"]["--OPERATION"], started["Timeout"]) == (operation, minutes)
    outcomes = [{"dataset": "orders", "status": status, "attempts": 1}]
    for state in ("SyncCatalog", "PublishOutcome"):
        assert run.sent(state)[-1]["Payload"]["outcomes"] == outcomes


def test_a_job_gets_the_batch_the_lease_and_the_code_it_was_planned_with(ingest: Ingest) -> None:
    release = {"scriptLocation": "s3://code/old.py", "extraPyFiles": "s3://code/old.zip"}
    run = ingest.play({"PlanBatch": [planned(release=release)]})
    for job in ("LoadProducts", "LoadOrders", "LoadOrderItems"):
        arguments = run.sent(job)[0]["Arguments"]
        assert arguments["--MANIFEST"] == BATCH["manifest"]
        assert arguments["--LEASE_FENCE"] == "7"
        assert arguments["--scriptLocation"] == "s3://code/old.py"
        assert arguments["--extra-py-files"] == "s3://code/old.zip"


def test_a_load_starts_with_its_own_workers_and_a_withdrawal_with_those_of_the_job(ingest: Ingest) -> None:
    run = ingest.play({"JudgeBatch": [WITHDRAW]})
    planned_for: Any = BATCH["workers"]
    jobs = {"LoadProducts": "products", "LoadOrders": "orders", "LoadOrderItems": "order_items"}
    for job, dataset in jobs.items():
        (sent,) = run.sent(job)
        workers = {"workerType": sent["WorkerType"], "numberOfWorkers": sent["NumberOfWorkers"]}
        assert workers == planned_for[dataset]
    assert not any("WorkerType" in call for call in run.sent("OperateOnDataset"))


@pytest.mark.parametrize(
    ("cause", "told"),
    [
        ('{"Query":"SELECT 1","StateChangeReason":"no such table"}', '"StateChangeReason":"no such table'),
        ("Athena says no more", "Athena says no more"),
    ],
)
def test_the_reason_of_a_failed_query_is_told_or_all_that_is_known(
    ingest: Ingest, cause: str, told: str
) -> None:
    run = ingest.play({"ValidateTables": [Fails("States.TaskFailed", cause)]})
    assert json.loads(run.sent("SendFailureAlert")[0]["Message"])["cause"] == told


def test_an_error_that_stops_the_batch_is_noted_on_its_entry(ingest: Ingest) -> None:
    script = {"SyncCatalog": [fails := Fails("TableSchemaMismatch", "column x")]}
    noted = ingest.play(script).sent("RecordFailure")[0]
    assert noted["Key"]["sk"] == {"S": "0000000012"}
    assert noted["ExpressionAttributeValues"][":error"] == {"S": f"{fails.error}: {fails.cause}"}


def retried_errors(state: Any) -> Iterator[list[str]]:
    """Every error that the retriers of a state name, as many at once as one visit may retry."""
    for retrier in state["Retry"]:
        errors, most = retrier["ErrorEquals"], retrier["MaxAttempts"]
        yield from (errors[start : start + most] for start in range(0, len(errors), most))


def test_each_error_that_a_retrier_names_costs_one_more_attempt_and_nothing_else(
    ingest: Ingest, subtests: pytest.Subtests
) -> None:
    for state, definition in tasks(ingest):
        smooth = play(ingest, state)
        for errors in retried_errors(definition):
            with subtests.test(state=state, errors=errors):
                run = play(ingest, state, *errors)
                once, *later = smooth.attempts(state)
                assert run.attempts(state) == [once + len(errors), *later]
                assert sorted(run.entered) == sorted(smooth.entered)
                assert run.path() == smooth.path()
                assert run.ends == smooth.ends
                again = len(errors) if state in ("SendAlert", "SendFailureAlert") else 0
                assert run.alerts == [*smooth.alerts[:1] * again, *smooth.alerts]
                again = len(errors) if state in ("ReleaseLease", "ReleaseAfterFailure") else 0
                assert run.releases == [*smooth.releases[:1] * again, *smooth.releases]


def test_a_retrier_gives_up_after_its_attempts_and_the_error_is_caught(
    ingest: Ingest, subtests: pytest.Subtests
) -> None:
    for state, definition in tasks(ingest):
        for retrier in definition["Retry"]:
            error = retrier["ErrorEquals"][0]
            with subtests.test(state=state, error=error):
                run = play(ingest, state, *[error] * (retrier["MaxAttempts"] + 1))
                assert run.attempts(state)[0] == retrier["MaxAttempts"] + 1
                assert next_after(run, state) == definition["Catch"][-1]["Next"]


def test_an_error_that_no_retrier_names_is_caught_at_once(ingest: Ingest, subtests: pytest.Subtests) -> None:
    for state, definition in tasks(ingest):
        for catcher in definition["Catch"]:
            named = catcher["ErrorEquals"][0]
            with subtests.test(state=state, error=named):
                run = play(ingest, state, first_taken_by(catcher, definition))
                assert run.attempts(state)[0] == 1
                assert next_after(run, state) == catcher["Next"]


def test_a_failure_ends_with_the_lease_released_and_somebody_told(
    ingest: Ingest, subtests: pytest.Subtests
) -> None:
    """Whatever task fails for good: no execution ends well without its work, and none keeps its lease."""
    for state, _ in tasks(ingest):
        with subtests.test(state=state):
            run = play(ingest, state, "Unforeseen")
            settles = state.startswith(("Load", "OperateOn"))
            assert run.record["status"] == "FAILED" or settles
            assert run.releases or state == "AcquireLease"
            assert run.alerts or settles


def test_every_state_transition_retrier_and_catcher_is_taken(
    ingest: Ingest, capsys: pytest.CaptureFixture[str]
) -> None:
    """The stories and the cases above together: nothing in the definition is left that no test has seen."""
    runs = [ingest.play(story.script, story.data, story.replacing) for story in STORIES]
    for state, definition in tasks(ingest):
        runs += [play(ingest, state, *errors) for errors in retried_errors(definition)]
        runs += [play(ingest, state, first_taken_by(catcher, definition)) for catcher in definition["Catch"]]
    there_are = parts(ingest.machine)
    seen = {part for run in runs for part in taken(ingest.machine, run.record["events"])}
    with capsys.disabled():
        known = states(ingest.machine).keys()
        print(
            f"\ningest machine: {len(known & seen)} of {len(known)} states, "
            f"{len((there_are - known) & seen)} of {len(there_are - known)} transitions, retriers "
            f"and catchers taken in {len(runs)} runs"
        )
    assert sorted(there_are - seen) == []
    assert sorted(seen - there_are) == []
