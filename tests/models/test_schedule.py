"""The forward pass of a schedule, by hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wattbook.models.schedule import Task, power_arrivals, schedule

LEADS = {
    "data centre": 2.0,
    "approval": 4.0,
    "substation": 2.5,
    "review": 3.0,
    "line": 10.0,
    "turbine": 3.0,
    "restart": 4.0,
    "small reactor": 7.5,
}


def test_tasks_start_at_once_unless_they_wait() -> None:
    tasks = {"a": Task(3), "b": Task(2, {"a": 1.0}), "c": Task(4, {"a": 0.5, "b": 0.5}), "d": Task(1)}
    # b waits for all of a: 3 to 5. c waits for half of a (1.5) and half of b (3 + 1 = 4): 4 to 8.
    assert schedule(tasks) == {"a": (0, 3), "b": (3, 5), "c": (4, 8), "d": (0, 1)}


def test_order_of_writing_does_not_matter() -> None:
    assert schedule({"late": Task(1, {"early": 1.0}), "early": Task(2)})["late"] == (2, 3)


def test_a_part_of_nothing_is_side_by_side() -> None:
    assert schedule({"a": Task(3), "b": Task(2, {"a": 0.0})})["b"] == (0, 2)


@pytest.mark.parametrize(
    ("tasks", "message"),
    [
        ({"a": Task(-1)}, "duration of a"),
        ({"a": Task(1, {"b": 1.0})}, "b, which is no task"),
        ({"a": Task(1), "b": Task(1, {"a": 1.5})}, "part of a before b"),
        ({"a": Task(1, {"b": 1.0}), "b": Task(1, {"a": 1.0})}, "circle"),
    ],
)
def test_faults_are_named(tasks: dict[str, Task], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        schedule(tasks)


def test_side_by_side_the_longest_decides() -> None:
    assert power_arrivals(LEADS) == {
        "turbine": (3, 1),
        "grid": (4, 2),
        "restart": (4, 2),
        "small reactor": (7.5, 5.5),
        "grid, new line": (10, 8),
    }


def test_one_after_the_other_they_add_up() -> None:
    arrivals = power_arrivals(LEADS, 1.0)
    assert arrivals["grid"] == (6.5, 4.5)  # 4 + 2.5
    assert arrivals["grid, new line"] == (13, 11)  # 3 + 10
    assert power_arrivals(LEADS, 0.5)["grid"] == (4.5, 2.5)  # 4 / 2 + 2.5


def test_a_building_that_is_late_waits_for_nothing() -> None:
    arrivals = power_arrivals(LEADS | {"data centre": 20.0})
    assert {wait for _, wait in arrivals.values()} == {0}


@given(st.fixed_dictionaries({name: st.floats(0, 20) for name in LEADS}), st.floats(0, 1), st.floats(0, 1))
def test_more_waiting_in_line_is_never_earlier(leads: dict[str, float], one: float, other: float) -> None:
    less, more = power_arrivals(leads, min(one, other)), power_arrivals(leads, max(one, other))
    assert all(more[way][0] >= less[way][0] for way in less)
