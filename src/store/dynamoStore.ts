import { setTimeout as delay } from 'node:timers/promises';
import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import {
  BatchGetCommand,
  type DynamoDBDocumentClient,
  GetCommand,
  paginateQuery,
  TransactWriteCommand,
  type TransactWriteCommandInput,
} from '@aws-sdk/lib-dynamodb';
import { ServiceUnavailable } from '../errors';
import { expressions } from './expression';
import type { Commit, Item, Key, Store, Write } from './store';

/** Keys that one BatchGetItem takes. */
const BATCH_GET_KEYS = 100;
const ATTEMPTS = 12;

/** The store in a DynamoDB table with the keys `pk` and `sk` (both text). */
export function dynamoStore(client: DynamoDBDocumentClient, table: string): Store {
  return {
    async get(key) {
      const { Item } = await client.send(
        new GetCommand({ TableName: table, Key: key, ConsistentRead: true }),
      );
      return Item;
    },
    async getMany(keys) {
      const items: Item[] = [];
      for (let from = 0; from < keys.length; from += BATCH_GET_KEYS) {
        items.push(...(await batchGet(client, table, keys.slice(from, from + BATCH_GET_KEYS))));
      }
      return items;
    },
    async *query(pk) {
      const pages = paginateQuery(
        { client },
        {
          TableName: table,
          ConsistentRead: true,
          KeyConditionExpression: 'pk = :pk',
          ExpressionAttributeValues: { ':pk': pk },
        },
      );
      for await (const { Items = [] } of pages) yield* Items;
    },
    commit: (writes) => commit(client, table, writes),
  };
}

async function batchGet(
  client: DynamoDBDocumentClient,
  table: string,
  keys: readonly Key[],
): Promise<Item[]> {
  const items: Item[] = [];
  let wanted: Record<string, unknown>[] = keys.map(({ pk, sk }) => ({ pk, sk }));
  for (let attempt = 0; wanted.length > 0; attempt++) {
    if (attempt > 0) await backOff(attempt, 'BatchGetItem left keys unprocessed');
    const answer = await client.send(
      new BatchGetCommand({ RequestItems: { [table]: { Keys: wanted, ConsistentRead: true } } }),
    );
    items.push(...(answer.Responses?.[table] ?? []));
    wanted = answer.UnprocessedKeys?.[table]?.Keys ?? [];
  }
  return items;
}

/**
 * Writes all or nothing. Another transaction on the same item at the same moment, or throttling, cancels a transaction
 * without any condition having failed; the SDK does not try that again, so we do.
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html
 */
async function commit(
  client: DynamoDBDocumentClient,
  table: string,
  writes: readonly Write[],
): Promise<Commit> {
  const TransactItems = writes.map((write) => transactItem(table, write));
  for (let attempt = 1; ; attempt++) {
    try {
      await client.send(new TransactWriteCommand({ TransactItems }));
      return { committed: true };
    } catch (error) {
      if (!(error instanceof TransactionCanceledException)) throw error;
      const codes = (error.CancellationReasons ?? []).map((reason) => reason.Code ?? 'None');
      const failed = codes.flatMap((code, index) => (code === 'ConditionalCheckFailed' ? [index] : []));
      if (failed.length > 0) return { committed: false, failed };
      if (!codes.some((code) => PASSING.includes(code))) throw error;
      await backOff(attempt, 'TransactWriteItems was cancelled by conflicts or throttling', error);
    }
  }
}

const PASSING = ['TransactionConflict', 'ThrottlingError', 'ProvisionedThroughputExceeded'];

async function backOff(attempt: number, what: string, cause?: unknown): Promise<void> {
  if (attempt >= ATTEMPTS)
    throw new ServiceUnavailable(`DynamoDB: ${what}, ${ATTEMPTS} times in a row`, { cause });
  await delay(Math.random() * Math.min(1000, 20 * 2 ** attempt));
}

function transactItem(
  table: string,
  write: Write,
): NonNullable<TransactWriteCommandInput['TransactItems']>[number] {
  const { UpdateExpression = '', ConditionExpression = '', ...placeholders } = expressions(write);
  const condition = ConditionExpression === '' ? {} : { ConditionExpression };
  const common = { TableName: table, ...placeholders };
  switch (write.kind) {
    case 'put':
      return { Put: { ...common, ...condition, Item: { ...write.item, ...write.key } } };
    case 'update':
      return { Update: { ...common, ...condition, UpdateExpression, Key: write.key } };
    case 'delete':
      return { Delete: { ...common, ...condition, Key: write.key } };
    case 'check':
      return { ConditionCheck: { ...common, ConditionExpression, Key: write.key } };
  }
}
