import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { type Toolchain } from '../../../local/setup/toolchain';
import { checker } from '../../schema/validator';
import { CommandFailed } from '../errors';
import { type TravelAnswer, type TravelRequest } from '../query/asOf';

const cell = { type: ['string', 'null'] };
const check = checker<TravelAnswer>({
  type: 'object',
  oneOf: [
    { required: ['failed'], properties: { failed: { type: 'string' } } },
    {
      required: ['columns', 'rows'],
      properties: {
        columns: {
          type: 'array',
          items: {
            type: 'object',
            required: ['name', 'type'],
            properties: { name: { type: 'string' }, type: { type: 'string' } },
          },
        },
        rows: { type: 'array', items: { type: 'array', items: cell } },
      },
    },
  ],
});

/** Queries on earlier versions by local/localcloud/time_travel.py, which says what request and answer are. */
export function travelWith(
  project: string,
  toolchain: Pick<Toolchain, 'localPython'> | undefined,
  endpoint: string,
  signal: AbortSignal,
): (request: TravelRequest) => Promise<TravelAnswer> {
  return async (request) => {
    if (toolchain === undefined) {
      throw new CommandFailed('The local cloud is not set up in this folder; set it up with: npm start');
    }
    const child = spawn(toolchain.localPython, ['-m', 'localcloud.time_travel'], {
      env: { ...process.env, PYTHONPATH: join(project, 'local') },
      stdio: ['pipe', 'pipe', 'pipe'],
      signal,
    });
    child.stdin.end(JSON.stringify({ ...request, endpoint }));
    const [stdout, stderr] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, 'close'),
    ]);
    const checked = child.exitCode === 0 ? check(JSON.parse(stdout)) : undefined;
    if (checked?.ok === true) return checked.value;
    const problem = checked?.problems.join('; ') ?? stderr.trim().split('\n').at(-1) ?? '';
    throw new CommandFailed(`The query on earlier versions broke off: ${problem}`);
  };
}
