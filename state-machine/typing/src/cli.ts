import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { Command } from 'commander';
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

const program = new Command('asl').description(
  'Type-checks the data flow of an Amazon States Language definition.',
);

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
    else writeFileSync(options.out, `${svg}\n`);
  });

function verdictOn(file: string, options: Options): Verdict {
  const beside = contractsBeside(file);
  const contracts = options.contracts ?? (beside !== file && existsSync(beside) ? beside : undefined);
  return check(readSource(file, readFileSync(file, 'utf8')), loadContracts(contracts, options.template), {
    strict: options.strict === true,
  });
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

/** The command line; usage and unusable files end with status 2. */
export async function main(): Promise<void> {
  try {
    await program.parseAsync();
  } catch (error) {
    if (!(error instanceof ContractsInvalid || error instanceof NotReadable || isSystemError(error)))
      throw error;
    process.stderr.write(`asl: ${error.message}\n`);
    process.exitCode = 2;
  }
}

const isSystemError = (error: unknown): error is NodeJS.ErrnoException =>
  error instanceof Error && 'code' in error;
