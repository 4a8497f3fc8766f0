/** A local cloud to break: delivers files, lets it come to rest, and reads what came of them. */
import { AthenaClient } from '@aws-sdk/client-athena';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GlueClient } from '@aws-sdk/client-glue';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { ListExecutionsCommand, SFNClient, StopExecutionCommand } from '@aws-sdk/client-sfn';
import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { fileIdOf } from '../../src/arrival/versions';
import { athenaWith } from '../../src/cli/aws/athena';
import { readOutputsWith } from '../../src/cli/aws/stackOutputs';
import { runQuery } from '../../src/cli/query/athena';
import { readStack, type Stack } from '../../src/cli/stack';
import { tables } from '../../src/contract/contracts';
import { tableVersion } from '../../src/delta/tableVersion';
import { glueJobRuns, type JobRun } from '../../src/job/jobRuns';
import { readFiles } from '../../src/ledger/files';
import type { ControlItem, FileItem } from '../../src/ledger/items';
import { ensureControl } from '../../src/ledger/lease';
import { s3Objects } from '../../src/objects/s3Objects';
import { dynamoStore } from '../../src/store/dynamoStore';
import type { Store } from '../../src/store/store';
import { Lakehouse, succeeded, until } from '../e2e/lakehouse';
import { redefine } from '../e2e/redefine';

/** For so long nothing may be at work before a sweep is thought to be needed. */
const QUIET_MS = 1_500;
const MOST_SWEEPS = 8;

export class Lab {
  readonly cloud = new Lakehouse();
  private stackFound: Stack | undefined;

  async open(): Promise<void> {
    await this.cloud.up();
    const cloudFormation = new CloudFormationClient(this.cloud.client);
    this.stackFound = await readStack('local', readOutputsWith(cloudFormation));
  }

  close(): Promise<void> {
    return this.cloud.remove();
  }

  /** Starts the cloud again once it is dead. */
  async restart(): Promise<void> {
    const { pid } = this.cloud;
    await until('the cloud is dead', () => !isAlive(pid));
    succeeded(await this.cloud.lakehouse('status', '--json'));
  }

  /** Waits until nobody holds the lease. */
  untilFree(): Promise<void> {
    return until('a free lease', async () => (await this.control()).owner === undefined);
  }

  /** Uploads an object; the id of its version in the ledger. */
  async put(key: string, body: string): Promise<string> {
    const s3 = new S3Client({ ...this.cloud.client, forcePathStyle: true });
    const Bucket = this.stack.LandingBucket;
    const { VersionId = '' } = await s3.send(new PutObjectCommand({ Bucket, Key: key, Body: body }));
    return fileIdOf(Bucket, key, VersionId);
  }

  files(fileIds: readonly string[]): Promise<Map<string, FileItem>> {
    return readFiles(this.ledger, fileIds);
  }

  control(): Promise<ControlItem> {
    return ensureControl(this.ledger);
  }

  /**
   * Waits until every file has its end, no entry is open, the lease is free and nothing runs; sweeps, as the schedule
   * would, whenever all is quiet before that.
   *
   * @returns how many sweeps it took.
   */
  async rest(fileIds: readonly string[], seconds: number): Promise<number> {
    let sweeps = 0;
    let quietSince = Date.now();
    await until(
      `rest of ${fileIds.length} files`,
      async () => {
        if (await this.isAtWork()) {
          quietSince = Date.now();
          return false;
        }
        if (await this.isDone(fileIds)) return true;
        if (Date.now() - quietSince < QUIET_MS) return false;
        if (sweeps === MOST_SWEEPS) throw new Error(await this.describe(fileIds));
        sweeps += 1;
        await this.sweep();
        quietSince = Date.now();
        return false;
      },
      seconds,
    ).catch(async (error: unknown) => {
      throw new Error(await this.describe(fileIds), { cause: error });
    });
    return sweeps;
  }

  async sweep(): Promise<void> {
    const lambda = new LambdaClient(this.cloud.client);
    const FunctionName = this.stack.DetectArrivalFunction;
    await lambda.send(new InvokeCommand({ FunctionName, Payload: JSON.stringify({ sweep: true }) }));
  }

  /** Loads every file of the ledger again, by the command that people use. */
  async replayEverything(): Promise<void> {
    succeeded(await this.cloud.lakehouse('replay', '--from', '2000-01-01', '--json', '--timeout', '10m'));
    await this.rest([], 240);
  }

  async query(sql: string): Promise<Record<string, string | null>[]> {
    const athena = athenaWith(new AthenaClient(this.cloud.client), this.stack);
    const { columns, rows } = await runQuery(athena, sql, new AbortController().signal);
    const found: Record<string, string | null>[] = [];
    for await (const row of rows) {
      found.push(Object.fromEntries(columns.map(({ name }, index) => [name, row[index] ?? null])));
    }
    return found;
  }

  /** The version of every table. */
  async versions(): Promise<Record<string, number | null>> {
    const objects = s3Objects(new S3Client({ ...this.cloud.client, forcePathStyle: true }));
    const found = tables.map(
      async ({ name }) => [name, await tableVersion(objects, this.stack.WarehouseBucket, name)] as const,
    );
    return Object.fromEntries(await Promise.all(found));
  }

  /** Runs of a dataset's job, the newest first. */
  runs(dataset: string): Promise<JobRun[]> {
    return glueJobRuns(new GlueClient(this.cloud.client)).latest(`${this.stack.JobNamePrefix}${dataset}`);
  }

  /** Ends whatever execution runs, as an operator or an outage of Step Functions would. */
  async abortExecutions(): Promise<void> {
    const sfn = new SFNClient(this.cloud.client);
    for (const executionArn of await this.executions())
      await sfn.send(new StopExecutionCommand({ executionArn }));
  }

  /** How long the state machine waits for a job, for executions from now on: the parameter jobTaskTimeoutSeconds. */
  setJobTimeout(seconds: number): Promise<void> {
    return this.setTimeouts(isJobState, seconds);
  }

  /** How long it waits for the answer of a function. */
  setFunctionTimeout(name: string, seconds: number): Promise<void> {
    return this.setTimeouts((state) => calls(state, name), seconds);
  }

  private setTimeouts(isMeant: (state: unknown) => boolean, seconds: number): Promise<void> {
    const { StateMachineArn: machine, LiveAliasArn: alias } = this.stack;
    return redefine(new SFNClient(this.cloud.client), { machine, alias }, (definition) =>
      JSON.parse(JSON.stringify(definition), (_, value: unknown): unknown =>
        isMeant(value) ? { ...(value as object), TimeoutSeconds: seconds } : value,
      ),
    );
  }

  private get stack(): Stack {
    if (this.stackFound === undefined) throw new Error('the lab is not open');
    return this.stackFound;
  }

  private get ledger(): Store {
    const client = DynamoDBDocumentClient.from(new DynamoDBClient(this.cloud.client));
    return dynamoStore(client, this.stack.LedgerTable);
  }

  private async executions(): Promise<string[]> {
    const { executions = [] } = await new SFNClient(this.cloud.client).send(
      new ListExecutionsCommand({ stateMachineArn: this.stack.StateMachineArn, statusFilter: 'RUNNING' }),
    );
    return executions.flatMap(({ executionArn }) => executionArn ?? []);
  }

  private async isAtWork(): Promise<boolean> {
    if ((await this.executions()).length > 0) return true;
    const { Attributes = {} } = await new SQSClient(this.cloud.client).send(
      new GetQueueAttributesCommand({
        QueueUrl: this.stack.ArrivalQueueUrl,
        AttributeNames: ['ApproximateNumberOfMessages'],
      }),
    );
    return Attributes['ApproximateNumberOfMessages'] !== '0';
  }

  private async isDone(fileIds: readonly string[]): Promise<boolean> {
    const { owner, openEntry, arrived, planned } = await this.control();
    if (owner !== undefined || openEntry !== undefined || arrived !== planned) return false;
    const files = await this.files(fileIds);
    return fileIds.every((fileId) => !['PENDING', 'PLANNED'].includes(files.get(fileId)?.state ?? 'PENDING'));
  }

  private async describe(fileIds: readonly string[]): Promise<string> {
    const files = [...(await this.files(fileIds)).values()].map(({ key, state, batch }) => ({
      key,
      state,
      batch,
    }));
    return `it does not come to rest: ${JSON.stringify({ control: await this.control(), files }, null, 1)}`;
  }
}

function isJobState(value: unknown): value is object {
  return (
    typeof value === 'object' &&
    value !== null &&
    'Resource' in value &&
    value.Resource === 'arn:aws:states:::glue:startJobRun.sync'
  );
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

function calls(state: unknown, name: string): boolean {
  const { Resource, Arguments } = (state ?? {}) as {
    Resource?: string;
    Arguments?: { FunctionName?: string };
  };
  return Resource?.includes('lambda:invoke') === true && Arguments?.FunctionName?.includes(name) === true;
}
