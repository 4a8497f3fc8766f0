import { dynamoStore } from '../../store/dynamoStore';
import { dynamoClient } from '../aws/clients';
import { renderHolds, runHold } from '../erase/hold';
import { type HoldOptions } from '../erase/options';
import { openStage } from '../stage';
import { type Terminal, writeJson } from '../terminal';

/** `lakehouse hold`. */
export async function keepHold(options: HoldOptions, terminal: Terminal): Promise<void> {
  const stack = await openStage(options.stage);
  const holds = await runHold(options, dynamoStore(await dynamoClient(), stack.LedgerTable), new Date());
  await (options.json ? writeJson(terminal, holds) : terminal.write(renderHolds(holds)));
}
