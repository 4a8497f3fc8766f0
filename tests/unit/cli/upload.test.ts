import { describe, expect, it } from '@jest/globals';
import { type Source } from '../../../src/cli/ingest/sources';
import { uploadAll } from '../../../src/cli/ingest/upload';
import { never } from './fakes';

const sources: Source[] = ['orders/1', 'orders/2', 'orders/3', 'products/1'].map((name) => ({
  path: name,
  dataset: name.split('/')[0]!,
  key: `raw/${name}.csv`,
  size: 1,
}));

describe('uploading', () => {
  it('never lets a file of a dataset overtake the one before, while datasets go side by side', async () => {
    const events: string[] = [];
    const put = async ({ path }: Source): Promise<string> => {
      events.push(`start ${path}`);
      await new Promise(setImmediate);
      events.push(`end ${path}`);
      return `version of ${path}`;
    };
    const uploaded = await uploadAll(sources, put, never, () => undefined);
    const orders = events.filter((event) => event.includes('orders'));
    expect(orders).toEqual([1, 2, 3].flatMap((n) => [`start orders/${n}`, `end orders/${n}`]));
    expect(events.indexOf('start products/1')).toBeLessThan(events.indexOf('end orders/1'));
    expect(new Map(uploaded.map(({ key, versionId }) => [key, versionId])).get('raw/orders/2.csv')).toBe(
      'version of orders/2',
    );
  });

  it('stops the other datasets when one file fails, and tells that failure', async () => {
    const started: string[] = [];
    const put = async ({ path }: Source, signal: AbortSignal): Promise<string> => {
      started.push(path);
      await new Promise(setImmediate);
      if (path === 'products/1') throw new Error('disk gone');
      await new Promise(setImmediate);
      signal.throwIfAborted();
      return 'v';
    };
    await expect(uploadAll(sources, put, never, () => undefined)).rejects.toThrow('disk gone');
    expect(started).toEqual(['orders/1', 'products/1']);
  });

  it('uploads nothing more once it is interrupted', async () => {
    const interruption = new AbortController();
    const started: string[] = [];
    const put = ({ path }: Source): Promise<string> => {
      started.push(path);
      interruption.abort(new Error('interrupted'));
      return Promise.resolve('v');
    };
    await expect(uploadAll(sources, put, interruption.signal, () => undefined)).rejects.toThrow(
      'interrupted',
    );
    expect(started).toHaveLength(1);
  });
});
