import { milliseconds } from '../duration';
import { type RollbackOptions, wantedOf } from '../rollback/options';
import { renderRollback } from '../rollback/output';
import { runRollback } from '../rollback/rollback';
import { requestPorts } from '../request/requestPorts';
import { openStage } from '../stage';
import { type Terminal, writeJson } from '../terminal';

/** `lakehouse rollback`; gives the exit status. */
export async function rollBack(
  options: RollbackOptions,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<number> {
  const timeoutMs = milliseconds(options.timeout);
  const wanted = wantedOf(options);
  const stack = await openStage(options.stage);
  const { output, exitCode } = await runRollback(
    {
      ...{ wanted, dryRun: options.dryRun ?? false, timeoutMs, signal },
      settings: { artefactsBucket: stack.ArtefactsBucket, warehouseBucket: stack.WarehouseBucket },
    },
    await requestPorts(stack, terminal),
  );
  await (options.json ? writeJson(terminal, output) : terminal.write(renderRollback(output)));
  return exitCode;
}
