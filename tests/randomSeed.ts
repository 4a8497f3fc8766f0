/**
 * What chance random tests play with: the same every time, so that only a change can turn a green run red, unless
 * RANDOM_SEED asks for other examples (`random`) or for those of a run that failed (its seed). tests/conftest.py does the
 * same for Python.
 */
const SAME = 1;

/** The seed, or nothing where each run takes another. */
export function randomSeed(env: NodeJS.ProcessEnv): number | undefined {
  const text = env['RANDOM_SEED'] ?? '';
  if (text === 'random') return undefined;
  if (text === '') return SAME;
  if (!/^-?\d{1,10}$/.test(text))
    throw new Error(`RANDOM_SEED is ${text}: give the word random, or the seed that a failed run printed`);
  return Number(text);
}
