"""Step Functions: an engine for JSONata machines that does what the Amazon States Language says."""

import os
from pathlib import Path

from ministack.services import stepfunctions as ministack
from ministack.services.cloudformation import provisioners

from localcloud.stepfunctions import measuring, versions
from localcloud.stepfunctions.aliases import AliasType
from localcloud.stepfunctions.definition.gate import provisioning, refusing, validating
from localcloud.stepfunctions.engine import Engine
from localcloud.toolchain import Toolchain

__all__ = ["SEAMS", "install"]

# Module, attribute, what it is used for and the names of its parameters, for localcloud.seams.
SEAMS: tuple[tuple[str, str, str, tuple[str, ...] | None], ...] = (
    ("services.stepfunctions", "_start_execution", "stepfunctions: start", ("data",)),
    ("services.stepfunctions", "_stop_execution", "stepfunctions: stop", ("data",)),
    ("services.stepfunctions", "_describe_execution", "stepfunctions: describe", ("data",)),
    ("services.stepfunctions", "_create_state_machine", "stepfunctions: definitions", ("data",)),
    ("services.stepfunctions", "_update_state_machine", "stepfunctions: definitions", ("data",)),
    ("services.stepfunctions", "_validate_state_machine_definition", "stepfunctions: definitions", ("data",)),
    ("services.cloudformation.provisioners", "_sfn_definition", "stepfunctions: definitions", ("props",)),
    (
        "services.cloudformation.provisioners",
        "_sfn_handler_error",
        "stepfunctions: definitions",
        ("message",),
    ),
    ("services.stepfunctions", "_run_execution", "stepfunctions: run", ("exec_arn",)),
    (
        "services.stepfunctions",
        "_emit_execution_status_event",
        "stepfunctions: status events",
        ("execution",),
    ),
    ("services.stepfunctions", "_register_sfn_jsonata_functions", "stepfunctions: JSONata", ("expr",)),
    ("services.stepfunctions", "_executions", "stepfunctions: documents of executions", None),
    ("services.stepfunctions", "_state_machines", "stepfunctions: definitions", None),
    ("services.stepfunctions", "_state_machine_versions", "stepfunctions: definitions of versions", None),
    ("services.stepfunctions", "_state_machine_aliases", "stepfunctions: versions and aliases", None),
    *(
        ("services.stepfunctions", name, "stepfunctions: versions and aliases", ("data",))
        for name in (
            "_publish_state_machine_version",
            "_list_state_machine_versions",
            "_delete_state_machine_version",
            "_create_state_machine_alias",
            "_update_state_machine_alias",
            "_delete_state_machine_alias",
            "_delete_state_machine",
        )
    ),
    ("services.cloudformation.provisioners", "_RESOURCE_HANDLERS", "stepfunctions: types", None),
    (
        "services.cloudformation.stacks",
        "_runs_on_worker_thread",
        "stepfunctions: gradual shifts",
        ("resource_type",),
    ),
    ("services.cloudformation", "_stacks", "stepfunctions: gradual shifts", None),
    ("services.cloudwatch", "_alarms", "stepfunctions: metrics and gradual shifts", None),
    ("services.cloudwatch", "_composite_alarms", "stepfunctions: gradual shifts", None),
    ("services.cloudwatch", "_metrics", "stepfunctions: gradual shifts", None),
    ("services.cloudwatch", "_evaluate_alarm", "stepfunctions: metrics", ("alarm",)),
    ("core.responses", "get_account_id", "stepfunctions: ARNs", ()),
    ("core.responses", "get_region", "stepfunctions: ARNs", ()),
    ("core.responses", "json_response", "stepfunctions: answers", ("data", "status", "content_type")),
    ("core.responses", "error_response_json", "stepfunctions: answers", None),
)


def install(endpoint: str, home: Path, toolchain: Toolchain) -> None:
    """Put the engine in the place of ministack's, and a judgement in front of what takes a definition.

    SFN_WAIT_SCALE (LOCALCLOUD_WAIT_SCALE of the launcher) multiplies Wait states, retry delays and the
    minutes between the steps of a gradual shift.
    """
    scale = float(os.environ.get("SFN_WAIT_SCALE", "1"))
    measuring.install()
    engine = Engine(endpoint, scale)
    ministack._start_execution = engine.start
    ministack._stop_execution = engine.stop
    ministack._describe_execution = engine.describe
    ministack._run_execution = engine.run
    ministack._create_state_machine = refusing(ministack._create_state_machine)
    ministack._update_state_machine = refusing(ministack._update_state_machine)
    ministack._validate_state_machine_definition = validating(ministack._validate_state_machine_definition)
    provisioners._sfn_definition = provisioning(provisioners._sfn_definition)
    versions.install()
    AliasType(scale).install()
