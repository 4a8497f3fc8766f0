"""What can happen to a batch, from the lease to the alert."""

from ingest_job_stories import JOB_STORIES
from ingest_services import ACCEPTED, Fails, result_rows
from ingest_story import (
    AWAITING,
    CLOSING,
    ENDING,
    FAILED_BATCH,
    HELD,
    LOADED,
    LOADING,
    NONE_ACCEPTED,
    NOTHING,
    OPENING,
    QUERYING,
    RECORDING,
    SETTLING,
    STOPPING,
    WAIT,
    Story,
    planned,
    stopped,
)
from ingest_withdrawal_stories import WITHDRAWAL_STORIES

STORIES = [
    Story(
        "on a day on which all goes well three datasets are loaded, checked, archived and published",
        {},
        f"{LOADED} {CLOSING} {ENDING} Succeeded",
        inside={
            "ProductsDue": "ProductsDue LoadProducts",
            "OrdersDue": "OrdersDue LoadOrders",
            "OrderItemsDue": "OrderItemsDue LoadOrderItems",
            "CheckChunk": "CheckChunk",
            "ArchiveChunk": "ArchiveChunk",
        },
        output={"status": "DONE", "batch": 12, "lease": "RELEASED"},
    ),
    Story(
        "started by hand, without an input, it does the same",
        {},
        f"{LOADED} {CLOSING} {ENDING} Succeeded",
        data={},
    ),
    Story(
        "files that arrived meanwhile are handed over to the next execution",
        {"ReleaseLease": [{"status": "HANDED_OVER"}]},
        f"{LOADED} {CLOSING} {ENDING} Succeeded",
        output={"status": "DONE", "batch": 12, "lease": "HANDED_OVER"},
    ),
    Story(
        "a lease that somebody holds ends the execution at once",
        {"AcquireLease": [HELD]},
        "AcquireLease LeaseAcquired LeaseHeld",
        releases=(),
        output={"status": "HELD"},
    ),
    Story(
        "a predecessor that is still being cleared away is waited for",
        {"AcquireLease": [WAIT, WAIT]},
        f"{AWAITING} {AWAITING} {LOADED} {CLOSING} {ENDING} Succeeded",
        attempts={"AcquireLease": 3},
    ),
    Story(
        "files that still arrive are waited for",
        {"PlanBatch": [SETTLING]},
        "AcquireLease LeaseAcquired PlanBatch BatchPlanned AwaitArrivals "
        f"{LOADED.removeprefix('AcquireLease LeaseAcquired ')} {CLOSING} {ENDING} Succeeded",
        attempts={"PlanBatch": 2},
    ),
    Story(
        "with nothing to do the lease is released, and the execution did what it was asked",
        {"PlanBatch": [NOTHING]},
        f"AcquireLease LeaseAcquired PlanBatch BatchPlanned NothingToDo {ENDING} Succeeded",
        output={"status": "NOTHING", "batch": None, "lease": "RELEASED"},
    ),
    Story(
        "a lease that cannot be asked for is no lease to release",
        {"AcquireLease": [Fails("InvalidDocument")]},
        "AcquireLease SendFailureAlert LeaseToRelease Failed",
        ends="InvalidDocument",
        releases=(),
        alerts=("InvalidDocument",),
    ),
    Story(
        "a batch that cannot be planned has no entry on which to note the error",
        {"PlanBatch": [Fails("InvalidDocument")]},
        f"AcquireLease LeaseAcquired PlanBatch {STOPPING}",
        ends="InvalidDocument",
        releases=(True,),
        alerts=("InvalidDocument",),
    ),
    stopped(
        "one chunk whose headers cannot be checked stops the batch before anything is loaded",
        {"PlanBatch": [planned(chunks=2)], "CheckChunk 1": [Fails("InvalidDocument")]},
        OPENING,
        "InvalidDocument",
    ),
    Story(
        "what is due is decided by the counts of all chunks together, and what is not is skipped",
        {
            "PlanBatch": [planned(chunks=2)],
            "CheckChunk 0": [NONE_ACCEPTED],
            "CheckChunk 1": [{**NONE_ACCEPTED, "chunk": 1, "accepted": {**ACCEPTED, "products": 0}}],
        },
        f"{LOADED} {CLOSING} {ENDING} Succeeded",
        inside={"ProductsDue": "ProductsDue ProductsSkipped", "OrdersDue": "OrdersDue LoadOrders"},
        attempts={"CheckChunk": 2, "ArchiveChunk": 2},
    ),
    Story(
        "a batch of rejected files loads nothing and is published",
        {"CheckChunk": [NONE_ACCEPTED]},
        f"{LOADED} {CLOSING} {ENDING} Succeeded",
        inside={
            "ProductsDue": "ProductsDue ProductsSkipped",
            "OrdersDue": "OrdersDue OrdersSkipped",
            "OrderItemsDue": "OrderItemsDue OrderItemsSkipped",
        },
    ),
    Story(
        "tables that do not exist yet are created although no file was accepted",
        {
            "PlanBatch": [planned(uninitialised=["products", "orders", "order_items"])],
            "CheckChunk": [NONE_ACCEPTED],
        },
        f"{LOADED} {CLOSING} {ENDING} Succeeded",
        attempts={"LoadProducts": 1, "LoadOrders": 1, "LoadOrderItems": 1},
    ),
    Story(
        "rows that wait for a parent are tried again when a parent was loaded",
        {
            "PlanBatch": [planned(orphansDue=["order_items"])],
            "CheckChunk": [{**NONE_ACCEPTED, "accepted": {"products": 0, "orders": 1, "order_items": 0}}],
        },
        f"{LOADED} {CLOSING} {ENDING} Succeeded",
        attempts={"LoadOrderItems": 1},
    ),
    Story(
        "rows that wait for a parent go on waiting when no parent was loaded",
        {"PlanBatch": [planned(orphansDue=["order_items"])], "CheckChunk": [NONE_ACCEPTED]},
        f"{LOADED} {CLOSING} {ENDING} Succeeded",
        attempts={"LoadOrderItems": 0},
    ),
    Story(
        "a batch without files rejects the rows that have waited too long",
        {"PlanBatch": [planned(chunks=0, expiryDue=["order_items"])]},
        f"{LOADED} {CLOSING} {ENDING} Succeeded",
        attempts={"CheckChunk": 0, "LoadProducts": 0, "LoadOrderItems": 1, "ArchiveChunk": 0},
    ),
    Story(
        "violations close the batch as failed",
        {"ReadValidation": [result_rows(orphans=3)], "PublishOutcome": [FAILED_BATCH]},
        f"{LOADED} {CLOSING} SendAlert {ENDING} BatchFailed",
        ends="BatchFailed",
        releases=(True,),
        alerts=("batch 12 failed",),
    ),
    stopped(
        "a validation query that fails is told by its reason",
        {"ValidateTables": [Fails("States.TaskFailed", '{"Status":{"StateChangeReason":"no such table"}}')]},
        f"{OPENING} {LOADING} {QUERYING}",
        "ValidationQueryFailed",
    ),
    stopped(
        "a validation query that may not be started is told as it is",
        {"ValidateTables": [Fails("Athena.InvalidRequestException", "no such work group")]},
        f"{OPENING} {LOADING} {QUERYING}",
        "Athena.InvalidRequestException",
    ),
    stopped(
        "a check of the validation without a number stops the batch instead of passing it",
        {
            "ReadValidation": [
                {"ResultSet": {"Rows": [{"Data": []}, {"Data": [{"VarCharValue": "orphans"}, {}]}]}}
            ]
        },
        f"{OPENING} {LOADING} {QUERYING} ReadValidation",
        "States.QueryEvaluationError",
    ),
    Story(
        "an expression around the archiving that takes too long stops the batch like any error",
        {},
        f"{LOADED} ArchiveFiles {RECORDING}",
        ends="States.QueryEvaluationError",
        releases=(True,),
        alerts=("States.QueryEvaluationError",),
        replacing={"ArchiveFiles": {"Items": "{% $error('the evaluation timed out') %}"}},
    ),
    stopped(
        "one chunk that cannot be archived leaves the batch open",
        {"PlanBatch": [planned(chunks=2)], "ArchiveChunk 0": [Fails("InvalidDocument")]},
        f"{LOADED} ArchiveFiles AllChunksArchived",
        "InvalidDocument",
    ),
    stopped(
        "an outcome that cannot be published leaves the batch open",
        {"PublishOutcome": [Fails("LeaseLost")]},
        f"{LOADED} ArchiveFiles AllChunksArchived PublishOutcome",
        "LeaseLost",
    ),
    Story(
        "an alert that cannot be sent does not keep the lease, and the execution fails for the alarm",
        {
            "PublishOutcome": [{**FAILED_BATCH, "status": "DONE"}],
            "SendAlert": [Fails("SNS.NotFoundException")],
        },
        f"{LOADED} {CLOSING} SendAlert {ENDING} BatchFailed",
        ends="BatchFailed",
        releases=(True,),
        alerts=("batch 12 failed",),
        unannounced=("ReleaseLease",),
    ),
    Story(
        "a lease that cannot be released is tried once more, without handing over",
        {"ReleaseLease": [Fails("InvalidDocument")]},
        f"{LOADED} {CLOSING} ReleaseLease {STOPPING}",
        ends="InvalidDocument",
        releases=(False, True),
        alerts=("InvalidDocument",),
    ),
    Story(
        "an execution that can neither note, tell nor release still ends with the first error",
        {
            "SyncCatalog": [Fails("TableSchemaMismatch")],
            "RecordFailure": [Fails("DynamoDB.ConditionalCheckFailedException")],
            "SendFailureAlert": [Fails("SNS.NotFoundException")],
            "ReleaseAfterFailure": [Fails("LeaseLost")],
        },
        f"{OPENING} {LOADING} SyncCatalog {RECORDING}",
        ends="TableSchemaMismatch",
        releases=(True,),
        alerts=("TableSchemaMismatch",),
    ),
    Story(
        "a chunk that is counted in words stops the batch",
        {"CheckChunk": [{"chunk": 0, "accepted": {"products": "many"}, "rejected": 0}]},
        f"{OPENING.removesuffix(' AllChunksChecked')} {RECORDING}",
        ends="States.QueryEvaluationError",
        releases=(True,),
        alerts=("States.QueryEvaluationError",),
        sound=False,
    ),
    *JOB_STORIES,
    *WITHDRAWAL_STORIES,
]
