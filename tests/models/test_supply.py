import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest import approx

from wattbook.models.supply import (
    dies_per_wafer,
    project,
    share_by_compute,
    share_by_units,
    units_made,
    within_memory,
)


def test_dies_per_wafer_by_hand():
    # 300 mm and 800 mm2: pi * 90000 / 3200 = 88.3573, less pi * 300 / sqrt(1600) = 23.5619: 64.7953.
    assert dies_per_wafer(800) == approx(64.7953, abs=1e-4)


def test_units_made_by_hand():
    # 1000 wafers of 60 dies, one in five good, two dies to a chip: 6000.
    assert units_made(1000, 60, 0.2, dies_per_chip=2) == approx(6000)
    # Three times the yield makes three times the chips.
    assert units_made(1000, 60, np.array([0.2, 0.6])).tolist() == approx([12_000, 36_000])


def test_project_by_hand():
    assert project(100, 0.5, 2).tolist() == approx([100, 150, 225])
    assert project(100, [0.5, -0.5], 2).tolist() == approx([100, 150, 75])
    assert project(100, 0.5, 0).tolist() == [100]


def test_memory_caps_only_what_exceeds_it():
    # 100, 150 and 225 made, memory for 160.
    assert within_memory(project(100, 0.5, 2), 160).tolist() == approx([100, 150, 160])
    assert within_memory(3.0, 2.0) == approx(2.0)


def test_shares_by_hand():
    assert share_by_units(100, 300) == approx(0.25)
    # 100 chips of 2 against 300 of 1: 200 of 500.
    assert share_by_compute(100, 300, 2, 1) == approx(0.4)


def test_shares_along_a_path_by_hand():
    # 100 growing by half against a steady 100: 100/200, 150/250, 225/325.
    assert share_by_units(project(100, 0.5, 2), 100).tolist() == approx([0.5, 0.6, 0.692308], abs=1e-6)


counts = st.floats(0.1, 1e7)


@given(counts, counts, counts, counts, st.floats(1, 10))
def test_more_inflow_from_abroad_never_raises_the_domestic_share(home, abroad, home_tpp, abroad_tpp, factor):
    share = share_by_compute(home, abroad, home_tpp, abroad_tpp)
    assert 0 <= share <= 1
    assert share_by_compute(home, abroad * factor, home_tpp, abroad_tpp) <= share + 1e-12
    assert share_by_compute(abroad, home, abroad_tpp, home_tpp) == approx(1 - share)


@pytest.mark.parametrize(
    "call",
    [
        lambda: dies_per_wafer(0),
        lambda: dies_per_wafer(50_000),
        lambda: units_made(-1, 60, 0.5),
        lambda: units_made(1, 60, 1.5),
        lambda: units_made(1, 60, 0.5, 0),
        lambda: within_memory(-1, 2),
        lambda: within_memory(1, -2),
        lambda: project(-1, 0.1, 2),
        lambda: project(1, -1, 2),
        lambda: project(1, [0.1], 2),
        lambda: project(1, 0.1, -1),
        lambda: share_by_units(0, 0),
        lambda: share_by_units(-1, 2),
        lambda: share_by_compute(1, 1, 0, 1),
    ],
)
def test_impossible_inputs_are_refused(call):
    with pytest.raises(ValueError):
        call()
