/** How a command ends, as its exit status. */
export const ExitCode = { ok: 0, failed: 1, usage: 2, stillRunning: 3, interrupted: 130 } as const;

/** The command was called wrongly; the message says how to call it. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** The command could not do what it was asked for; the message says why and what to do. */
export class CommandFailed extends Error {
  override readonly name = 'CommandFailed';
}

/** Somebody pressed Ctrl-C or ended the command otherwise. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';

  constructor() {
    super('interrupted');
  }
}

const CREDENTIALS = /Credentials|ExpiredToken|UnrecognizedClient|InvalidClientTokenId|AuthFailure/;

/** Exit status and what to tell the person for whatever a command threw. */
export function explain(error: unknown): { exitCode: number; message: string } {
  if (!(error instanceof Error)) return { exitCode: ExitCode.failed, message: String(error) };
  if (error instanceof UsageError) return { exitCode: ExitCode.usage, message: error.message };
  if (error instanceof Interrupted) return { exitCode: ExitCode.interrupted, message: error.message };
  const hint = CREDENTIALS.test(error.name)
    ? '. Check the AWS credentials (AWS_PROFILE, aws sso login) and the region (AWS_REGION)'
    : '';
  const cause = error.cause instanceof Error ? ` (${error.cause.message})` : '';
  const name = error instanceof CommandFailed || error.name === 'Error' ? '' : `${error.name}: `;
  return { exitCode: ExitCode.failed, message: `${name}${error.message}${hint}${cause}` };
}
