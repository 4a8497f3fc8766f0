import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { buildSync } from 'esbuild';
import contracts from '../../../state-machine/ingest.contracts.json';
import errors from '../../../schemas/errors.json';

const HANDLERS = join(__dirname, '..', '..', '..', 'src', 'handlers');

/** Names of ours that the bundle of a handler constructs: what tree shaking leaves is what the handler can reach. */
function constructedIn(handler: string): string[] {
  const { outputFiles } = buildSync({
    entryPoints: [join(HANDLERS, `${handler}.ts`)],
    bundle: true,
    write: false,
    treeShaking: true,
    platform: 'node',
    packages: 'external',
  });
  const text = outputFiles[0]?.text ?? '';
  return errors.map(({ name }) => name).filter((name) => new RegExp(`new ${name}\\d*\\(`).test(text));
}

const declared = new Map(Object.entries(contracts.functions).map(([id, { errors: names }]) => [id, names]));
const idOf = (handler: string) => `${handler.replace(/^./, (first) => first.toUpperCase())}LambdaFunction`;
const handlers = readdirSync(HANDLERS).map((file) => file.replace(/\.ts$/, ''));

test.each(handlers.filter((handler) => handler !== 'detectArrival'))(
  '%s declares to the state machine exactly the errors of ours that it can throw',
  (handler) => {
    expect(declared.get(idOf(handler))?.slice().sort()).toEqual(constructedIn(handler).sort());
  },
);

test('every function that is declared has a handler', () => {
  expect([...declared.keys()].filter((id) => !handlers.map(idOf).includes(id))).toEqual([]);
});
