import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { UsageError } from '../../../src/cli/errors';
import { sqlOf } from '../../../src/cli/query/named';
import { namedQueries } from '../../../src/generate/namedQueries';

const deployed = () => Promise.resolve([{ name: 'rank_products', description: 'd', sql: 'SELECT 1' }]);
const refuse = (): never => {
  throw new Error('nobody asked for the named queries');
};

describe('what a query runs', () => {
  it('is the SQL that was given, without a look at the named queries', async () => {
    expect(await sqlOf({ sql: 'SELECT 2', named: undefined }, refuse)).toBe('SELECT 2');
  });

  it('is the SQL that is deployed under the name', async () => {
    expect(await sqlOf({ sql: undefined, named: 'rank_products' }, deployed)).toBe('SELECT 1');
  });

  it.each([
    [{ sql: undefined, named: undefined }, 'either SQL or --named'],
    [{ sql: 'SELECT 2', named: 'rank_products' }, 'either SQL or --named'],
    [{ sql: undefined, named: 'nope' }, 'There is no query nope: it is one of rank_products'],
  ])('is refused when it is %j', async (asked, message) => {
    const outcome = sqlOf(asked, deployed);
    await expect(outcome).rejects.toThrow(UsageError);
    await expect(outcome).rejects.toThrow(message);
  });
});

describe('the named queries of the stack', () => {
  it('are the files of queries/, each described by its first line', () => {
    const folder = path.join(__dirname, '../../../queries');
    const sql = readFileSync(path.join(folder, 'rank_products.sql'), 'utf8');
    const { RankProductsQuery } = namedQueries({ rank_products: sql });
    expect(RankProductsQuery?.Properties).toMatchObject({ Name: 'rank_products', QueryString: sql });
    expect(`-- ${String(RankProductsQuery?.Properties['Description'])}`).toBe(sql.split('\n')[0]);
    // Athena refuses longer ones: https://docs.aws.amazon.com/athena/latest/APIReference/API_CreateNamedQuery.html
    for (const file of readdirSync(folder).filter((name) => name.endsWith('.sql'))) {
      const name = path.parse(file).name;
      const [resource] = Object.values(
        namedQueries({ [name]: readFileSync(path.join(folder, file), 'utf8') }),
      );
      expect(String(resource?.Properties['Description']).length).toBeLessThanOrEqual(1024);
    }
  });

  it('are deployed under a condition where their tables are', () => {
    const { AQuery } = namedQueries({ a: '-- What?\nSELECT 1' }, 'IsAudited');
    expect(AQuery).toMatchObject({ Type: 'AWS::Athena::NamedQuery', Condition: 'IsAudited' });
  });

  it('must say what they answer', () => {
    expect(() => namedQueries({ silent: 'SELECT 1' })).toThrow('queries/silent.sql');
  });
});
