import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { cpuSeconds, peakMegabytes, resetPeaks } from './processTree';
import { type Cost } from './results';

/** How a worker is started. */
export interface Program {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
}

/** What a request cost, and what the worker answered. */
export interface Answer {
  readonly cost: Cost;
  readonly facts: unknown;
}

const KEPT_CHARACTERS = 4_000;

/**
 * A process that does one request after the other: a JSON document a line on its standard input, an answer a line on its
 * descriptor 3 (bench/workers/protocol.py). Its costs are read from the process tree; it dies with this process.
 */
export class Worker {
  private readonly child: ChildProcess;
  private readonly answers: AsyncIterator<string>;
  private readonly begin = performance.now();
  private readonly closed: Promise<unknown>;
  private errors = '';
  private used = false;

  constructor(private readonly program: Program) {
    // a group of its own, so that the JVM that a worker starts can be ended with it
    this.child = spawn(program.command, program.args, {
      detached: true,
      env: program.env,
      stdio: ['pipe', 'ignore', 'pipe', 'pipe'],
    });
    // before the handler that removes the files, or a worker would go on writing into the removed folder
    process.prependOnceListener('exit', this.kill);
    this.closed = once(this.child, 'close');
    this.child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.errors = (this.errors + text).slice(-KEPT_CHARACTERS);
    });
    const [, , , answers] = this.child.stdio;
    if (!(answers instanceof Readable)) throw new Error('the worker has no descriptor 3');
    this.answers = createInterface(answers)[Symbol.asyncIterator]();
  }

  /**
   * Sends a request and waits for its end. The first one costs everything since the start of the process, each later one
   * only itself.
   *
   * @throws Error with the end of the worker's output when it dies
   */
  async request(request: object): Promise<Answer> {
    const pid = this.child.pid ?? 0;
    const cold = !this.used;
    this.used = true;
    if (!cold) resetPeaks(pid);
    const cpuBefore = cold ? 0 : cpuSeconds(pid);
    const wallBefore = cold ? this.begin : performance.now();
    this.child.stdin?.write(`${JSON.stringify(request)}\n`);
    const next: IteratorResult<string, unknown> = await this.answers.next();
    if (next.done === true) {
      await this.closed;
      throw new Error(`${this.program.args.join(' ')} has ended:\n${this.errors}`);
    }
    const cost = {
      cpuSeconds: cpuSeconds(pid) - cpuBefore,
      wallSeconds: (performance.now() - wallBefore) / 1_000,
      peakMegabytes: peakMegabytes(pid),
    };
    const facts: unknown = JSON.parse(next.value);
    return { cost, facts };
  }

  /** Lets the worker end, and waits for it. */
  async stop(): Promise<void> {
    this.child.stdin?.end();
    await this.closed;
    process.off('exit', this.kill);
  }

  private readonly kill = (): void => {
    if (this.child.pid === undefined) return;
    try {
      process.kill(-this.child.pid, 'SIGKILL');
    } catch {
      // it has ended
    }
  };
}
