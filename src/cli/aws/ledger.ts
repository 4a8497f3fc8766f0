import { type DynamoDBDocumentClient, paginateQuery, paginateScan } from '@aws-sdk/lib-dynamodb';
import { type ControlItem, type FileItem, keys, read } from '../../ledger/items';
import { dynamoStore } from '../../store/dynamoStore';
import { type Store } from '../../store/store';
import { type Stack } from '../stack';
import { type LedgerView } from '../status/status';

export async function readControl(store: Store): Promise<ControlItem | undefined> {
  const item = await store.get(keys.control);
  return item === undefined ? undefined : read.control(item);
}

/** Every file that the ledger knows, in no particular order. Reads the whole table. */
export async function* filesWith(
  dynamo: DynamoDBDocumentClient,
  { LedgerTable }: Stack,
): AsyncIterable<FileItem> {
  const pages = paginateScan(
    { client: dynamo },
    {
      TableName: LedgerTable,
      ConsistentRead: true,
      FilterExpression: 'sk = :file',
      ExpressionAttributeValues: { ':file': keys.file('').sk },
    },
  );
  for await (const { Items = [] } of pages) for (const item of Items) yield read.file(item);
}

/** What `status` reads. */
export function ledgerViewWith(dynamo: DynamoDBDocumentClient, { LedgerTable }: Stack): LedgerView {
  const store = dynamoStore(dynamo, LedgerTable);
  return {
    control: () => readControl(store),
    entries: async (numbers) => (await store.getMany(numbers.map(keys.entry))).map(read.entry),
    async request(id) {
      const item = await store.get(keys.request(id));
      return item === undefined ? undefined : read.request(item);
    },
    async countFiles(state) {
      let count = 0;
      const pages = paginateQuery(
        { client: dynamo },
        {
          TableName: LedgerTable,
          IndexName: 'byState',
          Select: 'COUNT',
          KeyConditionExpression: '#state = :state',
          // entries have a state too, but no sequence, and so no place in the index
          ExpressionAttributeNames: { '#state': 'state' },
          ExpressionAttributeValues: { ':state': state },
        },
      );
      for await (const { Count = 0 } of pages) count += Count;
      return count;
    },
  };
}
