/** Set-up of the Jest projects that use fast-check, which prints the seed of a run that fails. */
import fc from 'fast-check';
import { randomSeed } from './randomSeed';

const seed = randomSeed(process.env);
if (seed !== undefined) fc.configureGlobal({ ...fc.readConfigureGlobal(), seed });
