import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { dynamoStore } from '../store/dynamoStore';
import type { Store } from '../store/store';

const client = DynamoDBDocumentClient.from(new DynamoDBClient({}), {
  marshallOptions: { removeUndefinedValues: true },
});

/** The ledger's table behind its port; every handler has one. */
export function ledgerStore(table: string): Store {
  return dynamoStore(client, table);
}
