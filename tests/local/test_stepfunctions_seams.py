import pytest

from localcloud.athena import SEAMS as ATHENA
from localcloud.seams import Seam, moved
from localcloud.stepfunctions import SEAMS as STEPFUNCTIONS


@pytest.mark.parametrize("seam", [*STEPFUNCTIONS, *ATHENA], ids=lambda seam: ".".join(seam[:2]))
def test_ministack_still_has_the_seam(seam: tuple[str, str, str, tuple[str, ...] | None]) -> None:
    assert moved(Seam(*seam)) is None
