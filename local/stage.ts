import { devNull } from 'node:os';
import { findLocalCloud, startLocalCloud } from './instance';
import { install } from './setup/install';
import { PROJECT } from './setup/toolchain';

/** The stage that lives on this machine. */
export const LOCAL_STAGE = 'local';

const REGION = 'us-east-1';

/** What osls would send requests to 127.0.0.1 through. */
const PROXIES = ['proxy', 'http_proxy', 'https_proxy', 'HTTP_PROXY', 'HTTPS_PROXY'];

/**
 * The environment with which every AWS client talks to the local cloud and cannot reach AWS: no profile, role,
 * endpoint of a single service or session token of the caller is left in it.
 */
export function localEnvironment(env: NodeJS.ProcessEnv, endpoint: string): NodeJS.ProcessEnv {
  const own = Object.entries(env).filter(([name]) => !name.startsWith('AWS_') && !PROXIES.includes(name));
  return {
    ...Object.fromEntries(own),
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: REGION,
    AWS_DEFAULT_REGION: REGION,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_EC2_METADATA_DISABLED: 'true',
    // a "services" section of the user's own files may hold endpoints
    AWS_CONFIG_FILE: devNull,
    AWS_SHARED_CREDENTIALS_FILE: devNull,
  };
}

/** Puts an environment in the place of this process's own. */
function replaceEnvironment(environment: NodeJS.ProcessEnv): void {
  for (const name of Object.keys(process.env)) {
    if (!(name in environment)) Reflect.deleteProperty(process.env, name);
  }
  Object.assign(process.env, environment);
}

/**
 * Makes a stage usable from this process. For stage `local` the set-up and the local cloud are brought up when they
 * are not, and this process is pointed to it; for any other stage nothing is done and the caller's credentials count.
 *
 * @throws {SetupError | LocalCloudError} when the local cloud cannot be had; the message says what to do
 */
export async function prepareStage(stage: string): Promise<void> {
  if (stage !== LOCAL_STAGE) return;
  let cloud = await findLocalCloud(PROJECT);
  if (!cloud) {
    await install({ dev: false });
    process.stderr.write('local cloud: starting ...\n');
    cloud = await startLocalCloud(PROJECT);
    process.stderr.write(`local cloud: runs at ${cloud.endpoint}\n`);
  }
  replaceEnvironment(localEnvironment(process.env, cloud.endpoint));
}
