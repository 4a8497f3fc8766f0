"""What can happen to the jobs of a batch."""

from ingest_services import Fails
from ingest_story import (
    CHILDREN,
    CLOSING,
    ENDING,
    FAIL,
    FAILED_BATCH,
    JUDGING,
    LOADED,
    LOADING,
    OPENING,
    PARENTS,
    RECORDING,
    RETRY,
    RUN_FAILED,
    RUN_STOPS,
    STALL,
    Story,
    planned,
    settled,
)


def stalled(dataset: str, states: str) -> Story:
    """A dataset whose attempts are used up."""
    return Story(
        f"when {dataset} stalls, the batch stays open, it is told and nobody takes over",
        settled(dataset, RETRY, RETRY, STALL),
        f"{states} {RECORDING}",
        ends="JobInterrupted",
        releases=(True,),
        alerts=("JobInterrupted",),
        attempts={f"Load{dataset}": 3, f"Settle{dataset}": 3},
        inside={
            f"{dataset}Due": f"{dataset}Due Load{dataset} Settle{dataset} {dataset}Settled BackOff{dataset} "
            f"Load{dataset} Settle{dataset} {dataset}Settled BackOff{dataset} "
            f"Load{dataset} Settle{dataset} {dataset}Settled {dataset}NotLoaded"
        },
    )


def failed(dataset: str) -> Story:
    """A dataset with a terminal error."""
    return Story(
        f"when {dataset} fails for good, the others are loaded and the batch is closed as failed",
        {**settled(dataset, FAIL), "PublishOutcome": [FAILED_BATCH]},
        f"{LOADED} {CLOSING} SendAlert {ENDING} BatchFailed",
        ends="BatchFailed",
        releases=(True,),
        alerts=("batch 12 failed",),
        attempts={f"Load{dataset}": 1, f"Settle{dataset}": 1},
        inside={
            f"{dataset}Due": f"{dataset}Due Load{dataset} Settle{dataset} {dataset}Settled {dataset}NotLoaded"
        },
    )


def timed_out(dataset: str) -> Story:
    """A run that outlives the wait for it."""
    return Story(
        f"when a run of {dataset} lasts too long, its end is awaited before it starts again",
        {
            f"Load{dataset}": [Fails("States.Timeout", "")],
            f"Settle{dataset}": [RUN_STOPS, RUN_STOPS, RETRY],
        },
        f"{LOADED} {CLOSING} {ENDING} Succeeded",
        attempts={f"Load{dataset}": 2, f"Settle{dataset}": 3},
        inside={
            f"{dataset}Due": f"{dataset}Due Load{dataset} "
            f"Settle{dataset} {dataset}Settled AwaitEndOf{dataset} "
            f"Settle{dataset} {dataset}Settled AwaitEndOf{dataset} "
            f"Settle{dataset} {dataset}Settled BackOff{dataset} Load{dataset}"
        },
    )


def unsettled(dataset: str, states: str) -> Story:
    """A failed run that nobody can look after."""
    return Story(
        f"when nobody can look after a failed run of {dataset}, the batch stays open",
        {f"Load{dataset}": [RUN_FAILED], f"Settle{dataset}": [Fails("LeaseLost", "fence 8 holds it")]},
        f"{states} {RECORDING}",
        ends="LeaseLost",
        releases=(True,),
        alerts=("LeaseLost",),
        inside={f"{dataset}Due": f"{dataset}Due Load{dataset} Settle{dataset} {dataset}NotLoaded"},
    )


def unreadable(dataset: str, states: str) -> Story:
    """Settling breaks its schema: the expression that reads its answer fails, outside of any task."""
    return Story(
        f"an answer about {dataset} that breaks its schema stops the batch instead of the execution's end",
        {f"Load{dataset}": [RUN_FAILED], f"Settle{dataset}": [{"action": "WAIT"}]},
        f"{states} {RECORDING}",
        ends="States.QueryEvaluationError",
        releases=(True,),
        alerts=("States.QueryEvaluationError",),
        sound=False,
    )


JOB_STORIES = [
    *(timed_out(dataset) for dataset in ("Products", "Orders", "OrderItems")),
    *(failed(dataset) for dataset in ("Products", "Orders", "OrderItems")),
    stalled("Products", f"{PARENTS} ParentsSettled"),
    stalled("Orders", f"{PARENTS} ParentsSettled"),
    stalled("OrderItems", f"{CHILDREN} ChildrenSettled"),
    unsettled("Products", f"{PARENTS} ParentsSettled"),
    unsettled("Orders", f"{PARENTS} ParentsSettled"),
    unsettled("OrderItems", f"{CHILDREN} ChildrenSettled"),
    unreadable("Products", PARENTS),
    unreadable("OrderItems", CHILDREN),
    Story(
        "a first load that fails for good leaves no tables to validate",
        {
            "PlanBatch": [planned(uninitialised=["products"])],
            **settled("Products", FAIL),
            "PublishOutcome": [FAILED_BATCH],
        },
        f"{OPENING} {LOADING} SyncCatalog ValidationDue {JUDGING} {CLOSING} SendAlert {ENDING} BatchFailed",
        ends="BatchFailed",
        releases=(True,),
        alerts=("batch 12 failed",),
    ),
]
