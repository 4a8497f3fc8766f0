"""The script of the three Glue jobs: reads a batch's files of a dataset, judges each row, writes tables.

With --OPERATION withdraw it takes the batch out of the dataset's tables again, or rolls them back further;
with --OPERATION maintain it compacts and vacuums them, with --OPERATION erase it takes a person out of them
and of the files that were kept.
"""

import sys

import boto3
from awsglue.utils import getResolvedOptions
from pyspark.sql import SparkSession

from lakehouse.documents import S3Documents
from lakehouse.erase import erase, is_erased
from lakehouse.failures import reporting_failures
from lakehouse.job import Job
from lakehouse.kept_files import S3KeptFiles
from lakehouse.lease import DynamoLease
from lakehouse.maintain import is_maintained, maintain
from lakehouse.progress import LogProgress
from lakehouse.published import is_published
from lakehouse.settings import ARGUMENTS, settings_from
from lakehouse.transform import transform
from lakehouse.withdraw import is_withdrawn, withdraw


def main() -> None:
    """Run one job; a failure is written to the batch's documents and raised, so that the run is FAILED."""
    settings = settings_from(getResolvedOptions(sys.argv, list(ARGUMENTS)))
    s3 = boto3.client("s3")
    documents, files = S3Documents(s3), S3KeptFiles(s3)
    lease = DynamoLease(
        boto3.client("dynamodb"), settings.ledger_table, settings.lease_owner, settings.lease_fence
    )
    progress = LogProgress(dataset=settings.dataset, batch=settings.number)
    with reporting_failures(documents, settings):
        is_done = {"load": is_published, "withdraw": is_withdrawn, "maintain": is_maintained}
        is_done["erase"] = is_erased
        if is_done[settings.operation](documents, settings):
            progress.done("published by an earlier run")
            return
        spark = SparkSession.builder.getOrCreate()
        if settings.operation == "withdraw":
            withdraw(spark, settings, documents, lease, progress)
            return
        if settings.operation == "maintain":
            maintain(spark, settings, documents, lease, progress)
            return
        if settings.operation == "erase":
            erase(spark, settings, documents, files, lease, progress)
            return
        job = Job(spark, settings, documents, files, lease, progress)
        job.write(transform(job.read()))


if __name__ == "__main__":
    main()
