"""What a run that fails leaves behind for the state machine."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress

from lakehouse.documents import Documents, write_json
from lakehouse.errors import classify
from lakehouse.settings import Settings


@contextmanager
def reporting_failures(documents: Documents, settings: Settings) -> Iterator[None]:
    """Write failures/<dataset>.json for whatever ends the block, and raise it under its name."""
    try:
        yield
    except BaseException as error:
        named = classify(error)
        document = {
            "dataset": settings.dataset,
            "number": settings.number,
            "jobRunId": settings.job_run_id,
            "error": {"name": type(named).__name__, "family": named.family, "message": str(named)},
        }
        with suppress(Exception):  # the first error is the one to report
            write_json(documents, f"{settings.prefix}failures/{settings.dataset}.json", document)
        if named is error:
            raise
        raise named from error
