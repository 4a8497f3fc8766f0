import { tables } from '../../contract/contracts';
import { s3Objects } from '../../objects/s3Objects';
import { dynamoClient, s3Client } from '../aws/clients';
import { ledgerViewWith } from '../aws/ledger';
import { openStage, type StageOptions } from '../stage';
import { history, renderHistory, requireTable } from '../status/history';
import { renderStatus, status } from '../status/status';
import { type Terminal, writeJson } from '../terminal';

/** `lakehouse status` */
export async function showStatus({ stage, json }: StageOptions, terminal: Terminal): Promise<void> {
  const stack = await openStage(stage);
  const output = await status(stage, ledgerViewWith(await dynamoClient(), stack));
  await (json ? writeJson(terminal, output) : terminal.write(renderStatus(output)));
}

/** `lakehouse status TABLE` */
export async function showHistory(
  table: string,
  { stage, json }: StageOptions,
  terminal: Terminal,
): Promise<void> {
  requireTable(table, tables);
  const stack = await openStage(stage);
  const output = await history(table, stack.WarehouseBucket, s3Objects(await s3Client()));
  await (json ? writeJson(terminal, output) : terminal.write(renderHistory(output)));
}
