import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { check, type Verdict } from './check';
import { NotReadable, readSource } from './document/read';
import { type Finding, toLine } from './findings';
import { ContractsInvalid, contractsBeside, loadContracts } from './loadContracts';
import { typesAsJson, typesAsText } from './printTypes';

interface Options {
  readonly contracts?: string;
  readonly template?: string;
  readonly json?: true;
  readonly strict?: true;
  readonly out?: string;
  readonly check?: string;
}

const print = (text: string): void => {
  process.stdout.write(`${text}\n`);
};

/** A file cannot be used; the message says which and why. */
class FileUnusable extends Error {
  override readonly name = 'FileUnusable';
}

const program = new Command('asl')
  .description('Type-checks the data flow of an Amazon States Language definition.')
  .exitOverride();

function command(name: string, description: string): Command {
  return program
    .command(`${name} <file>`)
    .description(description)
    .option(
      '--contracts <file>',
      'schemas of the start event and of the functions (default: <name>.contracts.json)',
    )
    .option(
      '--template <file>',
      'compiled CloudFormation template: look up jobs, functions, tables and topics',
    )
    .option('--strict', 'also report what cannot be typed');
}

command('check', 'one line per finding; exit status 1 if there are any')
  .option('--json', 'print the findings as JSON')
  .action((file: string, options: Options) => {
    const findings = findingsOf(file, options);
    if (options.json) print(JSON.stringify(findings, null, 2));
    else for (const finding of findings) print(toLine(finding));
    process.exitCode = findings.length === 0 ? 0 : 1;
  });

command('types', 'input, variables and output of every state')
  .option('--json', 'print them as JSON Schema')
  .action((file: string, options: Options) => {
    const { types } = verdictOn(file, options);
    print(options.json ? JSON.stringify(typesAsJson(types), null, 2) : typesAsText(types));
  });

command('graph', 'the machine as SVG, with the types on its edges')
  .option('--out <file>', 'write it there instead of to stdout')
  .option('--check <file>', 'exit with status 1 if that file holds another drawing')
  .action(async (file: string, options: Options) => {
    const { drawMachine } = await import('./drawing/svg');
    const svg = await drawMachine(verdictOn(file, options));
    if (options.check !== undefined) {
      if (existsSync(options.check) && readFileSync(options.check, 'utf8') === `${svg}\n`) return;
      print(
        `${options.check} does not show ${file} as it is: write it with asl graph ${file} --out ${options.check}`,
      );
      process.exitCode = 1;
      return;
    }
    if (options.out === undefined) print(svg);
    else
      using(options.out, (path) => {
        writeFileSync(path, `${svg}\n`);
      });
  });

function verdictOn(file: string, options: Options): Verdict {
  const beside = contractsBeside(file);
  const contracts = options.contracts ?? (beside !== file && existsSync(beside) ? beside : undefined);
  const text = using(file, (path) => readFileSync(path, 'utf8'));
  return check(readSource(file, text), loadContracts(contracts, options.template), {
    strict: options.strict === true,
  });
}

function using<Result>(file: string, act: (file: string) => Result): Result {
  try {
    return act(file);
  } catch (cause) {
    throw new FileUnusable(`${file}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}

function findingsOf(file: string, options: Options): readonly Finding[] {
  try {
    return verdictOn(file, options).findings;
  } catch (error) {
    if (!(error instanceof NotReadable)) throw error;
    const { line, column, message } = error;
    return [
      {
        check: 'syntax',
        file,
        line,
        column,
        state: undefined,
        expression: undefined,
        message,
        mend: 'correct the file',
      },
    ];
  }
}

/** The command line; wrong usage and files that cannot be used end with status 2. */
export async function main(): Promise<void> {
  try {
    await program.parseAsync();
  } catch (error) {
    process.exitCode = error instanceof CommanderError && error.exitCode === 0 ? 0 : 2;
    // what is wrong with the usage is printed already
    if (!(error instanceof CommanderError)) process.stderr.write(`asl: ${reasonOf(error)}\n`);
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof NotReadable) return `${error.file}:${error.line}:${error.column}: ${error.message}`;
  if (error instanceof ContractsInvalid || error instanceof FileUnusable) return error.message;
  throw error;
}
