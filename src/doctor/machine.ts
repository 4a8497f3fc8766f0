import { type Finding, fine, look, wrong } from './finding';

/** What a laptop tells about itself. */
export interface Machine {
  readonly nodeVersion: string;
  readonly platform: string;
  /** Version of a Python that fits; rejects when none does, and says what to install. */
  readonly python: () => Promise<string>;
  /** Home of a Java 17; undefined when the set-up has to install one. */
  readonly java: () => Promise<string | undefined>;
  /** Whether packages, environments and jars are installed already. */
  readonly installed: boolean;
  /** Bytes free where the project is. */
  readonly freeDisk: () => Promise<number>;
  /** Bytes of main memory. */
  readonly memory: number;
  /** Rejects when no port of 127.0.0.1 can be listened on. */
  readonly listen: () => Promise<void>;
}

const OLDEST_NODE = 20;
const GB = 1e9;
/** The set-up takes over 1 GB (docs/measurements.md); the rest is for tables, logs and Spark's scratch files. */
const DISK_TO_INSTALL = 3 * GB;
const DISK_TO_RUN = 1 * GB;
/** The JVM of the jobs was measured at 1 GB and may take 2 (docs/measurements.md); local cloud and Node come on top. */
const MEMORY = 4 * GB;

const gigabytes = (bytes: number): string => `${(bytes / GB).toFixed(1)} GB`;

/** Whether a laptop can run the local cloud. */
export async function examineMachine(machine: Machine): Promise<Finding[]> {
  const { nodeVersion, platform, installed, memory } = machine;
  const least = installed ? DISK_TO_RUN : DISK_TO_INSTALL;
  return [
    Number(nodeVersion.split('.')[0]) >= OLDEST_NODE
      ? fine('node', nodeVersion)
      : wrong('node', nodeVersion, `install Node ${OLDEST_NODE} or newer: https://nodejs.org`),
    platform === 'linux' || platform === 'darwin'
      ? fine('system', platform)
      : wrong('system', platform, 'use Linux, macOS or, on Windows, WSL 2'),
    await look('python', 'install Python 3.10, 3.11 or 3.12', async () =>
      fine('python', await machine.python()),
    ),
    await look('java', 'npm start installs a Java 17', async () =>
      fine('java', (await machine.java()) ?? 'none: the set-up installs one into the project'),
    ),
    await look('disk', 'check the disk', async () => {
      const free = await machine.freeDisk();
      return free >= least
        ? fine('disk', `${gigabytes(free)} free`)
        : wrong('disk', `${gigabytes(free)} free`, `make ${gigabytes(least)} free where the project is`);
    }),
    memory >= MEMORY
      ? fine('memory', gigabytes(memory))
      : wrong('memory', gigabytes(memory), `Spark needs a machine with ${gigabytes(MEMORY)} or more`),
    await look('port', 'allow programs to listen on 127.0.0.1 (firewall, container)', async () => {
      await machine.listen();
      return fine('port', '127.0.0.1 can be listened on');
    }),
  ];
}
