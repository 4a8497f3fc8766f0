import { Command, CommanderError } from 'commander';
import { type CostOptions } from './commands/cost';
import { type DiffOptions } from './commands/diff';
import { type SmokeOptions } from './commands/smoke';
import { type QueryOptions } from './commands/query';
import { type ReportOptions } from './commands/report';
import { DEFAULT_TIMEOUT } from './duration';
import { ExitCode, explain, Interrupted } from './errors';
import { addReleaseCommands } from './release/commands';
import { type EraseOptions, type HoldOptions } from './erase/options';
import { type MaintainOptions } from './maintain/options';
import { type ReplayOptions } from './replay/options';
import { type RollbackOptions } from './rollback/options';
import { type StageOptions } from './stage';
import { processTerminal } from './terminal';

/**
 * The command line. Each command's modules (the AWS SDK above all) are loaded when it runs, so that the help and a
 * usage error answer at once.
 */
const terminal = processTerminal();
const interruption = new AbortController();
const { signal } = interruption;

const program = new Command('lakehouse')
  .description('Loads CSV files into the lakehouse and shows what became of them, on this machine or on AWS.')
  .exitOverride()
  .showHelpAfterError('(lakehouse --help shows the commands)');

function command(usage: string, description: string, parent = program): Command {
  return parent
    .command(usage)
    .description(description)
    .option('--stage <stage>', 'stage to work on', 'local')
    .option('--json', 'print only the document to stdout');
}

command(
  'doctor',
  'check this machine (stage local) or an AWS account, and say how to mend what is missing',
).action(async (options: StageOptions) => {
  const { doctor } = await import('./commands/doctor');
  process.exitCode = await doctor(options, terminal);
});

command('up', 'start the local cloud (stage local) and deploy the service').action(
  async (options: StageOptions) => {
    const { up } = await import('./commands/up');
    await up(options, terminal, signal);
  },
);

command('down', 'end every process of the local cloud; what it stored stays').action(
  async (options: StageOptions) => {
    const { down } = await import('./commands/down');
    await down(options, terminal);
  },
);

command('ingest <paths...>', 'upload CSV files and follow them until each is archived or rejected')
  .option('--timeout <duration>', 'how long to wait, e.g. 90s or 10m', DEFAULT_TIMEOUT)
  .addHelpText(
    'after',
    '\nA folder holds folders named as datasets. A file is of the dataset that its folder, or the beginning of its name, names.\n' +
      'Exit status: 0 all archived or rejected and valid, 1 a file failed or the validation did, 2 usage, 3 still running at the timeout.',
  )
  .action(async (paths: string[], options: StageOptions & { timeout: string }) => {
    const { ingestPaths } = await import('./commands/ingest');
    process.exitCode = await ingestPaths(paths, options, terminal, signal);
  });

command('replay', 'load files again from where they are kept, under their old place in the order of files')
  .option('--file <keys...>', 'files by the key under which they arrived, one version by KEY@fileId')
  .option('--batch <number>', 'files that this batch took last')
  .option('--failed', 'files that are FAILED or WITHDRAWN')
  .option('--from <moment>', 'files that arrived then or later: a date, or a timestamp in UTC')
  .option('--to <moment>', 'files that arrived before then')
  .option('--dry-run', 'only show what would be loaded again')
  .option('--timeout <duration>', 'how long to wait, e.g. 90s or 10m', DEFAULT_TIMEOUT)
  .addHelpText(
    'after',
    '\nFiles that wait or are being loaded are named and left alone. Exit status as of ingest.',
  )
  .action(async (options: ReplayOptions) => {
    const { replayFiles } = await import('./commands/replay');
    process.exitCode = await replayFiles(options, terminal, signal);
  });

command('rollback', 'take back a batch, or a dataset to an earlier version; what else is undone loads again')
  .option('--batch <number>', 'the batch to roll back, by its number in status')
  .option('--table <table>', 'a table whose dataset goes back to --to-version')
  .option('--to-version <number>', 'the version, by its number in status TABLE: the last one of a batch')
  .option('--dry-run', 'only show what would be undone, and what would load again')
  .option('--timeout <duration>', 'how long to wait, e.g. 90s or 10m', DEFAULT_TIMEOUT)
  .addHelpText(
    'after',
    '\nIt is done between loads, as an entry of the log. Files of the batch, or those of the dataset that were loaded since the version, stay\n' +
      'where they are kept and load again by replay --batch: that undoes the rollback. Exit status: 0 the tables are back and every later file is archived or rejected, 1 refused or a file failed,\n' +
      '2 usage, 3 still running at the timeout.',
  )
  .action(async (options: RollbackOptions) => {
    const { rollBack } = await import('./commands/rollback');
    process.exitCode = await rollBack(options, terminal, signal);
  });

command('maintain', 'compact the small files of tables, and remove files that nobody can return to any more')
  .option('--table <table>', 'only this table')
  .option('--dry-run', 'only show what there is to do, by the parameters of the last deploy')
  .option('--timeout <duration>', 'how long to wait, e.g. 90s or 10m', DEFAULT_TIMEOUT)
  .addHelpText(
    'after',
    '\nIt is done between loads, as an entry of the log, and begins nothing more when its budget is used: what is left is done the next\n' +
      'time. Exit status: 0 done or nothing to do, 1 the job of a dataset failed, 2 usage, 3 still running at the timeout.',
  )
  .action(async (options: MaintainOptions) => {
    const { maintainTables } = await import('./commands/maintain');
    process.exitCode = await maintainTables(options, terminal, signal);
  });

command('erase', 'erase a person: rows, older versions, kept files, documents and query results')
  .requiredOption('--user <id>', 'the id of the person, as files write it')
  .option('--timeout <duration>', 'how long to wait, e.g. 90s or 10m', DEFAULT_TIMEOUT)
  .addHelpText(
    'after',
    '\nIt is done between loads, as an entry of the log, and cannot be undone: no version of a table from before it is left. Files that\n' +
      'name the person later bring nothing back. Exit status: 0 erased, 1 refused, 2 usage, 3 still running at the timeout.',
  )
  .action(async (options: EraseOptions) => {
    const { erasePerson } = await import('./commands/erase');
    process.exitCode = await erasePerson(options, terminal, signal);
  });

command('hold', 'the legal holds in force; while there is one, nobody is erased')
  .option('--add <name>', 'put a hold in force')
  .option('--reason <text>', 'why; --add needs it')
  .option('--remove <name>', 'end a hold')
  .action(async (options: HoldOptions) => {
    const { keepHold } = await import('./commands/hold');
    await keepHold(options, terminal);
  });

command(
  'redrive',
  'put the messages of both dead letter queues of arrivals back into the arrival queue',
).action(async (options: StageOptions) => {
  const { redriveMessages } = await import('./commands/redrive');
  await redriveMessages(options, terminal);
});

command('status [table]', 'files by state, batches, tables, waiting rows; for a table its history').action(
  async (table: string | undefined, options: StageOptions) => {
    const { showHistory, showStatus } = await import('./commands/status');
    await (table === undefined ? showStatus(options, terminal) : showHistory(table, options, terminal));
  },
);

command('cost', 'what a day is expected to cost on AWS at list prices, or what a batch has used')
  .option('--files <counts>', 'files of a day, several days by commas', '31,1000,10000')
  .option('--file-bytes <bytes>', 'bytes of a file', '1048576')
  .option('--batch <number>', 'what the job runs and the execution of this batch have used')
  .action(async (options: CostOptions) => {
    const { cost } = await import('./commands/cost');
    await cost(options, terminal);
  });

command('query [sql]', 'run a query through Athena and show every row')
  .option('--named <name>', 'a query that is deployed with the service, instead of SQL')
  .option('--as-of <moment>', 'on the tables as they were: a version of the one table, or a timestamp in UTC')
  .action(async (sql: string | undefined, options: QueryOptions) => {
    const { query } = await import('./commands/query');
    await query(sql, options, terminal, signal);
  });

command('diff <table>', 'rows that were added, changed and removed between two versions of a table')
  .requiredOption('--from <moment>', 'a version, or a timestamp in UTC: the last version until then')
  .option('--to <moment>', 'likewise; without it the newest version')
  .option('--limit <n>', 'rows to show of each kind', '20')
  .addHelpText(
    'after',
    '\nRows are told apart by their key. A row is changed when a value differs; one of which only the lineage differs (the file, line or\n' +
      'batch that wrote it) is not. The lineage shown is that of the row as it is in --to, of a removed one as it was in --from.',
  )
  .action(async (table: string, options: DiffOptions) => {
    const { showDiff } = await import('./commands/diff');
    await showDiff(table, options, terminal, signal);
  });

command('queries', 'the named queries that are deployed, and what each answers').action(
  async (options: StageOptions) => {
    const { listQueries } = await import('./commands/queries');
    await listQueries(options, terminal);
  },
);

command('rejects <dataset>', 'rows that were rejected, with their reasons').action(
  async (dataset: string, options: StageOptions) => {
    const { showRejects } = await import('./commands/rejects');
    await showRejects(dataset, options, terminal, signal);
  },
);

command('smoke', 'land files without rows, follow them to their end and judge the live release')
  .option('--sample', 'land a small sample instead; never on stage prod')
  .option('--timeout <duration>', 'how long to wait, e.g. 90s or 10m', DEFAULT_TIMEOUT)
  .addHelpText(
    'after',
    '\nExit status: 0 every check passed, 1 one did not or an execution failed, 3 not at its end at the timeout.',
  )
  .action(async (options: SmokeOptions) => {
    const { smoke } = await import('./commands/smoke');
    process.exitCode = await smoke(options, terminal, signal);
  });

command('drift', 'compare what is deployed with its template; exit status 1 when somebody changed it').action(
  async (options: StageOptions) => {
    const { showDrift } = await import('./commands/drift');
    process.exitCode = await showDrift(options, terminal, signal);
  },
);

command('notify <subject>', 'tell the subscribers of the alerts, e.g. how a deploy ended')
  .option('--text <text>', 'more than the subject')
  .action(async (subject: string, options: StageOptions & { text?: string }) => {
    const { notify } = await import('./commands/notify');
    await notify(subject, options, terminal);
  });

addReleaseCommands(
  program.command('release').description('what is live, and the way back (docs/adr/0020)'),
  command,
  terminal,
);

program
  .command('report')
  .description(
    'write what became of everything into one HTML file: run, files, rows, rejects, tables, lineage',
  )
  .option('--stage <stage>', 'stage to report on', 'local')
  .option('--out <file>', 'where to write it', 'lakehouse-report.html')
  .option('--open', 'show it in the browser')
  .action(async (options: ReportOptions) => {
    const { writeReport } = await import('./commands/report');
    await writeReport(options, terminal, signal);
  });

program
  .command('sample <dir>')
  .description('write sample files into a new folder')
  .option('--products <n>', 'number of products')
  .option('--orders <n>', 'number of orders; items are about 3.5 times as many')
  .option('--days <n>', 'number of days')
  .option('--seed <n>', 'the same seed gives the same bytes')
  .option('--defects <share>', 'share of spoilt rows, 0 to 1; 0 gives clean files only')
  .option('--expected <file>', 'also write what loading it into empty tables has to give, as JSON')
  .action(async (dir: string, options: Record<string, string>) => {
    const { runSample } = await import('../sample/command');
    await runSample(dir, options, terminal, signal);
  });

async function main(): Promise<void> {
  const interrupt = (): void => {
    // a second Ctrl-C ends the process at once, as if nobody listened
    process.removeAllListeners('SIGINT');
    interruption.abort(new Interrupted());
  };
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', interrupt);
  try {
    await program.parseAsync();
  } catch (error) {
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode === 0 ? ExitCode.ok : ExitCode.usage;
      return;
    }
    const { exitCode, message } = explain(signal.aborted ? signal.reason : error);
    terminal.note(`lakehouse: ${message}`);
    process.exitCode = exitCode;
  } finally {
    process.removeListener('SIGINT', interrupt);
    process.removeListener('SIGTERM', interrupt);
  }
}

void main();
