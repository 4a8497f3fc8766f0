import { describe, expect, it } from '@jest/globals';
import { openFile, viewer } from '../../../src/cli/report/open';

describe('opening a report', () => {
  it.each([
    ['a Mac', 'darwin', {}, true, 'open'],
    ['a Linux desktop', 'linux', { DISPLAY: ':0' }, true, 'xdg-open'],
    ['a Linux without a screen', 'linux', {}, true, undefined],
    ['CI', 'linux', { DISPLAY: ':0', CI: 'true' }, true, undefined],
    ['a script', 'darwin', {}, false, undefined],
    ['another system', 'win32', {}, true, undefined],
  ] as const)('on %s', (_, platform, env, interactive, program) => {
    expect(viewer({ platform, env, interactive })).toBe(program);
  });

  it('says when the program is not there', async () => {
    expect(await openFile('no-such-program-here', '/tmp/a b.html')).toBe(false);
  });
});
