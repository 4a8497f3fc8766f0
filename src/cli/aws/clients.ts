import type { AthenaClient } from '@aws-sdk/client-athena';
import type { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import type { LambdaClient } from '@aws-sdk/client-lambda';
import type { S3Client } from '@aws-sdk/client-s3';
import type { SFNClient } from '@aws-sdk/client-sfn';
import type { SNSClient } from '@aws-sdk/client-sns';
import type { SQSClient } from '@aws-sdk/client-sqs';
import type { STSClient } from '@aws-sdk/client-sts';
import type { GlueClient } from '@aws-sdk/client-glue';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

/**
 * The only place where the command makes AWS clients. Credentials and endpoint come from the environment and the
 * profile alone, so that the same code works on every stage. Each SDK is loaded when it is needed: all of them together
 * take longer to load than most commands take to run.
 */

/** Where clients go when neither environment nor profile says otherwise: the region of serverless.yml. */
const DEFAULT_REGION = 'us-east-1';

/** Settings that every client shares; with a profile the SDK reads the region from it. */
export function clientSettings(env: NodeJS.ProcessEnv = process.env): { region?: string } {
  const region = env['AWS_REGION'] ?? env['AWS_DEFAULT_REGION'];
  if (region !== undefined) return { region };
  return env['AWS_PROFILE'] === undefined ? { region: DEFAULT_REGION } : {};
}

export async function athenaClient(): Promise<AthenaClient> {
  const { AthenaClient } = await import('@aws-sdk/client-athena');
  return new AthenaClient(clientSettings());
}

export async function cloudFormationClient(): Promise<CloudFormationClient> {
  const { CloudFormationClient } = await import('@aws-sdk/client-cloudformation');
  return new CloudFormationClient(clientSettings());
}

export async function cloudWatchClient(): Promise<CloudWatchClient> {
  const { CloudWatchClient } = await import('@aws-sdk/client-cloudwatch');
  return new CloudWatchClient(clientSettings());
}

export async function dynamoClient(): Promise<DynamoDBDocumentClient> {
  const { DynamoDBClient } = await import('@aws-sdk/client-dynamodb');
  const { DynamoDBDocumentClient } = await import('@aws-sdk/lib-dynamodb');
  return DynamoDBDocumentClient.from(new DynamoDBClient(clientSettings()));
}

export async function lambdaClient(): Promise<LambdaClient> {
  const { LambdaClient } = await import('@aws-sdk/client-lambda');
  return new LambdaClient(clientSettings());
}

export async function s3Client(): Promise<S3Client> {
  const { S3Client } = await import('@aws-sdk/client-s3');
  // a bucket as part of the host name does not resolve where an endpoint is given by its address
  const forcePathStyle = process.env['AWS_ENDPOINT_URL'] !== undefined;
  return new S3Client({ ...clientSettings(), forcePathStyle });
}

export async function stepFunctionsClient(): Promise<SFNClient> {
  const { SFNClient } = await import('@aws-sdk/client-sfn');
  return new SFNClient(clientSettings());
}

export async function snsClient(): Promise<SNSClient> {
  const { SNSClient } = await import('@aws-sdk/client-sns');
  return new SNSClient(clientSettings());
}

export async function sqsClient(): Promise<SQSClient> {
  const { SQSClient } = await import('@aws-sdk/client-sqs');
  return new SQSClient(clientSettings());
}

export async function stsClient(): Promise<STSClient> {
  const { STSClient } = await import('@aws-sdk/client-sts');
  return new STSClient(clientSettings());
}

export async function glueClient(): Promise<GlueClient> {
  const { GlueClient } = await import('@aws-sdk/client-glue');
  return new GlueClient(clientSettings());
}
