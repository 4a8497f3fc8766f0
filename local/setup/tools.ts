/** `npm run tools`: installs everything that the checks and tests need, and nothing when it is there already. */
import { SetupError } from './errors';
import { install } from './install';

install({ dev: true }).catch((error: unknown) => {
  process.stderr.write(`${error instanceof SetupError ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
