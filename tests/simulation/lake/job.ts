import { JobInterrupted, LakehouseError } from '../../../src/errors';
import { load, Poison } from './load';
import { type JobRun, writeDocument } from './run';
import { withdraw } from './withdraw';

/** glue/load_dataset.py; a failure leaves its document and is thrown. */
export async function runJob(run: JobRun): Promise<void> {
  try {
    await { load, withdraw }[run.operation](run);
  } catch (error) {
    const named = error instanceof LakehouseError ? error : new JobInterrupted(String(error));
    const failure = { name: errorName(named), family: named.family, message: named.message };
    const document = { dataset: run.dataset, number: run.batch.number, jobRunId: run.id, error: failure };
    await writeDocument(run, `failures/${run.dataset}.json`, document).catch(() => undefined);
    throw error;
  }
}

/** A line that poisons a job names the error, so that two such files do not pass for an outage. */
function errorName(error: LakehouseError): string {
  return error instanceof Poison ? error.rule : error.name;
}
