/**
 * Error names that AWS itself gives to Step Functions. Nobody's validator knows a misspelt one: the Retry or Catch
 * would just never match. Names of the Java SDK's exceptions behind the service's name, as the optimised integrations
 * report them; `DynamoDB.` there is `DynamoDb.` in the aws-sdk integrations, which this machine does not use.
 */
export const SERVICE_ERRORS: Readonly<Record<string, readonly string[]>> = {
  // https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
  States: ['States.ALL', 'States.Timeout', 'States.TaskFailed'],
  // https://docs.aws.amazon.com/step-functions/latest/dg/sfn-best-practices.html (Lambda service exceptions)
  'arn:aws:states:::lambda:invoke': [
    'Lambda.ClientExecutionTimeoutException',
    'Lambda.ServiceException',
    'Lambda.AWSLambdaException',
    'Lambda.SdkClientException',
    'Lambda.TooManyRequestsException',
    'Lambda.Unknown',
    'Sandbox.Timedout',
    'Runtime.ExitError',
  ],
  // https://docs.aws.amazon.com/glue/latest/webapi/API_StartJobRun.html
  'arn:aws:states:::glue:startJobRun.sync': [
    'Glue.ConcurrentRunsExceededException',
    'Glue.InternalServiceException',
    'Glue.OperationTimeoutException',
    'Glue.ResourceNumberLimitExceededException',
    'Glue.ThrottlingException',
    'Glue.SdkClientException',
    'Glue.AWSGlueException',
  ],
  // https://docs.aws.amazon.com/athena/latest/APIReference/API_StartQueryExecution.html
  'arn:aws:states:::athena:startQueryExecution.sync': [
    'Athena.TooManyRequestsException',
    'Athena.InternalServerException',
    'Athena.SdkClientException',
    'Athena.AmazonAthenaException',
  ],
  'arn:aws:states:::athena:getQueryResults': [
    'Athena.TooManyRequestsException',
    'Athena.InternalServerException',
    'Athena.SdkClientException',
    'Athena.AmazonAthenaException',
  ],
  // https://docs.aws.amazon.com/sns/latest/api/API_Publish.html
  'arn:aws:states:::sns:publish': [
    'SNS.InternalErrorException',
    'SNS.ThrottledException',
    'SNS.KmsThrottlingException',
    'SNS.SdkClientException',
    'SNS.AmazonSNSException',
  ],
  // https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html
  'arn:aws:states:::dynamodb:updateItem': [
    'DynamoDB.InternalServerErrorException',
    'DynamoDB.ProvisionedThroughputExceededException',
    'DynamoDB.RequestLimitExceededException',
    'DynamoDB.ThrottlingException',
    'DynamoDB.SdkClientException',
    'DynamoDB.AmazonDynamoDBException',
  ],
};
