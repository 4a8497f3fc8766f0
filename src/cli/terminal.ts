import { clearLine, cursorTo } from 'node:readline';

/** Where a command speaks: the document goes to stdout, everything else to stderr. */
export interface Terminal {
  /** A piece of the result. */
  write(text: string): Promise<void>;
  /** A line about what happens. */
  note(line: string): void;
  /** What is going on now: one line that changes in place, or a line per change where there is no screen. */
  progress(line: string): void;
}

const FALLBACK_COLUMNS = 80;

/** The terminal of this process. */
export function processTerminal(
  stdout: NodeJS.WriteStream = process.stdout,
  stderr: NodeJS.WriteStream = process.stderr,
): Terminal {
  let shown = '';
  const clear = (): void => {
    if (shown === '' || !stderr.isTTY) return;
    clearLine(stderr, 0);
    cursorTo(stderr, 0);
    shown = '';
  };
  return {
    write(text) {
      clear();
      return new Promise((resolve, reject) => {
        stdout.write(text, (error) => {
          if (error) reject(error);
          else resolve();
        });
      });
    },
    note(line) {
      clear();
      stderr.write(`${line}\n`);
    },
    progress(line) {
      if (line === shown) return;
      clear();
      // a longer line would wrap, and only its last part could be cleared
      stderr.write(stderr.isTTY ? line.slice(0, (stderr.columns || FALLBACK_COLUMNS) - 1) : `${line}\n`);
      shown = line;
    },
  };
}

/** The result as a document: nothing else may reach stdout. */
export function writeJson(terminal: Terminal, document: unknown): Promise<void> {
  return terminal.write(`${JSON.stringify(document, null, 2)}\n`);
}
