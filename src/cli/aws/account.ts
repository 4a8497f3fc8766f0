import { EntityNotFoundException, GetJobCommand } from '@aws-sdk/client-glue';
import { GetAccountSettingsCommand } from '@aws-sdk/client-lambda';
import { HeadBucketCommand, S3ServiceException } from '@aws-sdk/client-s3';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { type Account } from '../../doctor/account';
import { glueClient, lambdaClient, s3Client, stsClient } from './clients';

/** Somebody else's, or, answered with a redirection, in another region. */
const ELSEWHERE: readonly (number | undefined)[] = [403, 301];
const NOT_FOUND = 404;

/** The account that the credentials of this process belong to. */
export async function accountOfCaller(): Promise<Account> {
  const [sts, s3, lambda, glue] = await Promise.all([stsClient(), s3Client(), lambdaClient(), glueClient()]);
  return {
    region: () => sts.config.region(),
    async identity() {
      const { Account: account = '', Arn: arn = '' } = await sts.send(new GetCallerIdentityCommand());
      return { account, arn };
    },
    async bucket(name, account) {
      try {
        await s3.send(new HeadBucketCommand({ Bucket: name, ExpectedBucketOwner: account }));
        return 'ours';
      } catch (error) {
        const status = error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined;
        if (status === NOT_FOUND) return 'free';
        if (ELSEWHERE.includes(status)) return 'taken';
        throw error;
      }
    },
    async lambdaLimits() {
      const { AccountLimit, AccountUsage } = await lambda.send(new GetAccountSettingsCommand());
      return {
        concurrency: AccountLimit?.ConcurrentExecutions ?? 0,
        freeCodeBytes: (AccountLimit?.TotalCodeSize ?? 0) - (AccountUsage?.TotalCodeSize ?? 0),
      };
    },
    async glueVersion(job) {
      try {
        const { Job } = await glue.send(new GetJobCommand({ JobName: job }));
        return Job?.GlueVersion;
      } catch (error) {
        if (error instanceof EntityNotFoundException) return undefined;
        throw error;
      }
    },
  };
}
