import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { check, loadContracts, readSource, toLine } from '../../state-machine/typing/src';
import { type Package, PROJECT } from './packaging';

/** `npm run check:asl` knows no stack; here the definition is checked against the one that is deployed. */
export function typingTests(staging: () => Package): void {
  const file = join(PROJECT, 'state-machine', 'ingest.asl.yml');
  const findingsIn = (text: string) => {
    const contracts = loadContracts(join(PROJECT, 'state-machine', 'ingest.contracts.json'), staging().file);
    return check(readSource('ingest.asl.yml', text), contracts).findings;
  };

  it('calls only jobs, functions, tables, topics and work groups that the stack has', () => {
    expect(findingsIn(readFileSync(file, 'utf8')).map(toLine)).toEqual([]);
  });

  it('would tell of a job, a function, a table and a topic that the stack has not', () => {
    const broken = readFileSync(file, 'utf8')
      .replace('JobName: ${self:custom.stack}-orders', 'JobName: ${self:custom.stack}-order')
      .replace('[SyncCatalogLambdaFunction, Arn]', '[SyncCatalogueLambdaFunction, Arn]')
      .replace('TableName: { Ref: Ledger }', 'TableName: { Ref: Ledgers }')
      .replace('TopicArn: { Ref: AlertsTopic }', 'TopicArn: { Ref: AlertTopic }');
    const told = findingsIn(broken).filter((finding) => finding.check === 'resource');
    expect(told.map(({ message }) => /[\w-]+$/.exec(message)?.[0])).toEqual([
      '-order',
      'SyncCatalogueLambdaFunction',
      'AlertTopic',
      'Ledgers',
    ]);
  });
}
