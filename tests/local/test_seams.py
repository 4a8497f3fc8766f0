import pytest

from localcloud.seams import SEAMS, Seam, moved


@pytest.mark.parametrize("seam", SEAMS, ids=lambda seam: f"{seam.module}.{seam.name}")
def test_ministack_still_has_the_seam(seam: Seam) -> None:
    assert moved(seam) is None


def test_a_seam_that_is_gone_is_named() -> None:
    assert moved(Seam("app", "no_such_thing", "a test")) == (
        "ministack.app.no_such_thing (used for a test) is gone"
    )


def test_a_seam_with_other_parameters_is_named() -> None:
    problem = moved(Seam("app", "app", "a test", ("scope", "receive")))
    assert problem is not None
    assert "takes scope, receive, send instead of scope, receive" in problem
