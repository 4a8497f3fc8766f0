import { paginateGetExecutionHistory, paginateListExecutions, SFNClient } from '@aws-sdk/client-sfn';
import { type LocalCloud } from '../../local/instance';
import { PROJECT } from '../../local/setup/toolchain';
import { LOCAL_STAGE, prepareStage } from '../../local/stage';
import { cloudFormationClient } from '../../src/cli/aws/clients';
import { readDeployTimeWith } from '../../src/cli/aws/stackOutputs';
import { ingestInto } from '../../src/cli/commands/ingest';
import { deployLocally } from '../../src/cli/deployLocally';
import { findSources } from '../../src/cli/ingest/sources';
import { findStack } from '../../src/cli/stage';
import { processTerminal } from '../../src/cli/terminal';
import { datasetNames } from '../../src/contract/contracts';
import { type BurstFiles } from './burstFiles';
import { residentMegabytes } from './residentMemory';
import { type Burst } from './results';

const SAMPLE_MS = 500;
const TIMEOUT_MS = 4 * 60 * 60 * 1_000;

/**
 * Deploys the service to the cloud and ingests the files at once, as `lakehouse ingest FOLDER` does.
 *
 * @throws Error when a file is not archived
 */
export async function measureBurst({ home, pid }: LocalCloud, burst: BurstFiles): Promise<Burst> {
  const terminal = processTerminal();
  const { signal } = new AbortController();
  await prepareStage(LOCAL_STAGE);
  await deployLocally(
    { project: PROJECT, stage: LOCAL_STAGE, home, signal, terminal },
    readDeployTimeWith(await cloudFormationClient()),
  );
  const stack = await findStack(LOCAL_STAGE);
  const sources = await findSources([burst.folder], datasetNames);

  const idle = residentMegabytes(pid);
  const uploads = { seconds: 0, megabytes: idle };
  let peak = idle;
  const sampling = setInterval(() => {
    peak = Math.max(peak, residentMegabytes(pid));
  }, SAMPLE_MS);
  const begin = performance.now();
  const watching = {
    ...terminal,
    progress: (line: string): void => {
      terminal.progress(line);
      if (!line.startsWith(`uploaded: ${sources.files.length} of `)) return;
      uploads.seconds = (performance.now() - begin) / 1_000;
      uploads.megabytes = residentMegabytes(pid);
    },
  };
  const { output } = await ingestInto(stack, { sources, timeoutMs: TIMEOUT_MS, signal }, watching).finally(
    () => {
      clearInterval(sampling);
    },
  );
  const seconds = (performance.now() - begin) / 1_000;
  const settled = residentMegabytes(pid);
  const other = output.files.find(({ state }) => state !== 'ARCHIVED');
  if (other !== undefined)
    throw new Error(`${other.key} is ${other.state}: ${JSON.stringify(other.reasons)}`);
  return {
    ...{ files: burst.files, lines: burst.lines, uploadSeconds: uploads.seconds, seconds },
    batchSeconds: output.batches.map((batch) => batch.seconds ?? 0),
    largestPayload: await largestPayload(stack.StateMachineArn),
    megabytes: { idle, uploaded: uploads.megabytes, settled, peak: Math.max(peak, settled) },
  };
}

/** The most bytes that a state of any execution was given or gave. */
async function largestPayload(stateMachineArn: string): Promise<number> {
  const client = new SFNClient({});
  let largest = 0;
  for await (const { executions = [] } of paginateListExecutions({ client }, { stateMachineArn })) {
    for (const { executionArn } of executions) {
      for await (const { events = [] } of paginateGetExecutionHistory({ client }, { executionArn })) {
        for (const { stateEnteredEventDetails: entered, stateExitedEventDetails: exited } of events) {
          const payloads = [entered?.input ?? '', exited?.output ?? ''];
          largest = Math.max(largest, ...payloads.map((payload) => Buffer.byteLength(payload)));
        }
      }
    }
  }
  client.destroy();
  return largest;
}
