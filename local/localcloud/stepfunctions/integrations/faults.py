"""How Step Functions names the errors of the services that a task calls.

Sources: docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html and
supported-services-awssdk.html. Optimised integrations use the names of the AWS SDK for Java 1, those
under aws-sdk the names of version 2; each has one exception for all codes that a model does not list.
"""

from typing import Any

# Service as botocore names it -> prefix and catch-all exception of the optimised integration.
_OPTIMISED = {
    "athena": ("Athena", "AmazonAthenaException"),
    "dynamodb": ("DynamoDB", "AmazonDynamoDBException"),
    "events": ("EventBridge", "AmazonEventBridgeException"),
    "glue": ("Glue", "AWSGlueException"),
    "lambda": ("Lambda", "AWSLambdaException"),
    "sns": ("SNS", "AmazonSNSException"),
    "sqs": ("SQS", "AmazonSQSException"),
    "stepfunctions": ("StepFunctions", "AWSStepFunctionsException"),
}

# Service as botocore names it -> prefix under aws-sdk, where it is more than a capital first letter.
_SDK = {
    "cloudwatch": "CloudWatch",
    "dynamodb": "DynamoDb",
    "events": "EventBridge",
    "logs": "CloudWatchLogs",
    "secretsmanager": "SecretsManager",
    "stepfunctions": "Sfn",
}


def optimised_error(service: str, operation: Any, code: str) -> str:
    """The error of an optimised integration, e.g. ``DynamoDB.ConditionalCheckFailedException``."""
    prefix, catch_all = _OPTIMISED[service]
    return f"{prefix}.{_modelled(operation, code) or catch_all}"


def sdk_error(service: str, operation: Any, code: str) -> str:
    """The error of an aws-sdk integration, e.g. ``DynamoDb.ConditionalCheckFailedException``."""
    prefix = _SDK.get(service, service.capitalize())
    return f"{prefix}.{_modelled(operation, code) or f'{prefix}Exception'}"


def _modelled(operation: Any, code: str) -> str | None:
    """The exception that the model of an operation has for a code, by the rule of the Java SDKs."""
    for shape in operation.error_shapes:
        if code in (shape.name, shape.metadata.get("error", {}).get("code")):
            stem = shape.name.removesuffix("Exception").removesuffix("Fault")
            return f"{stem}Exception"
    return None
