/**
 * Serverless plugin: puts the Glue jobs' code into the deployment bucket before the stack refers to it.
 *
 * While packaging it writes the assets into the package folder and their keys into the template; while deploying it
 * uploads what the package folder holds, so that `sls deploy --package DIR` ships what was packaged.
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { PutObjectCommand, S3Client, type S3ClientConfig } from '@aws-sdk/client-s3';
import { type Asset, type GlueRelease, readGlueRelease } from './assets';
import { replaceTokens } from './tokens';

/** The part of osls that this plugin touches. */
interface AwsProvider {
  getStage(): string;
  getDeploymentPrefix(): string;
  getServerlessDeploymentBucketName(): Promise<string>;
  getAwsSdkV3Config(): Promise<S3ClientConfig>;
}
interface Serverless {
  readonly serviceDir: string;
  readonly service: {
    readonly service: string;
    readonly functions: Readonly<Record<string, { environment?: unknown }>>;
    readonly provider: { compiledCloudFormationTemplate: unknown; shouldNotDeploy?: boolean };
  };
  getProvider(name: 'aws'): AwsProvider;
}
interface Log {
  info(message: string): void;
}

// The framework takes every .zip of the package folder for a Lambda's, and with one more than it uploaded it never sees
// that nothing has changed.
const PACKAGED = '.asset';

export class GlueAssets {
  readonly hooks: Readonly<Record<string, () => void | Promise<void>>>;
  private readonly provider: AwsProvider;

  constructor(
    private readonly serverless: Serverless,
    _options: unknown,
    { log }: { log: Log },
  ) {
    this.provider = serverless.getProvider('aws');
    this.hooks = {
      // The logical id of a function's version is a hash of its environment: a token in it would hide a changed job, and
      // the definition would go on naming the version that has the old one.
      'before:package:compileFunctions': () => {
        this.fillEnvironments();
      },
      // Earlier (before:package:finalize) resources/ is not part of the template yet; later it has been saved.
      'after:aws:package:finalize:mergeCustomProviderResources': () => {
        this.package();
      },
      // Before the stack update: a job must never point to a script that is not there.
      'after:aws:deploy:deploy:uploadArtifacts': () => this.upload(log),
    };
  }

  private get folder(): string {
    // The framework moves this folder to and from the one that --package names.
    return join(this.serverless.serviceDir, '.serverless', 'glue');
  }

  private get prefix(): string {
    // Below the prefix that `sls remove` empties; the framework's clean-up of old deployments leaves it alone.
    const { service } = this.serverless.service;
    return `${this.provider.getDeploymentPrefix()}/${service}/${this.provider.getStage()}/glue`;
  }

  private tokensOf(release: GlueRelease): ReadonlyMap<string, string> {
    return new Map([
      ['script', `${this.prefix}/${release.script.key}`],
      ['package', `${this.prefix}/${release.package.key}`],
      ['contractHash', release.contractHash],
    ]);
  }

  private fillEnvironments(): void {
    const tokens = this.tokensOf(readGlueRelease(this.serverless.serviceDir));
    for (const definition of Object.values(this.serverless.service.functions)) {
      if (definition.environment === undefined) continue;
      definition.environment = replaceTokens(definition.environment, tokens);
    }
  }

  private package(): void {
    const release = readGlueRelease(this.serverless.serviceDir);
    for (const asset of [release.script, release.package]) this.write(asset);
    const { provider } = this.serverless.service;
    provider.compiledCloudFormationTemplate = replaceTokens(
      provider.compiledCloudFormationTemplate,
      this.tokensOf(release),
    );
  }

  private write(asset: Asset): void {
    const path = join(this.folder, asset.key + PACKAGED);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, asset.body);
  }

  private async upload(log: Log): Promise<void> {
    if (this.serverless.service.provider.shouldNotDeploy === true) return;
    const s3 = new S3Client(await this.provider.getAwsSdkV3Config());
    const Bucket = await this.provider.getServerlessDeploymentBucketName();
    for (const hash of readdirSync(this.folder)) {
      for (const file of readdirSync(join(this.folder, hash))) {
        const name = file.slice(0, -PACKAGED.length);
        const Key = `${this.prefix}/${hash}/${name}`;
        log.info(`Uploading ${name} to s3://${Bucket}/${Key}`);
        await s3.send(
          new PutObjectCommand({ Bucket, Key, Body: readFileSync(join(this.folder, hash, file)) }),
        );
      }
    }
  }
}
