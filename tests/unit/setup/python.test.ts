import { describe, expect, it } from '@jest/globals';
import { candidates, isUsable, noPythonMessage, parseProbe, type Python } from '../../../local/setup/python';

const python = (major: number, minor: number, hasEnsurepip = true): Python => ({
  executable: '/x/python',
  major,
  minor,
  hasEnsurepip,
});
const usable = (answer: Python | 'does not run'): boolean => isUsable({ candidate: 'python', answer });

describe('the choice of a Python', () => {
  it('takes 3.10 to 3.12 and nothing older, newer or of another major', () => {
    const minors = [8, 9, 10, 11, 12, 13, 14].filter((minor) => usable(python(3, minor)));
    expect(minors).toEqual([10, 11, 12]);
    expect(usable(python(2, 11))).toBe(false);
  });

  it('refuses a Python that cannot make an environment with pip, and one that does not run', () => {
    expect(usable(python(3, 11, false))).toBe(false);
    expect(usable('does not run')).toBe(false);
  });

  it('looks for 3.11 in every folder of PATH and of pyenv before any other version', () => {
    const there = new Set([
      '/shims/python3.11',
      '/usr/bin/python3.11',
      '/usr/bin/python3',
      '/pyenv/3.11/python3.11',
    ]);
    const env = { PATH: '/shims::/usr/bin' };
    expect(candidates(env, (file) => there.has(file), ['/pyenv/3.11'])).toEqual([
      '/shims/python3.11',
      '/usr/bin/python3.11',
      '/pyenv/3.11/python3.11',
      '/usr/bin/python3',
    ]);
  });

  it('leaves no choice when PYTHON names one', () => {
    expect(candidates({ PATH: '/usr/bin', PYTHON: 'my-python' }, () => true, [])).toEqual(['my-python']);
  });

  it('understands only a Python’s answer', () => {
    expect(parseProbe('/usr/bin/python3.12\n3\n12\n1\n')).toEqual({
      executable: '/usr/bin/python3.12',
      major: 3,
      minor: 12,
      hasEnsurepip: true,
    });
    expect(parseProbe('pyenv: python3.12: command not found')).toBeUndefined();
    expect(parseProbe('')).toBeUndefined();
  });

  it('tells what was tried and what to install', () => {
    const message = noPythonMessage([
      { candidate: '/shims/python3.12', answer: 'does not run' },
      { candidate: '/usr/bin/python3', answer: python(3, 13) },
      { candidate: '/usr/bin/python3.10', answer: python(3, 10, false) },
    ]);
    expect(message).toContain('/shims/python3.12 (does not run)');
    expect(message).toContain('/usr/bin/python3 (is 3.13)');
    expect(message).toContain('install python3.10-venv');
    expect(message).toContain('PYTHON=');
    expect(noPythonMessage([])).toContain('none was found on PATH');
  });
});
