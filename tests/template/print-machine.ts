/** Prints the definition of the packaged ingest machine as JSON, for tests that are not written in TypeScript. */
import { Workspace } from './packaging';
import { machineOf } from './states';

const workspace = new Workspace();
try {
  process.stdout.write(JSON.stringify(machineOf(workspace.package('local'))));
} finally {
  workspace.remove();
}
