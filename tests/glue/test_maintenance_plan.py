"""The budget: nothing is begun after the deadline, and everything is either done or left."""

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from lakehouse.maintenance_plan import Partition, until

START = datetime(2025, 5, 1)


@given(st.lists(st.integers(0, 50)), st.integers(0, 200))
def test_no_piece_of_work_is_begun_after_the_deadline_and_it_is_passed_by_one_at_most(
    seconds: list[int], budget: int
) -> None:
    deadline = START + timedelta(seconds=budget)
    moments = [START]
    for duration in until(deadline, seconds, lambda: moments[-1]):
        moments.append(moments[-1] + timedelta(seconds=duration))
    *begun, end = moments
    assert all(moment < deadline for moment in begun)
    assert end <= deadline + timedelta(seconds=max(seconds, default=0))
    left = seconds[len(begun) :]
    assert not left or end >= deadline, "it ends early only for the budget"


@given(st.lists(st.integers(0, 50)))
def test_a_deadline_in_the_past_begins_nothing(seconds: list[int]) -> None:
    assert list(until(START, seconds, lambda: START)) == []


def test_a_partition_is_a_condition_on_its_values_whatever_they_hold() -> None:
    partition = Partition((("day", None), ("shop", "it's a \\")), z_order=False)
    assert partition.predicate == "`day` IS NULL AND `shop` = 'it\\'s a \\\\'"
    assert Partition((), z_order=False).predicate == ""
