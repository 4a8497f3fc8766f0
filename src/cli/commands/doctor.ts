import { once } from 'node:events';
import { statfs } from 'node:fs/promises';
import { createServer } from 'node:net';
import { totalmem } from 'node:os';
import { installedHome } from '../../../local/setup/java';
import { findPython } from '../../../local/setup/python';
import { recordedToolchain } from '../../../local/setup/toolchain';
import { LOCAL_STAGE } from '../../../local/stage';
import { datasetNames } from '../../contract/contracts';
import { examineAccount } from '../../doctor/account';
import { type Finding } from '../../doctor/finding';
import { examineMachine } from '../../doctor/machine';
import { accountOfCaller } from '../aws/account';
import { ExitCode } from '../errors';
import { stackName } from '../stack';
import { PROJECT, type StageOptions } from '../stage';
import { renderTable } from '../table';
import { type Terminal, writeJson } from '../terminal';

/** Buckets whose names the stack chooses, without stage and account; a test compares them with the template. */
export const BUCKETS = ['landing', 'dwh', 'artefacts', 'audit', 'access-logs'].map(
  (kind) => `lakehouse-${kind}`,
);
/** Of resources/jobs.yml; a test compares them. */
export const GLUE_VERSION = '5.1';

/** `lakehouse doctor`; gives the exit status. */
export async function doctor({ stage, json }: StageOptions, terminal: Terminal): Promise<number> {
  const findings = await (stage === LOCAL_STAGE ? thisMachine() : thisAccount(stage));
  if (json) await writeJson(terminal, findings);
  else await terminal.write(renderFindings(findings));
  return findings.every(({ ok }) => ok) ? ExitCode.ok : ExitCode.failed;
}

function thisMachine(): Promise<Finding[]> {
  return examineMachine({
    ...{ nodeVersion: process.versions.node, platform: process.platform, memory: totalmem() },
    installed: recordedToolchain(PROJECT) !== undefined,
    async python() {
      const { executable, major, minor } = await findPython();
      return `${major}.${minor} (${executable})`;
    },
    java: () => installedHome(process.env),
    async freeDisk() {
      const { bavail, bsize } = await statfs(PROJECT);
      return bavail * bsize;
    },
    async listen() {
      const server = createServer().listen(0, '127.0.0.1');
      await once(server, 'listening');
      server.close();
    },
  });
}

async function thisAccount(stage: string): Promise<Finding[]> {
  const job = `${stackName(stage)}-${datasetNames[0] ?? ''}`;
  return examineAccount(await accountOfCaller(), { stage, buckets: BUCKETS, job, glueVersion: GLUE_VERSION });
}

function renderFindings(findings: readonly Finding[]): string {
  return renderTable(
    ['', 'check', 'found', 'how to mend it'],
    findings.map(({ ok, name, found, mend }) => [ok ? 'ok' : 'NO', name, found, mend]),
  );
}
