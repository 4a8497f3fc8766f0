/** Names of https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html#error-handling-error-representation */
const ANY_STATE = ['States.ALL', 'States.QueryEvaluationError', 'States.DataLimitExceeded', 'States.Runtime'];
const TASK = ['States.Timeout', 'States.TaskFailed', 'States.Permissions'];
const JSONPATH = ['States.ParameterPathFailure', 'States.ResultPathMatchFailure', 'States.IntrinsicFailure'];
const MAP = ['States.ExceedToleratedFailureThreshold'];

/** https://docs.aws.amazon.com/step-functions/latest/dg/connect-lambda.html and sfn-best-practices.html */
export const LAMBDA_ERRORS = [
  'Lambda.ClientExecutionTimeoutException',
  'Lambda.ServiceException',
  'Lambda.AWSLambdaException',
  'Lambda.SdkClientException',
  'Lambda.TooManyRequestsException',
  'Lambda.ResourceNotFoundException',
  'Lambda.ResourceNotReadyException',
  'Lambda.Unknown',
  'Lambda.EC2ThrottledException',
  'Lambda.CodeStorageExceededException',
  'Sandbox.Timedout',
  'Runtime.ExitError',
  'Runtime.HandlerNotFound',
  'Runtime.ImportModuleError',
  'Runtime.UserCodeSyntaxError',
];

/** The reserved names that Step Functions itself can raise in a state of this type. */
export function reservedErrors(
  type: string,
  has: { heartbeat: boolean; reader: boolean; writer: boolean; jsonPath: boolean },
): string[] {
  return [
    ...ANY_STATE,
    ...(has.jsonPath ? JSONPATH : []),
    ...(type === 'Task' ? TASK : []),
    ...(type === 'Task' && has.heartbeat ? ['States.HeartbeatTimeout'] : []),
    ...(type === 'Parallel' ? ['States.BranchFailed'] : []),
    ...(type === 'Map' ? MAP : []),
    ...(has.reader ? ['States.ItemReaderFailed'] : []),
    ...(has.writer ? ['States.ResultWriterFailed'] : []),
    ...(type === 'Choice' ? ['States.NoChoiceMatched'] : []),
  ];
}
