"""What can happen to a batch that the publish gate takes back."""

from ingest_services import BATCH, Answer, Fails, Json, Script
from ingest_story import (
    ALERT,
    CLOSING,
    ENDING,
    FAIL,
    LOADED,
    RECORDING,
    RESTORING,
    RETRY,
    RUN_FAILED,
    RUN_STOPS,
    STALL,
    WITHDRAW,
    Story,
)

WITHDRAWN: Json = {"status": "WITHDRAWN", "backOff": True, "alert": ALERT}
WITHDRAWING: Json = {
    "status": "OPERATING",
    "batch": BATCH,
    "datasets": ["orders"],
    "validation": [{"name": "orphans", "violations": 3}],
}
TAKEN_BACK: Script = {"JudgeBatch": [WITHDRAW], "PublishOutcome": [WITHDRAWN]}
TOLD = f"{CLOSING} SendAlert {ENDING} BatchFailed"
RESTORE = "OperateOnDataset SettleDataset DatasetSettled"


def withdrawn(sentence: str, script: Script, states: str, inside: str, **attempts: int) -> Story:
    """A batch whose tables are restored in the end."""
    return Story(
        sentence,
        {"PublishOutcome": [WITHDRAWN], **script},
        f"{states} {RESTORING} {TOLD}",
        ends="BatchFailed",
        releases=(True,),
        alerts=(ALERT["subject"],),
        inside={"DatasetToOperateOn": f"DatasetToOperateOn {inside}"},
        attempts=attempts,
    )


def open_still(sentence: str, answer: Answer, ends: str, inside: str, sound: bool = True) -> Story:
    """A withdrawal that cannot be finished in this execution."""
    restored = "OperateOnTables TablesOperatedOn" if sound else "OperateOnTables"
    return Story(
        sentence,
        {**TAKEN_BACK, "OperateOnDataset": [RUN_FAILED], "SettleDataset": [answer]},
        f"{LOADED} {restored} {RECORDING}",
        ends=ends,
        releases=(True,),
        alerts=(ends,),
        inside={"DatasetToOperateOn": f"DatasetToOperateOn {inside}"},
        sound=sound,
    )


ROLLING_BACK: Json = {
    "status": "OPERATING",
    "batch": {**BATCH, "kind": "rollback", "chunks": 0},
    "datasets": ["orders"],
    "validation": [],
}

MAINTAINING: Json = {**ROLLING_BACK, "batch": {**BATCH, "kind": "maintenance", "chunks": 0}}
ERASING: Json = {**ROLLING_BACK, "batch": {**BATCH, "kind": "erasure", "chunks": 0}}
OPENING_OPERATION = "AcquireLease LeaseAcquired PlanBatch BatchPlanned"

WITHDRAWAL_STORIES = [
    Story(
        "maintenance that is due works on tables, loads and validates nothing, and ends well",
        {
            "PlanBatch": [MAINTAINING],
            "PublishOutcome": [{"status": "DONE", "backOff": False, "alert": None}],
        },
        f"{OPENING_OPERATION} {RESTORING} {CLOSING} {ENDING} Succeeded",
        inside={"DatasetToOperateOn": "DatasetToOperateOn OperateOnDataset"},
        attempts={"OperateOnDataset": 1, "LoadOrders": 0, "ValidateTables": 0, "ArchiveFiles": 0},
        output={"status": "DONE", "batch": 12, "lease": "RELEASED"},
    ),
    Story(
        "maintenance whose job fails is closed all the same: files that wait must not wait for it",
        {
            "PlanBatch": [MAINTAINING],
            "OperateOnDataset": [RUN_FAILED],
            "SettleDataset": [STALL],
            "PublishOutcome": [{"status": "FAILED", "backOff": False, "alert": ALERT}],
        },
        f"{OPENING_OPERATION} {RESTORING} {CLOSING} SendAlert {ENDING} BatchFailed",
        ends="BatchFailed",
        alerts=(ALERT["subject"],),
        inside={"DatasetToOperateOn": f"DatasetToOperateOn {RESTORE} DatasetNotDone"},
        attempts={"ValidateTables": 0, "ReadValidation": 0},
    ),
    Story(
        "an erasure takes a person out of tables and objects, loads and validates nothing, and ends well",
        {
            "PlanBatch": [ERASING],
            "PublishOutcome": [{"status": "DONE", "backOff": False, "alert": None}],
        },
        f"{OPENING_OPERATION} {RESTORING} EraseObjects {CLOSING} {ENDING} Succeeded",
        inside={"DatasetToOperateOn": "DatasetToOperateOn OperateOnDataset"},
        attempts={"OperateOnDataset": 1, "LoadOrders": 0, "ValidateTables": 0, "EraseObjects": 1},
        output={"status": "DONE", "batch": 12, "lease": "RELEASED"},
    ),
    Story(
        "an erasure that cannot be finished now stays open",
        {"PlanBatch": [ERASING], "OperateOnDataset": [RUN_FAILED], "SettleDataset": [FAIL]},
        f"{OPENING_OPERATION} OperateOnTables TablesOperatedOn {RECORDING}",
        ends="RowsUnaccounted",
        releases=(True,),
        alerts=("RowsUnaccounted",),
        inside={"DatasetToOperateOn": f"DatasetToOperateOn {RESTORE} DatasetNotDone"},
    ),
    Story(
        "a rollback that somebody asked for restores tables, loads nothing, and ends well",
        {
            "PlanBatch": [ROLLING_BACK],
            "PublishOutcome": [{"status": "DONE", "backOff": False, "alert": ALERT}],
        },
        f"AcquireLease LeaseAcquired PlanBatch BatchPlanned {RESTORING} {CLOSING} SendAlert {ENDING} "
        "Succeeded",
        alerts=(ALERT["subject"],),
        inside={"DatasetToOperateOn": "DatasetToOperateOn OperateOnDataset"},
        attempts={"OperateOnDataset": 1, "LoadOrders": 0, "ValidateTables": 0, "ArchiveFiles": 0},
        output={"status": "DONE", "batch": 12, "lease": "RELEASED"},
    ),
    Story(
        "a rollback that cannot be finished now stays open",
        {"PlanBatch": [ROLLING_BACK], "OperateOnDataset": [RUN_FAILED], "SettleDataset": [FAIL]},
        f"AcquireLease LeaseAcquired PlanBatch BatchPlanned OperateOnTables TablesOperatedOn {RECORDING}",
        ends="RowsUnaccounted",
        releases=(True,),
        alerts=("RowsUnaccounted",),
        inside={"DatasetToOperateOn": f"DatasetToOperateOn {RESTORE} DatasetNotDone"},
    ),
    withdrawn(
        "a batch that brings violations is taken back, and is not validated again",
        TAKEN_BACK,
        LOADED,
        "OperateOnDataset",
        OperateOnDataset=1,
        ValidateTables=1,
        LoadOrders=1,
    ),
    withdrawn(
        "a withdrawal that was cut off goes on, and nothing of the batch is loaded",
        {"PlanBatch": [WITHDRAWING]},
        "AcquireLease LeaseAcquired PlanBatch BatchPlanned",
        "OperateOnDataset",
        OperateOnDataset=1,
        LoadOrders=0,
        ValidateTables=0,
        JudgeBatch=0,
    ),
    withdrawn(
        "a restoring run that is interrupted is started again",
        {**TAKEN_BACK, "OperateOnDataset": [RUN_FAILED], "SettleDataset": [RETRY]},
        LOADED,
        f"{RESTORE} BackOffOperation OperateOnDataset",
        OperateOnDataset=2,
        SettleDataset=1,
    ),
    withdrawn(
        "a restoring run that lasts too long is over before it starts again",
        {
            **TAKEN_BACK,
            "OperateOnDataset": [Fails("States.Timeout", "")],
            "SettleDataset": [RUN_STOPS, RETRY],
        },
        LOADED,
        f"{RESTORE} AwaitEndOfOperation SettleDataset DatasetSettled BackOffOperation OperateOnDataset",
        OperateOnDataset=2,
        SettleDataset=2,
    ),
    open_still(
        "a table that cannot be restored now is restored by the next execution",
        STALL,
        "JobInterrupted",
        f"{RESTORE} DatasetNotDone",
    ),
    open_still(
        "an error of restoring that is terminal leaves the batch open too: there is no other way out",
        FAIL,
        "RowsUnaccounted",
        f"{RESTORE} DatasetNotDone",
    ),
    open_still(
        "a restoring run that nobody can look after leaves the batch open",
        Fails("LeaseLost"),
        "LeaseLost",
        "OperateOnDataset SettleDataset DatasetNotDone",
    ),
    open_still(
        "an answer about restoring that breaks its schema stops the batch",
        {"action": "WAIT"},
        "States.QueryEvaluationError",
        f"{RESTORE} AwaitEndOfOperation",
        sound=False,
    ),
]
