import { expect, test } from '@jest/globals';
import list from '../../schemas/errors.json';
import { errorClasses } from '../../src/errors';

test('schemas/errors.json and src/errors.ts list the same errors with the same families', () => {
  const inCode = Object.entries(errorClasses).map(([key, Class]) => {
    const error = new Class('what happened', { cause: 'why' });
    expect(error.name).toBe(key);
    expect(error.cause).toBe('why');
    return { name: error.name, family: error.family };
  });
  expect(inCode).toEqual(list.map(({ name, family }) => ({ name, family })));
});
