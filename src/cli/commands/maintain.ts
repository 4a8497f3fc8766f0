import { tables } from '../../contract/contracts';
import { maintenanceThresholds } from '../../maintenance/thresholds';
import { milliseconds } from '../duration';
import { runMaintain } from '../maintain/maintain';
import { type MaintainOptions } from '../maintain/options';
import { renderMaintain } from '../maintain/output';
import { requestPorts } from '../request/requestPorts';
import { openStage } from '../stage';
import { requireTable } from '../status/history';
import { type Terminal, writeJson } from '../terminal';

/** `lakehouse maintain`; gives the exit status. */
export async function maintainTables(
  options: MaintainOptions,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<number> {
  const timeoutMs = milliseconds(options.timeout);
  const table = options.table === undefined ? undefined : requireTable(options.table, tables).name;
  const stack = await openStage(options.stage);
  const { output, exitCode } = await runMaintain(
    {
      ...{ table, dryRun: options.dryRun ?? false, timeoutMs, signal },
      settings: {
        ...{ artefactsBucket: stack.ArtefactsBucket, warehouseBucket: stack.WarehouseBucket },
        undoDays: Number(stack.UndoDays),
        ...maintenanceThresholds(Number(stack.MaintenanceMinFiles)),
      },
    },
    await requestPorts(stack, terminal),
  );
  await (options.json ? writeJson(terminal, output) : terminal.write(renderMaintain(output)));
  return exitCode;
}
