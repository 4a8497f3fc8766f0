import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { tables } from '../../contract/contracts';
import { pendingFiles, readFiles } from '../../ledger/files';
import { s3Objects } from '../../objects/s3Objects';
import { report } from '../../report/model/report';
import { renderPage } from '../../report/page/page';
import { readFacts, type ReadPorts } from '../../report/read/facts';
import { dynamoStore } from '../../store/dynamoStore';
import { athenaWith } from '../aws/athena';
import { athenaClient, dynamoClient, s3Client, stepFunctionsClient } from '../aws/clients';
import { readRun } from '../aws/executionHistory';
import { ledgerViewWith } from '../aws/ledger';
import { type ResultRow, runQuery } from '../query/athena';
import { openFile, viewer } from '../report/open';
import { type Stack } from '../stack';
import { openStage } from '../stage';
import { type Terminal } from '../terminal';

/** What `lakehouse report` takes. */
export interface ReportOptions {
  readonly stage: string;
  readonly out: string;
  readonly open?: true;
}

/** `lakehouse report` */
export async function writeReport(
  { stage, out, open }: ReportOptions,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<void> {
  const stack = await openStage(stage);
  await reportOn(stage, stack, { file: resolve(out), open: open ?? false }, terminal, signal);
}

/** Writes the report on what is deployed, whole or not at all, and prints its path. */
export async function reportOn(
  stage: string,
  stack: Stack,
  { file, open }: { readonly file: string; readonly open: boolean },
  terminal: Terminal,
  signal: AbortSignal,
): Promise<void> {
  const facts = await readFacts(await portsOf(stack, signal), {
    ...{ stage, tables },
    warehouse: stack.WarehouseBucket,
    artefacts: stack.ArtefactsBucket,
  });
  const page = await renderPage(report(facts));
  await mkdir(dirname(file), { recursive: true });
  await writeFile(`${file}.partial`, page);
  await rename(`${file}.partial`, file);
  await terminal.write(`${file}\n`);
  if (!open) return;
  const { platform, env, stderr } = process;
  const program = viewer({ platform, env, interactive: stderr.isTTY });
  if (program === undefined || !(await openFile(program, file))) terminal.note('open it in a browser');
}

async function portsOf(stack: Stack, signal: AbortSignal): Promise<ReadPorts> {
  const dynamo = await dynamoClient();
  const store = dynamoStore(dynamo, stack.LedgerTable);
  const stepFunctions = await stepFunctionsClient();
  const athena = athenaWith(await athenaClient(), stack);
  return {
    ...ledgerViewWith(dynamo, stack),
    files: (fileIds) => readFiles(store, fileIds),
    pending: (limit) => pendingFiles(store, limit),
    run: (executionArn) => readRun(stepFunctions, executionArn),
    async query(sql) {
      const { columns, rows } = await runQuery(athena, sql, signal);
      const all: ResultRow[] = [];
      for await (const row of rows) all.push(row);
      return { columns: columns.map(({ name }) => name), rows: all };
    },
    objects: s3Objects(await s3Client()),
    now: () => new Date(),
  };
}
