import { delimiter, dirname, join } from 'node:path';
import { run } from '../local/setup/program';
import { PROJECT, type Toolchain } from '../local/setup/toolchain';
import { pythonOf, venvs } from '../local/setup/venv';
import { type PeerName } from './results';
import { type Program } from './worker';

/** A way to do the work. */
export interface Peer {
  readonly name: PeerName;
  readonly title: string;
  /** Whether it is also measured in a process that has loaded before. */
  readonly warm: boolean;
  /** Whether its tables must equal ours; undefined: it keeps no tables. */
  readonly mustEqual?: boolean;
}

export const peers: readonly Peer[] = [
  { name: 'ours', title: 'ours', warm: true, mustEqual: true },
  { name: 'naive', title: 'naive Spark', warm: true, mustEqual: false },
  { name: 'tunedNaive', title: 'naive Spark, our settings', warm: false, mustEqual: false },
  { name: 'duckdb', title: 'DuckDB + delta-rs', warm: true, mustEqual: true },
  { name: 'limit', title: 'bare limit', warm: true },
];

const SCRIPTS: Readonly<Record<PeerName, readonly [script: string, ...args: string[]]>> = {
  ours: ['ours.py'],
  naive: ['naive.py'],
  tunedNaive: ['naive.py', '--tuned'],
  duckdb: ['duck.py'],
  limit: ['limit.py'],
};

/** Folder of Spark's settings below a worker's folder for temporary files. */
const CONFIGURATION = 'conf';

/** No job of the benchmark of loads speaks to S3. */
const NO_CLOUD = 'http://127.0.0.1:9';

/** Writes the settings of the local cloud's jobs into the folder for temporary files, where the workers look. */
export async function prepareScratch(
  toolchain: Toolchain,
  scratch: string,
  endpoint = NO_CLOUD,
): Promise<void> {
  const script = join(PROJECT, 'bench', 'workers', 'spark_defaults.py');
  const args = [script, join(scratch, CONFIGURATION), scratch, toolchain.jars, endpoint];
  await run(toolchain.localPython, args, { env: environment(toolchain, scratch) });
}

function environment(toolchain: Toolchain, scratch: string): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(SPARK|PYSPARK|PYTHON|HADOOP)/u.test(name),
  );
  const sources = ['bench/workers', 'glue', 'local', 'tests/glue'].map((folder) => join(PROJECT, folder));
  return {
    ...Object.fromEntries(inherited),
    PATH: [join(toolchain.javaHome, 'bin'), process.env['PATH'] ?? ''].join(delimiter),
    JAVA_HOME: toolchain.javaHome,
    PYSPARK_PYTHON: toolchain.gluePython,
    PYTHONPATH: sources.join(delimiter),
    PYTHONDONTWRITEBYTECODE: '1',
    PYTHONNOUSERSITE: '1',
    TMPDIR: scratch,
    TZ: 'UTC',
  };
}

/** How the worker of a peer is started; `scratch` is its folder for temporary files. */
export function programOf(name: PeerName, toolchain: Toolchain, scratch: string): Program {
  const [script, ...args] = SCRIPTS[name];
  const isSpark = script === 'ours.py' || script === 'naive.py';
  return {
    command: isSpark ? toolchain.gluePython : pythonOf(venvs(PROJECT).bench),
    args: [join(PROJECT, 'bench', 'workers', script), scratch, ...args],
    env: {
      ...environment(toolchain, scratch),
      ...(name === 'naive' ? {} : { SPARK_CONF_DIR: join(scratch, CONFIGURATION) }),
    },
  };
}

/** The worker that compares end states. */
export function digestProgram(toolchain: Toolchain, scratch: string): Program {
  const { args, ...rest } = programOf('duckdb', toolchain, scratch);
  return {
    ...rest,
    args: args.map((arg) => (arg.endsWith('duck.py') ? join(dirname(arg), 'digest.py') : arg)),
  };
}

/** The worker that reads whole files through the S3 of a local cloud. */
export async function readTextProgram(
  toolchain: Toolchain,
  scratch: string,
  endpoint: string,
): Promise<Program> {
  await prepareScratch(toolchain, scratch, endpoint);
  const { args, ...rest } = programOf('ours', toolchain, scratch);
  return {
    ...rest,
    args: args.map((arg) => (arg.endsWith('ours.py') ? join(dirname(arg), 'read_text.py') : arg)),
  };
}
