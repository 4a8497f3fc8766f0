from pathlib import Path

import pytest

from glue_jobs import package
from localcloud.debugging import Debugging, DebugSettingError, debugging_from, unpack


@pytest.mark.parametrize(
    ("value", "found"),
    [("", None), ("5678", Debugging("", 5678)), ("orders:5679", Debugging("orders", 5679))],
)
def test_the_variable_names_a_port_or_a_dataset_and_a_port(value: str, found: Debugging | None) -> None:
    assert debugging_from({"LOCALCLOUD_GLUE_DEBUG": value}) == found


@pytest.mark.parametrize("value", ["yes", "orders", "orders:", "0", "65536", "-1", "5678:orders"])
def test_another_value_is_refused_with_what_to_write(value: str) -> None:
    with pytest.raises(DebugSettingError, match=f"{value}: write a port, or a dataset and a port"):
        debugging_from({"LOCALCLOUD_GLUE_DEBUG": value})


def test_only_jobs_of_the_dataset_wait() -> None:
    jobs = ["lakehouse-local-orders", "lakehouse-local-order_items"]

    assert [Debugging("orders", 1).concerns(job) for job in jobs] == [True, False]
    assert [Debugging("", 1).concerns(job) for job in jobs] == [True, True]


def test_the_code_of_a_run_replaces_that_of_the_run_before(tmp_path: Path) -> None:
    folder = tmp_path / "debug"
    for number in (1, 2):
        script, shipped = tmp_path / "main.py", tmp_path / f"shipped{number}.zip"
        script.write_text(f"# {number}")
        shipped.write_bytes(package(**{f"module{number}": ""}))
        found = unpack(folder, script, [str(shipped)])

    assert found == (folder / "main.py", [str(folder)])
    assert sorted(file.name for file in folder.iterdir()) == ["main.py", "module2.py"]
    assert (folder / "main.py").read_text() == "# 2"
