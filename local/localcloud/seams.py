"""Every attribute of ministack that the local cloud patches or calls, in one table.

ministack promises none of them, so its version is pinned exactly. When it is raised, the contract test
names each seam that moved, before anything behaves in a strange way.
"""

import importlib
import inspect
from dataclasses import dataclass


class SeamMoved(Exception):
    """ministack no longer has an attribute that the local cloud relies on, or not in the known shape."""


DYNAMODB_STORES = (
    "_tables",
    "_INDEX_MEMBERS",
    "_tags",
    "_ttl_settings",
    "_pitr_settings",
    "_kinesis_destinations",
    "_contributor_insights",
    "_backups",
    "_resource_policies",
    "_exports",
    "_imports",
)
STATE_MACHINE_STORES = (
    "state_machines",
    "tags",
    "activities",
    "state_machine_versions",
    "state_machine_aliases",
    "map_runs",
)


@dataclass(frozen=True)
class Seam:
    """``name`` in ``ministack.<module>``; for a callable the names of its parameters, else None.

    A dotted name is an attribute of a class. ``used_for`` tells what breaks without it.
    """

    module: str
    name: str
    used_for: str
    parameters: tuple[str, ...] | None = None


SEAMS: tuple[Seam, ...] = (
    Seam("app", "SERVICE_HANDLERS", "wire: one handler per service"),
    Seam("app", "_MAIN_LOOP", "wire: calls from worker threads"),
    Seam("app", "app", "server: the ASGI application", ("scope", "receive", "send")),
    Seam("app", "SERVICE_REGISTRY", "persistence: the module and the state of a service"),
    Seam("app", "_state_map", "persistence: the module of each state"),
    Seam("app", "_load_persisted_state", "persistence: loading at the start", ()),
    Seam("app", "save_all", "persistence: saving at a clean stop", ("services",)),
    Seam("core.persistence", "_json_default", "persistence: ministack's file format", ("obj",)),
    Seam("core.persistence", "_state_format_version", "persistence: ministack's file format", ("service",)),
    Seam("core.concurrency", "esm_wake", "batching window: waking the poller"),
    Seam("core.lambda_runtime", "_NODEJS_WORKER_SCRIPT", "lambda runtime: names of errors"),
    Seam("core.lambda_runtime", "_detect_runtime_binary", "lambda runtime: which Node", ("runtime",)),
    Seam("core.lambda_runtime", "execution_credentials", "lambda runtime: keys of roles", ("config",)),
    Seam("core.lambda_runtime", "Worker._spawn", "lambda runtime: workers on record", ("self",)),
    Seam("core.lambda_runtime", "Worker.invoke", "lambda runtime: names of errors"),
    Seam("services.lambda_svc", "_execute_function_warm", "lambda runtime", ("func", "event", "request_id")),
    Seam(
        "services.lambda_svc",
        "_emit_lambda_logs",
        "calls: logs of functions; embedded metrics",
        ("func", "request_id", "log_text", "error", "duration_ms", "log_source"),
    ),
    Seam(
        "services.cloudwatch",
        "_store_datum",
        "embedded metrics",
        ("namespace", "name", "dims", "ts", "unit", "value", "values", "counts", "stat_values"),
    ),
    Seam("services.lambda_svc", "_functions", "calls: the role of a queue's consumer"),
    Seam("services.lambda_svc", "_iter_all_esms", "batching window: the mapping of a queue", ()),
    Seam("services.sqs", "_receive_messages_for_esm", "batching window", ("queue_url", "max_number")),
    Seam("services.sqs", "_delete_messages_for_esm", "calls: poller", ("queue_url", "receipt_handles")),
    Seam("services.sqs", "_queues", "batching window: waiting messages"),
    Seam("services.sqs", "_queues_lock", "batching window: waiting messages"),
    Seam("services.s3", "_read_body", "stored bodies", ("bucket_name", "key", "obj")),
    Seam("services.s3", "_version_body", "stored bodies", ("bucket", "bucket_name", "key", "v")),
    Seam("services.s3", "_object_disk_path", "stored bodies", ("bucket", "key", "account_id")),
    Seam("services.s3", "_version_disk_path", "stored bodies", ("bucket", "key", "version_id", "account_id")),
    Seam("services.s3", "_version_entry_from_record", "stored bodies", ("obj", "version_id", "data")),
    Seam("services.s3", "_get_object_data", "stored bodies", ("bucket_name", "key", "version_id")),
    Seam("services.s3", "_atomic_write", "stored bodies", ("fpath", "data", "text")),
    Seam("services.s3", "_compute_s3_checksum", "stored bodies", ("algorithm", "body")),
    Seam("services.s3", "md5_hash", "stored bodies", ("data",)),
    Seam("services.s3", "_get_object", "object reads", ("bucket_name", "key", "headers", "query_params")),
    Seam("services.s3", "_parse_range", "object reads: ranges of versions", ("range_header", "total")),
    Seam("services.s3", "_buckets", "part uploads: what was written"),
    Seam("services.s3", "_multipart_uploads", "part uploads"),
    Seam("services.s3", "_qp", "part uploads", ("params", "key", "default")),
    Seam(
        "services.s3",
        "_upload_part",
        "part uploads",
        ("bucket_name", "key", "body", "query_params", "headers"),
    ),
    Seam(
        "services.s3",
        "_upload_part_copy",
        "part uploads",
        ("bucket_name", "dest_key", "query_params", "headers"),
    ),
    Seam(
        "services.s3",
        "_complete_multipart_upload",
        "part uploads",
        ("bucket_name", "key", "body", "query_params", "headers"),
    ),
    Seam("services.s3", "_abort_multipart_upload", "part uploads", ("bucket_name", "key", "query_params")),
    Seam("services.s3", "_bucket_notifications", "persistence: events before the answer"),
    Seam("services.s3", "_fire_s3_event", "persistence: events before the answer"),
    Seam("services.s3", "_fire_s3_event_async", "persistence: events before the answer"),
    Seam("services.dynamodb", "_txn_token_store", "transaction tokens", ("crt", "entry")),
    Seam(
        "services.dynamodb",
        "handle_request",
        "persistence: replay of the journal",
        ("method", "path", "headers", "body", "query_params"),
    ),
    *(Seam("services.dynamodb", name, "persistence: what the journal lacks") for name in DYNAMODB_STORES),
    *(
        Seam("services.stepfunctions", f"_{name}", "persistence: state machines and executions")
        for name in ("executions", *STATE_MACHINE_STORES)
    ),
    Seam("services.eventbridge", "_invoke_target", "calls: schedules", ("target", "event", "rule", "view")),
    Seam("services.eventbridge", "_dispatch_event", "object events: the version", ("event", "view")),
    Seam(
        "services.eventbridge",
        "_dispatch_to_sqs",
        "faults: deliveries",
        ("spec", "payload", "sqs_parameters"),
    ),
    Seam("services.athena", "_create_named_query", "named queries: create", ("data",)),
    Seam("services.athena", "_delete_named_query", "named queries: delete", ("data",)),
    Seam("services.cloudformation.provisioners", "_RESOURCE_HANDLERS", "named queries: the type"),
)


def moved(seam: Seam) -> str | None:
    """What is wrong with a seam, as a sentence; None when it is as the table says."""
    where = f"ministack.{seam.module}.{seam.name} (used for {seam.used_for})"
    try:
        value = importlib.import_module(f"ministack.{seam.module}")
        for part in seam.name.split("."):
            value = getattr(value, part)
    except (ImportError, AttributeError):
        return f"{where} is gone"
    if seam.parameters is None:
        return None
    found = tuple(inspect.signature(value).parameters)  # type: ignore[arg-type]
    if found != seam.parameters:
        return f"{where} takes {', '.join(found) or 'nothing'} instead of {', '.join(seam.parameters)}"
    return None


def require_all() -> None:
    """Raise SeamMoved with every seam that moved."""
    problems = [problem for seam in SEAMS if (problem := moved(seam))]
    if problems:
        raise SeamMoved(
            "this ministack is not the one that the local cloud was written for: " + "; ".join(problems)
        )
