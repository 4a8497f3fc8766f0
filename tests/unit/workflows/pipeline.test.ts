import { describe, expect, it } from '@jest/globals';
import { applies, runJob, type Shell } from '../../e2e/pipeline';

describe('a step of a workflow on this machine', () => {
  it.each([
    [undefined, false, true],
    [undefined, true, false],
    ['${{ failure() }}', false, false],
    ['${{ failure() }}', true, true],
    ['${{ !cancelled() }}', true, true],
    ["${{ inputs.commit != '' }}", false, true],
    // as on GitHub: without a question for the status it runs after successes only
    ["${{ inputs.commit != '' }}", true, false],
    ["${{ failure() && steps.smoke.outcome == 'failure' }}", true, true],
    ["${{ failure() && steps.deploy.outcome == 'failure' }}", true, false],
  ])('under %s, with a failure before it: %s, runs: %s', (condition, failed, runs) => {
    const context = {
      'inputs.commit': 'abc',
      'steps.smoke.outcome': 'failure',
      'steps.deploy.outcome': 'success',
    };
    expect(applies(condition, failed, context)).toBe(runs);
  });

  it.each(['always()', "steps.smoke.conclusion == 'failure' || failure()", "inputs.other == ''"])(
    'is refused under %s, which nobody has taught it or filled in',
    (condition) => {
      expect(() => applies(`\${{ ${condition} }}`, false, {})).toThrow(/does not know|gives no/);
    },
  );
});

describe('a job of a workflow on this machine', () => {
  /** Commands that contain the text fail; remembers each with its variables. */
  function recording(failing: string): { ran: [string, string | undefined][]; shell: Shell } {
    const ran: [string, string | undefined][] = [];
    const shell: Shell = (command, env) => {
      ran.push([command, env['STAGE']]);
      return Promise.resolve({ code: command.includes(failing) ? 1 : 0, stdout: command, stderr: '' });
    };
    return { ran, shell };
  }

  it('goes back only when the smoke failed, not when the deploy did', async () => {
    const ranAfter = async (failing: string): Promise<string[]> => {
      const { ran, shell } = recording(failing);
      await runJob('deploy', 'production', { 'github.sha': 'abc' }, shell);
      expect(new Set(ran.map(([, stage]) => stage))).toEqual(new Set(['prod']));
      return ran.map(([command]) => command.split(' ').slice(0, 4).join(' '));
    };
    const [deploy, smoke] = ['npm run release:deploy', 'npx lakehouse smoke --stage'];
    const [rollback, prune] = ['npx lakehouse release rollback', 'npx lakehouse release prune'];
    const notify = expect.stringContaining('npx lakehouse notify');
    expect(await ranAfter('release:deploy')).toEqual([deploy, notify]);
    expect(await ranAfter('smoke')).toEqual([deploy, smoke, rollback, notify]);
    expect(await ranAfter('nothing')).toEqual([deploy, smoke, prune, notify]);
  });

  it('does not start when its own condition does not hold', async () => {
    const { ran, shell } = recording('nothing');
    const inputs = { 'inputs.stage': 'staging', 'inputs.commit': '' };
    expect(await runJob('rollback', 'package', inputs, shell)).toEqual([]);
    expect(ran).toEqual([]);
    await expect(runJob('rollback', 'none', inputs, shell)).rejects.toThrow('rollback.yml has no job none');
  });
});
