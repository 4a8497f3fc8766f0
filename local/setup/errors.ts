/** The set-up cannot go on; the message says what is missing and how to get it. */
export class SetupError extends Error {
  override readonly name = 'SetupError';
}

/** A program that the set-up started ended with an error; the message holds the end of what it printed. */
export class ProgramFailed extends Error {
  override readonly name = 'ProgramFailed';
}
