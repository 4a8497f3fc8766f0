"""What IAM checks for a request to the other services.

Source: docs.aws.amazon.com/service-authorization/latest/reference/ (a page for each service)
"""

from collections.abc import Callable, Mapping
from typing import Any

from localcloud.calls.log import Need, UnknownRequest
from localcloud.wire import ACCOUNT, REGION

Data = Mapping[str, Any]
_ArnsOf = Callable[[Data], list[str]]


def arn(service: str, resource: str) -> str:
    """The ARN of a resource of this instance; one that is an ARN already stays as it is."""
    return resource if resource.startswith("arn:") else f"arn:aws:{service}:{REGION}:{ACCOUNT}:{resource}"


def _given(name: str) -> _ArnsOf:
    return lambda data: [str(data[name])]


def _named(service: str, kind: str, name: str, default: str | None = None) -> _ArnsOf:
    def arns(data: Data) -> list[str]:
        value = str(data.get(name, default) if default is not None else data[name])
        return [value if value.startswith("arn:") else arn(service, f"{kind}{value}")]

    return arns


def _queue(data: Data) -> list[str]:
    name = data["QueueName"] if "QueueName" in data else str(data["QueueUrl"]).rpartition("/")[2]
    return [arn("sqs", str(name))]


def _database(data: Data) -> list[str]:
    name = data["Name"] if "Name" in data else data["DatabaseName"]
    return [arn("glue", "catalog"), arn("glue", f"database/{name}")]


def _table(data: Data) -> list[str]:
    """Glue checks a table's whole path: catalog, database and table."""
    database = data["DatabaseName"]
    name = data["TableInput"]["Name"] if "TableInput" in data else data.get("Name") or data["TableName"]
    table = arn("glue", f"table/{database}/{name}")
    return [arn("glue", "catalog"), arn("glue", f"database/{database}"), table]


def _log_stream(data: Data) -> list[str]:
    """As CloudWatch Logs words its refusals: the group with the stream, also for CreateLogStream."""
    return [arn("logs", f"log-group:{data['logGroupName']}:log-stream:{data['logStreamName']}")]


_JOB = _named("glue", "job/", "JobName")
_MACHINE = _given("stateMachineArn")
_EXECUTION = _given("executionArn")
_WORKGROUP = _named("athena", "workgroup/", "WorkGroup", "primary")

# Service as requests are signed for it, operation -> action, resources.
_KNOWN: Mapping[tuple[str, str], tuple[str, _ArnsOf]] = {
    **{
        ("athena", name): (f"athena:{name}", _WORKGROUP)
        for name in (
            *("GetQueryExecution", "GetQueryResults", "GetWorkGroup"),
            *("StartQueryExecution", "StopQueryExecution"),
        )
    },
    **{
        ("glue", name): (f"glue:{name}", _JOB)
        for name in ("BatchStopJobRun", "GetJob", "GetJobRun", "GetJobRuns", "StartJobRun")
    },
    **{
        ("glue", name): (f"glue:{name}", _table)
        for name in ("CreateTable", "DeleteTable", "GetPartitions", "GetTable", "UpdateTable")
    },
    ("glue", "GetDatabase"): ("glue:GetDatabase", _database),
    ("lambda", "Invoke"): ("lambda:InvokeFunction", _named("lambda", "function:", "FunctionName")),
    ("logs", "CreateLogStream"): ("logs:CreateLogStream", _log_stream),
    ("logs", "PutLogEvents"): ("logs:PutLogEvents", _log_stream),
    ("sns", "Publish"): ("sns:Publish", _given("TopicArn")),
    **{
        ("sqs", name): (f"sqs:{action}", _queue)
        for name, action in (
            *(("DeleteMessage", "DeleteMessage"), ("DeleteMessageBatch", "DeleteMessage")),
            *(("GetQueueAttributes", "GetQueueAttributes"), ("GetQueueUrl", "GetQueueUrl")),
            *(("ReceiveMessage", "ReceiveMessage"), ("SendMessage", "SendMessage")),
            ("SendMessageBatch", "SendMessage"),
        )
    },
    **{("states", name): (f"states:{name}", _MACHINE) for name in ("DescribeStateMachine", "ListExecutions")},
    **{
        ("states", name): (f"states:{name}", _EXECUTION)
        for name in ("DescribeExecution", "GetExecutionHistory", "StopExecution")
    },
}


def needs_of_service(service: str, operation: str, data: Data) -> list[Need]:
    """Raises UnknownRequest for what is not in the table, or lacks what names its resource."""
    if (service, operation) == ("states", "StartExecution"):
        return [_start(str(data["stateMachineArn"]))]
    known = _KNOWN.get((service, operation))
    if known is None:
        raise UnknownRequest(f"{service} {operation}")
    action, arns_of = known
    try:
        return [Need(action, resource) for resource in arns_of(data)]
    except KeyError as error:
        raise UnknownRequest(f"{service} {operation} without {error}") from error


def _start(machine: str) -> Need:
    """A version or an alias is authorised by the machine's ARN, with its own name as a context key.

    Source: docs.aws.amazon.com/step-functions/latest/dg/auth-version-alias.html
    """
    parts = machine.split(":")
    qualifier = {"states:StateMachineQualifier": [parts[7]]} if len(parts) > 7 else {}
    return Need("states:StartExecution", ":".join(parts[:7]), qualifier)


def needs_of_metrics(operation: str, data: Data) -> list[Need]:
    """CloudWatch takes no resource; policies limit the namespace."""
    if operation != "PutMetricData":
        raise UnknownRequest(f"monitoring {operation}")
    return [Need("cloudwatch:PutMetricData", "*", {"cloudwatch:namespace": str(data["Namespace"])})]
