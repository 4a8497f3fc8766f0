"""Records what the services of the instance do in the name of a role without sending a request.

On AWS these are requests of the role: a function's log, the poller of its queue and a schedule's target.
Sources: docs.aws.amazon.com/lambda/latest/dg/ (monitoring-cloudwatchlogs.html, services-sqs-configure.html)
and docs.aws.amazon.com/scheduler/latest/UserGuide/setting-up.html
"""

from typing import Any

from ministack.services import eventbridge, lambda_svc, sqs

from localcloud.calls.log import CallLog, Need
from localcloud.calls.services import arn, needs_of_service
from localcloud.wire import key_of_role


def record_calls_inside(log: CallLog) -> None:
    """Put a note in front of ministack's own writing of logs, polling of queues and firing of schedules."""
    emit, receive, delete = (
        lambda_svc._emit_lambda_logs,
        sqs._receive_messages_for_esm,
        sqs._delete_messages_for_esm,
    )
    invoke = eventbridge._invoke_target

    def emit_logs(func: dict[str, Any], *args: Any, **kwargs: Any) -> None:
        config = func.get("config") or func
        group = f"/aws/lambda/{config['FunctionName']}"
        stream = arn("logs", f"log-group:{group}:log-stream:any")
        needs = [Need(action, stream) for action in ("logs:CreateLogStream", "logs:PutLogEvents")]
        log.needs(key_of_role(config["Role"]), needs)
        emit(func, *args, **kwargs)

    def of_poller(queue_url: str, action: str) -> None:
        queue_arn = sqs._queues[queue_url]["attributes"]["QueueArn"]
        for _, _, mapping in lambda_svc._iter_all_esms():
            if mapping.get("EventSourceArn") == queue_arn:
                function = lambda_svc._functions[mapping["FunctionName"]]
                log.needs(key_of_role(function["config"]["Role"]), [Need(action, queue_arn)])

    def receive_messages(queue_url: str, *args: Any) -> Any:
        messages = receive(queue_url, *args)
        if messages:
            of_poller(queue_url, "sqs:ReceiveMessage")
        return messages

    def delete_messages(queue_url: str, *args: Any) -> Any:
        of_poller(queue_url, "sqs:DeleteMessage")
        return delete(queue_url, *args)

    def invoke_target(target: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        if "RoleArn" in target:
            role, place = key_of_role(target["RoleArn"]), target["Arn"]
            if ":lambda:" in place:
                log.needs(role, needs_of_service("lambda", "Invoke", {"FunctionName": place}))
            else:
                log.unknown(role, f"target of EventBridge {place}")
        return invoke(target, *args, **kwargs)

    lambda_svc._emit_lambda_logs = emit_logs
    sqs._receive_messages_for_esm = receive_messages
    sqs._delete_messages_for_esm = delete_messages
    eventbridge._invoke_target = invoke_target
