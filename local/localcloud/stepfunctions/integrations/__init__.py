"""Runs the Resource of a Task state against the services of the instance."""

from collections.abc import Callable, Mapping
from typing import Any

from localcloud.stepfunctions.branch import Call
from localcloud.stepfunctions.expressions import json_type
from localcloud.stepfunctions.failures import StateFailure
from localcloud.stepfunctions.integrations import requests
from localcloud.stepfunctions.integrations.jobs import AthenaQuery, GlueJobRun, NestedExecution
from localcloud.stepfunctions.integrations.services import Services
from localcloud.stepfunctions.integrations.shapes import with_json_output

__all__ = ["Integrations"]

_PREFIX = "arn:aws:states:::"
_PLAIN = (
    "athena:getQueryExecution",
    "athena:getQueryResults",
    "athena:startQueryExecution",
    "athena:stopQueryExecution",
    "dynamodb:deleteItem",
    "dynamodb:getItem",
    "dynamodb:putItem",
    "dynamodb:updateItem",
    "glue:startJobRun",
)
_SDK_SERVICES = {"sfn": "stepfunctions", "eventbridge": "events", "cloudwatchlogs": "logs"}
_Run = Callable[[Any, Call], Any]


class Integrations:
    """The optimised integrations that the local cloud knows, and every API under ``aws-sdk``."""

    def __init__(self, services: Services) -> None:
        self._services = services
        nested = NestedExecution(services)
        self._optimised: Mapping[str, _Run] = {
            **{name: self._plain(name) for name in _PLAIN},
            "athena:startQueryExecution.sync": AthenaQuery(services).run,
            "events:putEvents": lambda arguments, _: requests.put_events(services, arguments),
            "glue:startJobRun.sync": GlueJobRun(services).run,
            "lambda:invoke": lambda arguments, _: requests.invoke_lambda(services, arguments),
            "sns:publish": lambda arguments, _: requests.publish(services, arguments),
            "sqs:sendMessage": lambda arguments, _: requests.send_message(services, arguments),
            "states:startExecution": lambda arguments, _: nested.start(arguments),
            "states:startExecution.sync": nested.run,
            "states:startExecution.sync:2": lambda arguments, call: with_json_output(
                nested.run(arguments, call)
            ),
        }

    def perform(self, resource: str, arguments: Any, call: Call) -> Any:
        """The result of a task; raises StateFailure as the service's error is named on AWS."""
        if ":function:" in resource:
            return requests.invoke_function(self._services, resource, arguments)
        if json_type(arguments) != "object":
            raise StateFailure("States.Runtime", f"The arguments of {resource} must be an object.")
        name = resource.removeprefix(_PREFIX)
        if name.startswith("aws-sdk:"):
            service, _, action = name.removeprefix("aws-sdk:").partition(":")
            return self._services.sdk(_SDK_SERVICES.get(service, service), action, arguments)
        if name not in self._optimised:
            known = ", ".join(sorted(self._optimised))
            raise StateFailure("States.Runtime", f"The local cloud does not run {resource}; it runs {known}.")
        return self._optimised[name](arguments, call)

    def _plain(self, name: str) -> _Run:
        service, _, operation = name.partition(":")
        return lambda arguments, _: self._services.optimised(service, operation, arguments)
