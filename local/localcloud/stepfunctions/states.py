"""How each type of state runs."""

from collections.abc import Mapping

from localcloud.stepfunctions.branch import Handler
from localcloud.stepfunctions.fan_out import run_map, run_parallel
from localcloud.stepfunctions.simple_states import run_choice, run_fail, run_pass, run_succeed, run_wait
from localcloud.stepfunctions.task import run_task

HANDLERS: Mapping[str, Handler] = {
    "Choice": run_choice,
    "Fail": run_fail,
    "Map": run_map,
    "Parallel": run_parallel,
    "Pass": run_pass,
    "Succeed": run_succeed,
    "Task": run_task,
    "Wait": run_wait,
}
