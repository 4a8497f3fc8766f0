"""The errors a job ends with: the same names and families as schemas/errors.json, which a test compares."""

from typing import ClassVar, Literal

Family = Literal["transient", "terminal"]


class LakehouseError(Exception):
    """Base of all named errors; the class name and the family stand in the failure document."""

    family: ClassVar[Family] = "terminal"


class TerminalError(LakehouseError):
    """Trying again cannot help: the entry fails and somebody is told."""


class TransientError(LakehouseError):
    """Trying again later can help."""

    family: ClassVar[Family] = "transient"


class InvalidEnvironment(TerminalError):
    """An argument of the job is missing or malformed."""


class InvalidDocument(TerminalError):
    """A batch document does not have the shape that its schema demands."""


class ContractInvalid(TerminalError):
    """A dataset contract contradicts its meta schema."""


class LeaseLost(TerminalError):
    """The execution that started this job no longer holds the lease: the job must not write."""


class ManifestMismatch(TerminalError):
    """The manifest that was read is not the one that was planned."""


class BatchNumberReused(TerminalError):
    """A table already holds this batch number, or a later one, from another manifest."""


class RowsUnaccounted(TerminalError):
    """The outcomes of a file's rows do not add up to the rows read."""


class TableSchemaMismatch(TerminalError):
    """A table does not have its contract's columns and the contract forbids to change it."""


class ServiceUnavailable(TransientError):
    """An AWS service throttled, timed out or answered with a server error."""


class DocumentMissing(TransientError):
    """A batch document that should be there is not."""


class JobInterrupted(TransientError):
    """The run ended for a reason that the job has no name for."""


_NETWORK_MARKS = (
    "AWSClientIOException",
    "AWSS3IOException",
    "AWSServiceThrottledException",
    "AWSStatus500Exception",
    "AmazonClientException",
    "AmazonS3Exception",
    "AmazonServiceException",
    "ConnectException",
    "NoHttpResponseException",
    "SdkClientException",
    "SocketException",
    "SocketTimeoutException",
    "UnknownHostException",
)


def classify(error: BaseException) -> LakehouseError:
    """Give any error its name: itself if it has one, ServiceUnavailable if S3, DynamoDB or the network
    failed.

    Everything unknown is JobInterrupted, hence tried again. Of a foreign error only the type and the first
    line are kept, because the rest may quote rows.
    """
    if isinstance(error, LakehouseError):
        return error
    text = str(error)
    first_line = (text.splitlines() or [""])[0][:300]
    message = f"{type(error).__name__}: {first_line}"
    foreign = type(error).__module__.split(".")[0] in {"botocore", "boto3", "urllib3"}
    if (
        foreign
        or isinstance(error, ConnectionError | TimeoutError)
        or any(mark in text for mark in _NETWORK_MARKS)
    ):
        return ServiceUnavailable(message)
    return JobInterrupted(message)
