/**
 * Runs a handler of this folder with an event in this process, which a debugger can stop: `debugHandler.ts FUNCTION EVENT`.
 * It works on the local stack, with the environment that the stack gives the function. (`sls invoke local` resolves no
 * Fn::Sub in an environment.)
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { GetFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import { LOCAL_STAGE, prepareStage } from '../../local/stage';
import { lambdaClient } from './aws/clients';
import { explain, UsageError } from './errors';
import { stackName } from './stack';
import { PROJECT } from './stage';

async function debugHandler(name: string | undefined, event: string | undefined): Promise<unknown> {
  if (name === undefined || event === undefined) throw new UsageError('give a function and an event as JSON');
  const file = join(PROJECT, 'src', 'handlers', `${name}.ts`);
  if (!existsSync(file)) throw new UsageError(`${name}: there is no src/handlers/${name}.ts`);
  const parsed: unknown = JSON.parse(event);
  await prepareStage(LOCAL_STAGE);
  const client = await lambdaClient();
  const functionName = `${stackName(LOCAL_STAGE)}-${name}`;
  const { Environment } = await client.send(
    new GetFunctionConfigurationCommand({ FunctionName: functionName }),
  );
  Object.assign(process.env, Environment?.Variables);
  // only now: a handler makes its clients while it is loaded
  const module: unknown = await import(file);
  const handler: unknown = Reflect.get(Object(module), 'handler');
  if (typeof handler !== 'function') throw new UsageError(`${file} exports no handler`);
  const context = {
    functionName,
    awsRequestId: 'debug',
    invokedFunctionArn: functionName,
    memoryLimitInMB: '512',
  };
  const result: unknown = await Reflect.apply(handler, undefined, [parsed, context]);
  return result;
}

const [, , name, event] = process.argv;
debugHandler(name, event).then(
  (result) => {
    process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
  },
  (error: unknown) => {
    const { exitCode, message } = explain(error);
    process.stderr.write(`${message}\n`);
    process.exitCode = exitCode;
  },
);
