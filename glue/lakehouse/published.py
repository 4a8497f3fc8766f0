"""Whether a job has nothing left to do for a batch."""

from lakehouse.documents import Documents, read_json
from lakehouse.errors import DocumentMissing
from lakehouse.settings import Settings


def is_published(documents: Documents, settings: Settings) -> bool:
    """Tell whether an earlier run published this batch's result.

    A batch may be resumed after its files were archived, when their copies in processing/ are gone: the job
    must not read them again.

    Raises:
        InvalidDocument: the result is not JSON.
        ServiceUnavailable: the result could not be read.
    """
    try:
        result = read_json(documents, f"{settings.prefix}results/{settings.dataset}.json")
    except DocumentMissing:
        return False
    return bool(result["status"] == "published" and result["manifestHash"] == settings.manifest_hash)
