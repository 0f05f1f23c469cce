"""What arrives when: start and finish of tasks that wait for one another."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from graphlib import CycleError, TopologicalSorter

from wattbook.models import not_negative, share


@dataclass(frozen=True)
class Task:
    """One thing to be waited for.

    ``duration`` is in any one unit of time.  ``after`` names the tasks of which a part must be over before this one
    starts, each with that part: 0 for side by side, 1 for one after the other.
    """

    duration: float
    after: Mapping[str, float] = field(default_factory=dict)


def schedule(tasks: Mapping[str, Task]) -> dict[str, tuple[float, float]]:
    """Give the earliest start and finish of every task, counted from the moment of the decision.

    This is the forward pass of the critical path method (Kelley and Walker 1959, `kelley1959`), with a share of a
    predecessor in place of the whole: start = max(start of p + share of p * duration of p), finish = start +
    duration.
    Raises ValueError for a negative duration, a share outside 0 to 1, a predecessor that is no task, or a circle.
    """
    for name, task in tasks.items():
        not_negative(f"duration of {name}", task.duration)
        for before, part in task.after.items():
            if before not in tasks:
                raise ValueError(f"{name} comes after {before}, which is no task")
            share(f"part of {before} before {name}", part)
    try:
        order = list(TopologicalSorter({name: list(task.after) for name, task in tasks.items()}).static_order())
    except CycleError as error:
        raise ValueError(f"tasks wait for one another in a circle: {' -> '.join(error.args[1])}") from error
    times: dict[str, tuple[float, float]] = {}
    for name in order:
        task = tasks[name]
        start = max((times[p][0] + part * tasks[p].duration for p, part in task.after.items()), default=0.0)
        times[name] = (start, start + task.duration)
    return times


def power_arrivals(lead_times: Mapping[str, float], in_line: float = 0.0) -> dict[str, tuple[float, float]]:
    """Tell when a data centre gets power, by the way it is supplied.

    Takes lead times in years: ``data centre``, ``approval`` of the connection, ``substation``, environmental
    ``review``, ``line``, ``turbine``, ``restart`` of a reactor and ``small reactor``.  ``in_line`` is the part of the
    approval that must be over before the substation is ordered, and of the review before the line is begun.

    Gives for each way when power is there and how long the finished building has waited for it: ``grid`` needs
    approval and substation, ``grid, new line`` review and line as well; a turbine, a restarted and a small reactor
    need only themselves.  The wait is 0 where power comes before the building is finished.
    """
    waits = {"substation": {"approval": in_line}, "line": {"review": in_line}}
    times = schedule({name: Task(years, waits.get(name, {})) for name, years in lead_times.items()})
    built = times["data centre"][1]
    needs = {
        "turbine": ["turbine"],
        "grid": ["approval", "substation"],
        "restart": ["restart"],
        "small reactor": ["small reactor"],
        "grid, new line": ["approval", "substation", "review", "line"],
    }
    there = {way: max(times[name][1] for name in needed) for way, needed in needs.items()}
    return {way: (power, max(power - built, 0.0)) for way, power in there.items()}
