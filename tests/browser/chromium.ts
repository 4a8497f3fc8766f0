import { type ChildProcess, spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { accessSync, constants, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Readable, Writable } from 'node:stream';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];
const MAC = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome';

/** How to get one, for whoever has none. */
export const HOW_TO_GET =
  'no Chromium was found. Install one (Debian, Ubuntu: apt-get install chromium; macOS: Google Chrome), or name its program ' +
  'in the environment variable CHROMIUM';

/**
 * The program of a Chromium: what CHROMIUM names, or the first that is installed; undefined when there is none.
 *
 * @throws Error when CHROMIUM names nothing that can be run: who asks for it must not be told that it was skipped.
 */
export function findChromium(env: NodeJS.ProcessEnv = process.env): string | undefined {
  const folders = (env['PATH'] ?? '').split(path.delimiter).filter((folder) => folder !== '');
  const inPath = (name: string): string[] => folders.map((folder) => path.join(folder, name));
  const { CHROMIUM: asked = '' } = env;
  if (asked === '') return [...NAMES.flatMap(inPath), MAC].find(isProgram);
  const found = [asked, ...(asked.includes(path.sep) ? [] : inPath(asked))].find(isProgram);
  if (found === undefined) throw new Error(`CHROMIUM names ${asked}, which is no program`);
  return found;
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return path.isAbsolute(file);
  } catch {
    return false;
  }
}

/** What Chromium says by itself: https://chromedevtools.github.io/devtools-protocol/ */
export interface Told {
  readonly method: string;
  readonly params: Readonly<Record<string, unknown>>;
}

interface Message extends Partial<Told> {
  readonly id?: number;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
}

interface Waiting {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
}

/**
 * A headless Chromium of its own profile, asked over two pipes by the DevTools protocol: no port, no package, and nothing of the
 * network is open to it but what a page would ask for.
 */
export class Chromium {
  /** Everything that it has told since the last page was opened. */
  readonly told: Told[] = [];
  private readonly events = new EventEmitter();
  private readonly waiting = new Map<number, Waiting>();
  private readonly profile = mkdtempSync(path.join(tmpdir(), 'lakehouse-chromium-'));
  private readonly child: ChildProcess;
  private readonly ended: Promise<void>;
  private last = 0;
  private session: string | undefined;
  private rest = '';

  constructor(program: string) {
    const flags = ['--headless', '--remote-debugging-pipe', '--disable-gpu', '--no-first-run'];
    // root has no sandbox to run it in; the pages are the tests' own
    const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
    const args = [...flags, ...sandbox, `--user-data-dir=${this.profile}`, 'about:blank'];
    this.child = spawn(program, args, { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] });
    this.ended = new Promise((resolve) => {
      this.child.once('close', () => {
        for (const { reject } of this.waiting.values()) reject(new Error('Chromium ended'));
        resolve();
      });
    });
    this.output.setEncoding('utf8').on('data', (text: string) => {
      const [first = '', ...others] = text.split('\0');
      const messages = [this.rest + first, ...others];
      this.rest = messages.pop() ?? '';
      for (const message of messages) this.hear(JSON.parse(message) as Message);
    });
  }

  /** Opens an empty page, and what `ask` is about from then on. */
  async newPage(): Promise<void> {
    this.session = undefined;
    const { targetId } = await this.ask<{ targetId: string }>('Target.createTarget', { url: 'about:blank' });
    const attach = { targetId, flatten: true };
    const { sessionId } = await this.ask<{ sessionId: string }>('Target.attachToTarget', attach);
    this.session = sessionId;
    for (const domain of ['Page', 'Runtime', 'Network', 'Log']) await this.ask(`${domain}.enable`);
    this.told.length = 0;
  }

  /** Opens a file and waits until it is loaded. */
  async open(url: string): Promise<void> {
    const loaded = this.toldNext('Page.loadEventFired');
    await this.ask('Page.navigate', { url });
    await loaded;
  }

  /** Waits until it tells of that the next time. */
  async toldNext(method: string): Promise<void> {
    await once(this.events, method);
  }

  /** Calls a method of the protocol. @throws Error with what Chromium has to say against it. */
  async ask<T>(method: string, params: Readonly<Record<string, unknown>> = {}): Promise<T> {
    const id = ++this.last;
    const session = this.session === undefined ? {} : { sessionId: this.session };
    const answer = new Promise<unknown>((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
    });
    this.input.write(`${JSON.stringify({ id, method, params, ...session })}\0`);
    return (await answer) as T;
  }

  /** The value of an expression in the page, beside its policy on scripts. @throws Error that the expression has thrown. */
  async value<T>(expression: string): Promise<T> {
    const { result, exceptionDetails } = await this.ask<Evaluated<T>>('Runtime.evaluate', {
      ...{ expression, awaitPromise: true, returnByValue: true },
    });
    if (exceptionDetails !== undefined)
      throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    return result.value;
  }

  async close(): Promise<void> {
    this.session = undefined;
    this.ask('Browser.close').catch(() => undefined);
    await this.ended;
    rmSync(this.profile, { recursive: true, force: true });
  }

  private get input(): Writable {
    return this.child.stdio[3] as Writable;
  }

  private get output(): Readable {
    return this.child.stdio[4] as Readable;
  }

  private hear({ id, method, params = {}, result, error }: Message): void {
    if (method !== undefined) {
      this.told.push({ method, params });
      this.events.emit(method);
    }
    if (id === undefined) return;
    const waiting = this.waiting.get(id);
    this.waiting.delete(id);
    if (error === undefined) waiting?.resolve(result);
    else waiting?.reject(new Error(error.message));
  }
}

interface Evaluated<T> {
  readonly result: { readonly value: T };
  readonly exceptionDetails?: {
    readonly text: string;
    readonly exception?: { readonly description?: string };
  };
}
