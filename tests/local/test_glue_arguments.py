import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from instances import PROJECT
from localcloud.glue.arguments import RESERVED, BadArgumentError, resolve, spark_settings
from localcloud.glue.log_shipping import batches
from localcloud.glue.runs import RunStore, new_run

NAMES = st.from_regex(r"spark(\.[a-z]{1,8}){1,3}", fullmatch=True)
VALUES = st.from_regex(r"[A-Za-z0-9.=,:/-]{0,12}", fullmatch=True)


@given(st.dictionaries(NAMES, VALUES, min_size=1))
def test_every_setting_of_the_one_conf_argument_is_found(settings: dict[str, str]) -> None:
    text = " --conf ".join(f"{name}={value}" for name, value in settings.items())

    assert spark_settings(text) == settings
    assert spark_settings(f"--conf {text} ") == settings


def test_a_conf_that_is_no_setting_is_refused_with_its_text() -> None:
    with pytest.raises(BadArgumentError, match=r"'spark\.a spark\.b'"):
        spark_settings("spark.x=1 --conf spark.a spark.b")


def test_arguments_of_the_run_replace_those_of_the_job_and_reserved_ones_stay_with_glue() -> None:
    defaults = {"--table": "orders", "--day": "1", "--datalake-formats": "delta", "--conf": "a=1"}
    own = {"--day": "2", "--extra-py-files": "s3://b/x.zip, s3://b/y.zip"}

    run = resolve("s3://b/job.py", defaults, own)

    assert run.script_arguments == ("--table", "orders", "--day", "2")
    assert run.py_files == ("s3://b/x.zip", "s3://b/y.zip")
    assert (run.has_delta, run.spark_settings, run.script) == (True, {"a": "1"}, "s3://b/job.py")
    assert resolve("s3://b/job.py", {}, {"--scriptLocation": "s3://b/other.py"}).script == "s3://b/other.py"


@given(st.dictionaries(st.sampled_from(sorted(RESERVED - {"--conf"})), st.text(), min_size=1))
def test_no_reserved_argument_reaches_the_script(arguments: dict[str, str]) -> None:
    assert resolve("s3://b/job.py", arguments, {}).script_arguments == ()


@given(st.text(alphabet="ab\né"))
def test_log_batches_hold_every_line_that_is_not_empty(text: str) -> None:
    assert [line for batch in batches(text) for line in batch] == [line for line in text.split("\n") if line]


def test_a_log_batch_is_never_larger_than_a_request_may_be() -> None:
    parts = list(batches("\n".join(["x" * 50_000] * 50)))

    assert len(parts) > 1
    assert max(sum(len(line) + 26 for line in part) for part in parts) <= 1_048_576


def test_a_run_that_ended_never_changes_its_state(tmp_path: Path) -> None:
    store = RunStore(tmp_path)
    run = new_run({"Name": "orders", "Timeout": 10}, {"Timeout": 5})
    store.add(run)

    store.end(run["Id"], "SUCCEEDED", seconds=2.5)
    store.end(run["Id"], "FAILED", "too late")
    store.fail_active("crashed while {state}")

    (again,) = RunStore(tmp_path).of_job("orders")
    assert (again["JobRunState"], again["ExecutionTime"], again["Timeout"]) == ("SUCCEEDED", 2, 5)
    assert "ErrorMessage" not in again


def test_a_run_has_the_workers_it_is_started_with_else_those_of_its_job() -> None:
    job = {"Name": "orders", "WorkerType": "G.1X", "NumberOfWorkers": 2}
    own = new_run(job, {"WorkerType": "G.2X", "NumberOfWorkers": 7})

    assert (own["WorkerType"], own["NumberOfWorkers"]) == ("G.2X", 7)
    assert (new_run(job, {})["WorkerType"], new_run(job, {})["NumberOfWorkers"]) == ("G.1X", 2)


def test_options_are_resolved_as_glue_does(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(PROJECT / "local/localcloud/glue/runtime"))
    from awsglue.utils import GlueArgumentError, getResolvedOptions

    given_arguments = ["job.py", "--JOB_NAME", "j", "--table", "orders", "--unknown", "x", "--empty="]
    resolved = getResolvedOptions(given_arguments, ["table", "empty"])

    assert resolved == {"JOB_NAME": "j", "table": "orders", "empty": ""}
    with pytest.raises(GlueArgumentError, match="--day"):
        getResolvedOptions(given_arguments, ["day"])
    sys.modules.pop("awsglue", None)
