import { type Finding, fine, look, wrong } from './finding';

/** What an AWS account tells about itself. */
export interface Account {
  readonly region: () => Promise<string>;
  readonly identity: () => Promise<{ readonly account: string; readonly arn: string }>;
  /** `free`, `ours`, or `taken` by another account or in another region. */
  readonly bucket: (name: string, account: string) => Promise<'free' | 'ours' | 'taken'>;
  readonly lambdaLimits: () => Promise<{ readonly concurrency: number; readonly freeCodeBytes: number }>;
  /** Glue version of a deployed job; undefined where none is deployed. */
  readonly glueVersion: (job: string) => Promise<string | undefined>;
}

export interface Deployment {
  readonly stage: string;
  readonly buckets: readonly string[];
  readonly job: string;
  readonly glueVersion: string;
}

/** Ten functions, of which detectArrival and the chunks of checkHeaders run many at a time. */
const CONCURRENCY = 50;
/** Some releases of 8 MB each. */
const CODE_BYTES = 200e6;

/** Whether a stage can be deployed to an account. */
export async function examineAccount(account: Account, deployment: Deployment): Promise<Finding[]> {
  const login = 'log in (AWS_PROFILE, aws sso login) and name a region (AWS_REGION)';
  let id = '';
  const first = [
    await look('region', login, async () => fine('region', await account.region())),
    await look('credentials', login, async () => {
      const { account: number, arn } = await account.identity();
      id = number;
      return fine('credentials', arn);
    }),
  ];
  if (id === '') return first;
  const buckets = deployment.buckets.map((prefix) => {
    const name = `${prefix}-${deployment.stage}-${id}`;
    return look(`bucket ${name}`, 's3:ListBucket is needed to look', async () => {
      const state = await account.bucket(name, id);
      if (state !== 'taken') return fine(`bucket ${name}`, state);
      return wrong(
        `bucket ${name}`,
        'taken, by another account or in another region',
        'choose another stage name: bucket names are global',
      );
    });
  });
  return [...first, ...(await Promise.all([...buckets, lambda(account), glue(account, deployment)]))];
}

function lambda(account: Account): Promise<Finding> {
  return look('lambda', 'lambda:GetAccountSettings is needed to look', async () => {
    const { concurrency, freeCodeBytes } = await account.lambdaLimits();
    const found = `${concurrency} concurrent calls, ${Math.round(freeCodeBytes / 1e6)} MB of code left`;
    if (concurrency < CONCURRENCY) {
      return wrong('lambda', found, `ask Service Quotas for ${CONCURRENCY} concurrent executions or more`);
    }
    return freeCodeBytes < CODE_BYTES
      ? wrong('lambda', found, 'delete old versions: npx lakehouse release prune')
      : fine('lambda', found);
  });
}

/** No API lists the versions of a region, so only a job that is deployed can tell. */
function glue(account: Account, { job, glueVersion }: Deployment): Promise<Finding> {
  return look('glue', 'glue:GetJob is needed to look', async () => {
    const found = await account.glueVersion(job);
    if (found === undefined) {
      return fine('glue', `not deployed; the deploy says if the region does not offer Glue ${glueVersion}`);
    }
    return found === glueVersion
      ? fine('glue', found)
      : wrong('glue', found, `the jobs are made for Glue ${glueVersion}: deploy this version`);
  });
}
