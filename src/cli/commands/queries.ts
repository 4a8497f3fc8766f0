import { type QueriesOutput } from '../../../generated/types/outputs/queries';
import { athenaClient } from '../aws/clients';
import { namedQueriesWith } from '../aws/namedQueries';
import { openStage, type StageOptions } from '../stage';
import { renderTable } from '../table';
import { type Terminal, writeJson } from '../terminal';

/** `lakehouse queries` */
export async function listQueries({ stage, json }: StageOptions, terminal: Terminal): Promise<void> {
  const stack = await openStage(stage);
  const output: QueriesOutput = await namedQueriesWith(await athenaClient(), stack);
  if (json) await writeJson(terminal, output);
  else {
    const rows = output.map(({ name, description }) => [name, description]);
    await terminal.write(renderTable(['query', 'answers'], rows));
  }
}
