/** Cuts of the Glue jobs: their start, what they read, and before and after each of their writes. */
import { orderItems, products } from '../deliveries';
import {
  after,
  call,
  cut,
  hold,
  log,
  lost,
  object,
  parquet,
  PREPARED,
  RESULT,
  type FaultPoint,
} from './point';

export const jobStart: FaultPoint[] = [
  cut('throttled', ['start of a job', 'Glue throttles for a while'], 'itself', [
    call('glue', 'StartJobRun', { action: 'error', status: 400, code: 'ThrottlingException', times: 2 }),
  ]),
  cut('accepted', ['start of a job', 'accepted, the answer lost'], 'itself', [
    call('glue', 'StartJobRun', lost),
  ]),
  cut('answered', ['start of a job', 'accepted, answered with an error'], 'itself', [
    call('glue', 'StartJobRun', { ...after, action: 'error', code: 'InternalServiceException' }),
  ]),
  cut('failing', ['run of a job', 'fails twice'], 'itself', [
    { service: 'glue', operation: 'JobRun', target: 'products', action: 'fail', times: 2 },
  ]),
  cut('unreadable', ['job reads a file', 'connection breaks twice'], 'itself', [
    object('GetObject', '/processing/', { action: 'drop', skip: 2, times: 2 }),
  ]),
  cut(
    'overwrite',
    ['job reads a file', 'its key is overwritten meanwhile'],
    'itself',
    [object('GetObject', '/processing/', { ...hold, skip: 2 })],
    {
      meanwhile: ({ deliver: put }) => {
        const [[first] = []] = products('overwrite');
        if (first === undefined) throw new Error('no file');
        const renamed = first.lines
          .slice(0, 2)
          .map(({ cells }) => ({ cells: { ...cells, product_name: 'Later' } }));
        return put({ ...first, lines: renamed });
      },
    },
  ),
];

export const jobWrites: FaultPoint[] = [
  cut('reject', ['job before its rejects', 'JVM killed'], 'itself', [
    object('PutObject', log('products_rejects')),
  ]),
  cut('rejected', ['job after its rejects', 'JVM killed'], 'itself', [
    object('PutObject', log('products_rejects'), after),
  ]),
  cut('prepare', ['job before the prepared counts', 'killed'], 'itself', [object('PutObject', PREPARED)]),
  cut('parquet', ['job in the middle of Parquet', 'JVM killed'], 'itself', [
    object('PutObject', parquet('products')),
  ]),
  cut('refused', ['Parquet file', 'S3 refuses it twice'], 'itself', [
    object('PutObject', parquet('products'), { action: 'error', status: 503, code: 'SlowDown', times: 2 }),
  ]),
  cut('merge', ['job before MERGE commits', 'JVM killed'], 'itself', [object('PutObject', log('products'))]),
  cut('merged', ['job after MERGE, before the result', 'JVM killed'], 'itself', [
    object('PutObject', log('products'), after),
  ]),
  cut('commit', ['commit of MERGE', 'done, the answer lost'], 'itself', [
    object('PutObject', log('products'), lost),
  ]),
  cut('result', ['job before its result', 'killed'], 'itself', [object('PutObject', RESULT)]),
  cut('published', ['job after its result', 'killed'], 'itself', [object('PutObject', RESULT, after)]),
  cut(
    'parents',
    ['orders job beside the products job', 'JVM of both killed'],
    'itself',
    [object('PutObject', log('orders'))],
    { waves: orderItems, wave: 1 },
  ),
  cut(
    'orphans',
    ['job after its new orphans, before MERGE', 'JVM killed'],
    'itself',
    [object('PutObject', log('order_items_orphans'), after)],
    { waves: orderItems, wave: 1 },
  ),
  cut(
    'redriven',
    ['job after MERGE of late parents, before the orphans are removed', 'JVM killed'],
    'itself',
    [object('PutObject', log('order_items'), after)],
    { waves: orderItems },
  ),
  cut(
    'removed',
    ['job after its orphans are removed, before the result', 'JVM killed'],
    'itself',
    [object('PutObject', log('order_items_orphans'), after)],
    { waves: orderItems },
  ),
];
