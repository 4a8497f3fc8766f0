/** Cuts of the functions and of what calls them: arrival, planning, and what closes a batch. */
import { manyFiles } from '../deliveries';
import { after, call, cut, deliver, hold, lost, object, outage, write, type FaultPoint } from './point';

export const arrival: FaultPoint[] = [
  cut('lost', ['event of a file', 'never delivered'], 'sweep', [deliver('raw/products/lost-a.csv', 'drop')]),
  cut('double', ['event of a file', 'delivered twice'], 'itself', [
    deliver('raw/products/double-a.csv', 'double'),
  ]),
  cut(
    'late',
    ['event of the older of two files', 'delivered when the newer one is loaded'],
    'itself',
    [deliver('raw/products/late-a.csv', 'hold')],
    { meanwhile: ({ untilState }) => untilState('late-b.csv', 'ARCHIVED') },
  ),
  cut('register', ['registration of files', 'DynamoDB fails for a while'], 'sweep', [
    write('#lastArrivedAt', outage),
  ]),
  cut('registered', ['registration of files', 'done, its answer lost'], 'itself', [
    write('#lastArrivedAt', lost),
  ]),
  cut('unstarted', ['detectArrival', 'killed between registration and start'], 'sweep', [
    call('states', 'StartExecution'),
  ]),
  cut('started', ['start of an execution', 'done, its answer lost'], 'itself', [
    call('states', 'StartExecution', lost),
  ]),
];

export const planning: FaultPoint[] = [
  cut('lease', ['taking the lease', 'done, its answer lost'], 'itself', [write('SET #owner', lost)]),
  cut('leased', ['acquireLease', 'killed when it has the lease'], 'itself', [write('SET #owner', after)]),
  cut('copy', ['copy to processing/', 'S3 fails for a while'], 'itself', [
    object('CopyObject', '/processing/', { ...outage, status: 503, code: 'SlowDown' }),
  ]),
  cut('copied', ['planBatch', 'killed in the middle of the copies'], 'itself', [
    object('CopyObject', '/processing/', { ...after, skip: 1 }),
  ]),
  cut('manifest', ['manifest', 'written, the answer lost'], 'itself', [
    object('PutObject', '/manifest-', lost),
  ]),
  cut('unopened', ['planBatch', 'killed between manifest and entry'], 'itself', [
    object('PutObject', '/manifest-', after),
  ]),
  cut('open', ['entry of the batch log', 'opened, the answer lost'], 'itself', [write('manifestHash', lost)]),
  cut('opened', ['planBatch', 'killed between entry and claim'], 'itself', [write('manifestHash', after)]),
  cut(
    'claim',
    ['claim of 200 files at once', 'planBatch killed in the middle'],
    'itself',
    [write('REMOVE #reasons', { skip: 2 })],
    { waves: (id) => manyFiles(id, 200) },
  ),
  cut('header', ['checkHeaders', 'killed before it has written its verdicts'], 'itself', [
    object('PutObject', '/verdicts/'),
  ]),
  cut('verdicts', ['verdicts on the headers', 'written, the answer lost'], 'itself', [
    object('PutObject', '/verdicts/', lost),
  ]),
];

export const closing: FaultPoint[] = [
  cut('catalog', ['syncCatalog', 'killed'], 'itself', [call('glue', 'GetTables?')]),
  cut('validation', ['validation query', 'started, the answer lost'], 'itself', [
    call('athena', 'StartQueryExecution', lost),
  ]),
  cut('archive', ['copy to archived/', 'S3 fails for a while'], 'itself', [
    object('CopyObject', '/archived/', { ...outage, status: 503, code: 'SlowDown' }),
  ]),
  cut('archived', ['archiveFiles', 'killed after a copy, before the ledger says so'], 'itself', [
    object('CopyObject', '/archived/', after),
  ]),
  cut('delete', ['archiveFiles', 'killed after the copies, before the delete'], 'itself', [
    object('DeleteObject', '/raw/'),
  ]),
  cut('deleted', ['delete from raw/', 'done, the answer lost'], 'itself', [
    object('DeleteObject', '/raw/', lost),
  ]),
  cut('book', ['publishOutcome', 'killed when the rows are booked'], 'itself', [write('SET #rows', after)]),
  cut('close', ['publishOutcome', 'killed before the entry closes'], 'itself', [write('REMOVE #openEntry')]),
  cut('closed', ['entry of the batch log', 'closed, the answer lost'], 'itself', [
    write('REMOVE #openEntry', lost),
  ]),
  cut('release', ['releaseLease', 'killed before it has released'], 'itself', [write('REMOVE #owner')]),
  cut('released', ['release of the lease', 'done, the answer lost'], 'itself', [
    write('REMOVE #owner', lost),
  ]),
  cut('hanging', ['releaseLease', 'hangs until its time is over'], 'itself', [write('REMOVE #owner', hold)], {
    functionTimeout: ['releaseLease', 3],
    meanwhile: ({ lab }) => lab.untilFree(),
  }),
];
