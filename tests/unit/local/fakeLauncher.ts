import { chmodSync, mkdirSync, mkdtempSync, realpathSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toolsFolder, writeToolchain } from '../../../local/setup/toolchain';

/** Understands the launcher's arguments and answers its health request; what it does besides is given. */
const SERVE = `
const { createServer } = require('node:http');
const { renameSync, writeFileSync, appendFileSync, rmSync } = require('node:fs');
const home = process.argv[process.argv.indexOf('--home') + 1];
const server = createServer((request, response) => response.writeHead(request.url === '/_ministack/health' ? 200 : 404).end());
function serve() {
  appendFileSync(home + '/starts', process.pid + '\\n');
  server.listen(0, '127.0.0.1', () => {
    const { port } = server.address();
    writeFileSync(home + '/draft', JSON.stringify({ endpoint: 'http://127.0.0.1:' + port, port, pid: process.pid }));
    renameSync(home + '/draft', home + '/instance.json');
  });
}
function leave() {
  rmSync(home + '/instance.json');
  process.exit(0);
}
`;

/** A project in a temporary folder whose "Python" runs this script in the launcher's place. */
export function projectWithLauncher(script: string): string {
  const project = realpathSync(mkdtempSync(join(tmpdir(), 'instance-test-')));
  mkdirSync(toolsFolder(project), { recursive: true });
  const launcher = join(project, 'launcher');
  // with -- Node leaves the arguments, of which -m is one, to the script
  writeFileSync(`${launcher}.cjs`, SERVE + script);
  writeFileSync(launcher, `#!/bin/sh\nexec '${process.execPath}' '${launcher}.cjs' "$@"\n`);
  chmodSync(launcher, 0o755);
  writeToolchain(project, { localPython: launcher, gluePython: '-', jars: '-', javaHome: '-', node: '-' });
  return project;
}

/** Serves until SIGTERM. */
export const HEALTHY = `process.on('SIGTERM', leave); serve();`;
