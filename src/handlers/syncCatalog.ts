import { GlueClient } from '@aws-sdk/client-glue';
import { S3Client } from '@aws-sdk/client-s3';
import type { SyncCatalogEvent } from '../../generated/types/events/syncCatalog';
import event from '../../schemas/events/syncCatalog.schema.json';
import { glueCatalog } from '../catalog/catalog';
import { syncCatalog } from '../catalog/syncCatalog';
import { lambda } from '../lambda/lambda';
import { ledgerStore } from '../lambda/ledgerStore';
import { s3Objects } from '../objects/s3Objects';

const s3 = new S3Client({});
const glue = new GlueClient({});

/** Brings the Glue Data Catalog in line with the tables. */
export const handler = lambda({
  event,
  environment: ['LEDGER_TABLE', 'CATALOG_DATABASE', 'STAGE_NAME'],
  run: (request: SyncCatalogEvent, settings) =>
    syncCatalog(
      {
        store: ledgerStore(settings.LEDGER_TABLE),
        objects: s3Objects(s3),
        catalog: glueCatalog(glue, settings.CATALOG_DATABASE),
      },
      settings.STAGE_NAME,
      request,
    ),
});
