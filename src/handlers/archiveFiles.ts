import { S3Client } from '@aws-sdk/client-s3';
import type { ArchiveFilesEvent } from '../../generated/types/events/archiveFiles';
import event from '../../schemas/events/archiveFiles.schema.json';
import { archiveFiles } from '../archive/archiveFiles';
import { lambda } from '../lambda/lambda';
import { ledgerStore } from '../lambda/ledgerStore';
import { s3Objects } from '../objects/s3Objects';

const s3 = new S3Client({});

/** Moves the files of a chunk out of raw/. */
export const handler = lambda({
  event,
  environment: ['LEDGER_TABLE'],
  run: (request: ArchiveFilesEvent, settings, log) =>
    archiveFiles({ store: ledgerStore(settings.LEDGER_TABLE), objects: s3Objects(s3), log }, request),
});
