import { milliseconds } from '../duration';
import { runErase } from '../erase/erase';
import { type EraseOptions } from '../erase/options';
import { renderErase } from '../erase/output';
import { requestPorts } from '../request/requestPorts';
import { openStage } from '../stage';
import { type Terminal, writeJson } from '../terminal';

/** `lakehouse erase`; gives the exit status. */
export async function erasePerson(
  options: EraseOptions,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<number> {
  const timeoutMs = milliseconds(options.timeout);
  const stack = await openStage(options.stage);
  const { output, exitCode } = await runErase(
    { user: options.user, artefactsBucket: stack.ArtefactsBucket, timeoutMs, signal },
    await requestPorts(stack, terminal),
  );
  await (options.json ? writeJson(terminal, output) : terminal.write(renderErase(output)));
  return exitCode;
}
