"""AWS Glue job runs on real PySpark and Delta; the catalog and the job definitions stay ministack's.

Of a table it answers only what it was given, where ministack fills in empty texts.
"""

import asyncio
from pathlib import Path
from typing import Any

from localcloud import lifecycle
from localcloud.faults import Happening, Rules, folder_of
from localcloud.glue.arguments import BadArgumentError, resolve
from localcloud.glue.runner import Runner
from localcloud.glue.runs import ACTIVE, JobRun, RunStore, new_run
from localcloud.toolchain import Toolchain
from localcloud.wire import ACCESS_KEY, AwsError, Json, Service, key_of_role

_AFTER_CRASH = (
    "The local cloud ended while this run was {state}, and what was left of it was killed; "
    "start the job again."
)
_AFTER_STOP = "The local cloud was stopped while this run was {state}. Start the job again."
_PAGE = 200


class Glue(Service):
    """The operations about job runs, and those that read tables."""

    key = "glue"

    def __init__(self, store: RunStore, runner: Runner, faults: Rules) -> None:
        super().__init__()
        self._store = store
        self._runner = runner
        self._faults = faults
        self._starting = asyncio.Lock()

    async def op_StartJobRun(self, request: Json) -> Json:
        """https://docs.aws.amazon.com/glue/latest/webapi/API_StartJobRun.html"""
        job = (await self.call_inner("GetJob", {"JobName": request.get("JobName", "")}))["Job"]
        try:
            resolved = resolve(
                job.get("Command", {}).get("ScriptLocation", ""),
                job.get("DefaultArguments", {}),
                request.get("Arguments", {}),
            )
        except BadArgumentError as error:
            raise AwsError("InvalidInputException", str(error)) from error
        limit = job.get("ExecutionProperty", {}).get("MaxConcurrentRuns", 1)
        async with self._starting:
            active = [run for run in self._store.of_job(job["Name"]) if run["JobRunState"] in ACTIVE]
            if len(active) >= limit:
                raise AwsError(
                    "ConcurrentRunsExceededException",
                    f"Concurrent runs exceeded for {job['Name']}: at most {limit} may be active",
                )
            run = new_run(job, request)
            await asyncio.to_thread(self._store.add, run)
        fails_on_purpose = self._faults.take(Happening.job_run(job["Name"])) is not None
        self._runner.start(run, resolved, key_of_role(job.get("Role", "")) or ACCESS_KEY, fails_on_purpose)
        return {"JobRunId": run["Id"]}

    def _run(self, job_name: str, run_id: str) -> JobRun:
        run = self._store.get(run_id)
        if run is None or run["JobName"] != job_name:
            raise AwsError("EntityNotFoundException", f"Job run {run_id} of job {job_name} is not found")
        return run

    def op_GetJobRun(self, request: Json) -> Json:
        """https://docs.aws.amazon.com/glue/latest/webapi/API_GetJobRun.html"""
        return {"JobRun": self._run(request["JobName"], request["RunId"])}

    def op_GetJobRuns(self, request: Json) -> Json:
        """https://docs.aws.amazon.com/glue/latest/webapi/API_GetJobRuns.html"""
        runs = self._store.of_job(request["JobName"])
        first = int(request.get("NextToken") or 0)
        last = first + min(request.get("MaxResults") or _PAGE, _PAGE)
        more: dict[str, Any] = {"NextToken": str(last)} if last < len(runs) else {}
        return {"JobRuns": runs[first:last], **more}

    def op_BatchStopJobRun(self, request: Json) -> Json:
        """https://docs.aws.amazon.com/glue/latest/webapi/API_BatchStopJobRun.html"""
        name = request["JobName"]
        done, errors = [], []
        for run_id in request["JobRunIds"]:
            try:
                self._run(name, run_id)
                stops = self._store.change(
                    run_id, lambda run: run["JobRunState"] in ("STARTING", "RUNNING"), JobRunState="STOPPING"
                )
                if not stops:
                    raise AwsError("InvalidInputException", f"Job run {run_id} is not running")
                done.append({"JobName": name, "JobRunId": run_id})
            except AwsError as error:
                detail = {"ErrorCode": error.code, "ErrorMessage": error.message}
                errors.append({"JobName": name, "JobRunId": run_id, "ErrorDetail": detail})
        return {"SuccessfulSubmissions": done, "Errors": errors}

    async def op_GetTable(self, request: Json) -> Json:
        """https://docs.aws.amazon.com/glue/latest/webapi/API_GetTable.html"""
        answer = await self.call_inner("GetTable", request)
        return {**answer, "Table": _as_given(answer["Table"])}

    async def op_GetTables(self, request: Json) -> Json:
        """https://docs.aws.amazon.com/glue/latest/webapi/API_GetTables.html"""
        answer = await self.call_inner("GetTables", request)
        return {**answer, "TableList": [_as_given(table) for table in answer["TableList"]]}


def _as_given(table: Json) -> Json:
    """Without a description and an owner that nobody named: Trino takes an empty one for a view's mark."""
    return {name: value for name, value in table.items() if value or name not in ("Description", "Owner")}


def install(endpoint: str, home: Path, toolchain: Toolchain) -> None:
    """Answer for job runs; those that a crash interrupted are failed before anything is served."""
    store = RunStore(home / "glue" / "runs")
    store.fail_active(_AFTER_CRASH)
    runner = Runner(store, endpoint, home, toolchain)
    Glue(store, runner, Rules(folder_of(home)))

    def stop() -> None:
        store.fail_active(_AFTER_STOP)
        runner.end_jvm()

    lifecycle.at_stop(stop)
