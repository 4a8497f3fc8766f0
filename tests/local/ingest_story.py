"""A story about a batch: what the services answer and what must come of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from ingest_services import BATCH, Answer, Fails, Json, Script

AWAITING = "AcquireLease LeaseAcquired AwaitLease"
OPENING = "AcquireLease LeaseAcquired PlanBatch BatchPlanned CheckHeaders AllChunksChecked"
LOADING = "LoadParents ParentsSettled LoadChildren ChildrenSettled"
QUERYING = "SyncCatalog ValidationDue ValidateTables"
JUDGING = "JudgeBatch BatchJudged"
RESTORING = "OperateOnTables TablesOperatedOn SyncCatalog ValidationDue"
CLOSING = "ArchiveFiles AllChunksArchived PublishOutcome AlertNeeded"
ENDING = "ReleaseLease Ended"
STOPPING = "SendFailureAlert LeaseToRelease ReleaseAfterFailure Failed"
LOADED = f"{OPENING} {LOADING} {QUERYING} ReadValidation {JUDGING}"
RECORDING = f"RecordFailure {STOPPING}"

ALERT = {"subject": "batch 12 failed", "message": "orders: RowsUnaccounted"}
WITHDRAW = {"status": "WITHDRAW", "datasets": ["orders"]}
FAILED_BATCH = {"status": "FAILED", "backOff": True, "alert": ALERT}
HELD = {"status": "HELD", "waitSeconds": 0}
WAIT = {"status": "WAIT", "waitSeconds": 20}
SETTLING = {"status": "SETTLING", "waitSeconds": 60}
NOTHING = {"status": "NOTHING"}
NONE_ACCEPTED = {"chunk": 0, "accepted": {"products": 0, "orders": 0, "order_items": 0}, "rejected": 3}
RUN_FAILED = Fails("States.TaskFailed", '{"JobRunState":"FAILED"}')
TERMINAL = {"name": "RowsUnaccounted", "family": "terminal", "message": "3 rows are missing"}
TRANSIENT = {"name": "JobInterrupted", "family": "transient", "message": "the driver was killed"}
RETRY = {"action": "RETRY", "seconds": 30}
RUN_STOPS = {"action": "WAIT", "seconds": 10}
FAIL = {"action": "FAIL", "seconds": 0, "failure": TERMINAL}
STALL = {"action": "STALL", "seconds": 0, "failure": TRANSIENT}


def planned(**fields: object) -> Json:
    """The answer of PlanBatch with a batch that differs in ``fields``."""
    return {"status": "PLANNED", "batch": {**BATCH, **fields}}


def settled(dataset: str, *answers: Answer) -> Script:
    """As many failed runs as the answers of settling start again, and one more."""
    starts = 1 + sum(1 for answer in answers if answer == RETRY)
    return {f"Load{dataset}": [RUN_FAILED] * starts, f"Settle{dataset}": answers}


PARENTS = f"{OPENING} LoadParents"
CHILDREN = f"{PARENTS} ParentsSettled LoadChildren"


@dataclass(frozen=True)
class Story:
    """A scenario and everything that must come of it.

    ``states`` are those of the machine in their order, ``inside`` those of the branch that starts with the
    key. ``attempts`` counts the calls of a task. ``releases`` says of each release whether it forbade to hand
    over, ``alerts`` what was published. ``unannounced`` are the states that gave the lease back before the
    alert of the entry was told; what gives it back after a failure always does. ``sound`` is False where a
    function breaks its own schema. ``replacing`` are other fields for states, where no answer of a service
    leads to what is told.
    """

    sentence: str
    script: Script
    states: str
    ends: str = "SUCCEEDED"
    releases: tuple[bool, ...] = (False,)
    alerts: tuple[str, ...] = ()
    unannounced: tuple[str, ...] = ()
    inside: Mapping[str, str] = field(default_factory=dict)
    attempts: Mapping[str, int] = field(default_factory=dict)
    output: Json | None = None
    data: Json | None = None
    sound: bool = True
    replacing: Mapping[str, Json] | None = None


def stopped(sentence: str, script: Script, states: str, ends: str) -> Story:
    """An error after which the batch stays open."""
    return Story(sentence, script, f"{states} {RECORDING}", ends, (True,), (ends,))
