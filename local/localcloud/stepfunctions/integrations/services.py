"""Calls of the instance's own services, as Step Functions makes them for a task."""

import threading
from collections.abc import Callable
from datetime import datetime
from typing import Any

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, ParamValidationError

from localcloud.stepfunctions.failures import StateFailure
from localcloud.stepfunctions.integrations.faults import optimised_error, sdk_error
from localcloud.stepfunctions.integrations.shapes import (
    capitalised,
    epoch_milliseconds,
    from_client,
    iso_moment,
    to_client,
    with_capitals,
)
from localcloud.wire import REGION, SECRET_KEY, botocore_session

_LONGEST_LAMBDA_SECONDS = 900
_NameError = Callable[[str, Any, str], str]


class Services:
    """Clients of the services at ``endpoint`` with the key of a role, made on first use."""

    def __init__(self, endpoint: str, key: str) -> None:
        self._endpoint = endpoint
        self._key = key
        self._session = botocore_session()
        self._clients: dict[str, Any] = {}
        self._lock = threading.Lock()

    def client(self, service: str) -> Any:
        """The client of a service, by its name in botocore.

        It never repeats a call: whether to retry is the state machine's decision.
        """
        with self._lock:
            if service not in self._clients:
                self._clients[service] = self._session.create_client(
                    service,
                    region_name=REGION,
                    endpoint_url=self._endpoint,
                    aws_access_key_id=self._key,
                    aws_secret_access_key=SECRET_KEY,
                    config=Config(
                        retries={"total_max_attempts": 1},
                        read_timeout=_LONGEST_LAMBDA_SECONDS + 60,
                        max_pool_connections=100,
                        s3={"addressing_style": "path"},
                    ),
                )
            return self._clients[service]

    def optimised(self, service: str, operation: str, arguments: Any) -> dict[str, Any]:
        """Call an operation the way an optimised integration does: moments are epoch milliseconds."""
        return self._call(service, operation, arguments, optimised_error, epoch_milliseconds)

    def sdk(self, service: str, operation: str, arguments: Any) -> dict[str, Any]:
        """Call any operation the way an aws-sdk integration does: moments are ISO 8601."""
        return self._call(service, operation, arguments, sdk_error, iso_moment)

    def _call(
        self,
        service: str,
        operation: str,
        arguments: Any,
        name_error: _NameError,
        moment: Callable[[datetime], Any],
    ) -> dict[str, Any]:
        client = self.client(service)
        api = capitalised(operation)
        methods = {name: method for method, name in client.meta.method_to_api_mapping.items()}
        if api not in methods:
            raise StateFailure("States.Runtime", f"The service {service} has no operation {operation}.")
        model = client.meta.service_model.operation_model(api)
        parameters = to_client(arguments, model.input_shape) if model.input_shape else {}
        try:
            answer = getattr(client, methods[api])(**parameters)
        except ParamValidationError as error:
            raise StateFailure(
                "States.Runtime", f"The arguments do not fit {service}:{operation}: {error}"
            ) from error
        except ClientError as error:
            details = error.response["Error"]
            name = name_error(service, model, details.get("Code", "").rpartition("#")[2])
            raise StateFailure(name, details.get("Message", "")) from error
        except (BotoCoreError, TypeError) as error:
            prefix = name_error(service, model, "").partition(".")[0]
            raise StateFailure(f"{prefix}.SdkClientException", str(error)) from error
        metadata = answer.pop("ResponseMetadata", {})
        return {**with_capitals(from_client(answer, moment), model.output_shape), **_sdk_metadata(metadata)}


def _sdk_metadata(metadata: dict[str, Any]) -> dict[str, Any]:
    """What the SDK adds to every answer that Step Functions hands on."""
    return {
        "SdkHttpMetadata": {"HttpStatusCode": metadata.get("HTTPStatusCode", 200)},
        "SdkResponseMetadata": {"RequestId": metadata.get("RequestId", "")},
    }


def without_metadata(answer: dict[str, Any]) -> dict[str, Any]:
    """An answer without what the SDK added."""
    return {key: value for key, value in answer.items() if not key.startswith("Sdk")}
