import { expect, test } from '@jest/globals';
import { copySource } from '../../../src/objects/s3Objects';
import { expressions } from '../../../src/store/expression';

test('an update is compiled with placeholders for every name and value', () => {
  const write = {
    kind: 'update',
    key: { pk: 'control', sk: 'control' },
    set: { state: 'OPEN' },
    add: { arrived: 2 },
    remove: ['owner'],
    when: [
      { attribute: 'owner', is: 'absent' },
      { attribute: 'fence', is: 'equal', to: 3 },
      { attribute: 'arrived', is: 'equalToAttribute', other: 'planned' },
    ],
  } as const;
  expect(expressions(write)).toEqual({
    UpdateExpression: 'SET #state = :v0 ADD #arrived :v1 REMOVE #owner',
    ConditionExpression: 'attribute_not_exists(#owner) AND #fence = :v2 AND #arrived = #planned',
    ExpressionAttributeNames: {
      ...{
        '#state': 'state',
        '#arrived': 'arrived',
        '#owner': 'owner',
        '#fence': 'fence',
        '#planned': 'planned',
      },
    },
    ExpressionAttributeValues: { ':v0': 'OPEN', ':v1': 2, ':v2': 3 },
  });
});

test('a put without conditions has no expressions', () => {
  expect(expressions({ kind: 'put', key: { pk: 'a', sk: 'b' }, item: {} })).toEqual({});
});

test.each([
  ['raw/a b.csv', 'b/raw/a%20b.csv?versionId=v%2B1'],
  ['raw/a+b%2Fc?.csv', 'b/raw/a%2Bb%252Fc%3F.csv?versionId=v%2B1'],
  ['raw/../ü.csv', 'b/raw/../%C3%BC.csv?versionId=v%2B1'],
])('the source %s of a copy is encoded', (key, source) => {
  expect(copySource({ bucket: 'b', key, versionId: 'v+1' })).toBe(source);
});
