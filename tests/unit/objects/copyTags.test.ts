import { CopyObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { expect, jest, test } from '@jest/globals';
import { s3Objects } from '../../../src/objects/s3Objects';

const from = { bucket: 'landing', key: 'raw/orders/a.csv', versionId: 'v1' };
const to = { bucket: 'landing', key: 'archived/orders/a.csv' };

/** The requests that a copy sends. */
async function sent(tags?: Record<string, string>): Promise<unknown[]> {
  const s3 = new S3Client({ region: 'us-east-1' });
  const send = jest.spyOn(s3, 'send').mockImplementation(() => Promise.resolve({}));
  await s3Objects(s3).copy(from, to, tags);
  return send.mock.calls.map(([command]) => command);
}

test('the tags of a copy travel in the request that copies', async () => {
  const [command, ...others] = await sent({ classification: 'pii', owner: 'a & b' });
  expect(others).toEqual([]);
  expect(command).toBeInstanceOf(CopyObjectCommand);
  expect(command).toMatchObject({
    input: { TaggingDirective: 'REPLACE', Tagging: 'classification=pii&owner=a+%26+b' },
  });
});

test('a copy without tags has those of its source, as S3 does when nothing is said', async () => {
  const [command] = await sent();
  const { input } = command as CopyObjectCommand;
  expect([input.TaggingDirective, input.Tagging]).toEqual([undefined, undefined]);
});
