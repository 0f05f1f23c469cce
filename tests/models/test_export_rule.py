import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest import approx

from wattbook.models.export_rule import (
    case_by_case_2026,
    classify,
    classify_2022,
    controlled_density,
    performance_density,
    total_processing_performance,
)


def test_tpp_by_hand():
    # H100: 1979 dense 8-bit TFLOPS * 8 = 15832; H20: 296 TOPS * 8 = 2368; at 16 bits 148 * 16 is the same.
    assert total_processing_performance(1979, 8) == 15832
    assert total_processing_performance(np.array([296, 148]), np.array([8, 16])).tolist() == [2368, 2368]
    # The rule's own examples for its line of 4800: 600 integer TOPS at 8 bits, 300 TFLOPS at 16 bits.
    assert total_processing_performance(600, 8) == total_processing_performance(300, 16) == 4800


def test_performance_density_by_hand():
    # 15832 / 814 mm2 = 19.4496.
    assert performance_density(15832, 814) == approx(19.4496, abs=1e-4)


@pytest.mark.parametrize(
    ("chip", "tpp", "density", "datacenter", "limb"),
    [
        # Dense data-sheet figures and die areas.
        ("H100", 15832, 15832 / 814, True, "3A090.a"),
        ("A100 and A800", 4992, 4992 / 826, True, "3A090.a"),
        ("H20", 2368, 2368 / 814, True, None),  # below 2400, and 2.91 below 3.2
        ("RTX 4090", 5285, 5285 / 608, False, "3A090.a"),  # above 4800 whatever it is sold for
        # Each line of the rule, and just below it.
        ("a.1", 4800, 0, True, "3A090.a"),
        ("a.2", 1600, 5.92, True, "3A090.a"),
        ("a.2 for gamers", 1600, 5.92, False, None),
        ("too little for a.2", 1599.9, 50, True, None),
        ("b.1", 2400, 1.6, True, "3A090.b"),
        ("b.1 for gamers", 2400, 1.6, False, None),
        ("b.1, upper end", 4799.9, 5.91, True, "3A090.b"),
        ("too little for b.1", 2399.9, 3.19, True, None),
        ("too thin for b.1", 4799.9, 1.59, True, None),
        ("b.2", 1600, 3.2, True, "3A090.b"),
        ("too thin for b.2", 2399.9, 3.1999, True, None),
        ("planar", 4000, 0, True, None),
    ],
)
def test_classify(chip, tpp, density, datacenter, limb):
    assert classify(tpp, density, datacenter) == limb, chip


RANK = {None: 0, "3A090.b": 1, "3A090.a": 2}
amount = st.floats(0, 7000)
density = st.floats(0, 8)


@given(amount, density, amount, density, st.booleans())
def test_a_better_chip_is_never_controlled_less(tpp, d, more_tpp, more_d, datacenter):
    better = classify(tpp + more_tpp, d + more_d, datacenter)
    assert RANK[better] >= RANK[classify(tpp, d, datacenter)]


@given(amount, density)
def test_classify_agrees_with_the_rule_as_written(tpp, d):
    a = tpp >= 4800 or (tpp >= 1600 and d >= 5.92)
    b = (2400 <= tpp < 4800 and 1.6 <= d < 5.92) or (tpp >= 1600 and 3.2 <= d < 5.92)
    assert classify(tpp, d) == ("3A090.a" if a else "3A090.b" if b else None)


@pytest.mark.parametrize(
    ("tpp", "io", "limb"),
    [(4992, 600, "3A090.a"), (4992, 400, None), (4800, 600, "3A090.a"), (4799, 900, None), (15832, 599, None)],
)
def test_classify_2022(tpp, io, limb):
    # The first two are A100 and A800: the same chip, with a slower link.
    assert classify_2022(tpp, io) == limb


@pytest.mark.parametrize(
    ("tpp", "bandwidth", "below"),
    [(15832, 4800, True), (20999, 6499, True), (21000, 4800, False), (15832, 6500, False)],
)
def test_case_by_case_2026(tpp, bandwidth, below):
    # The first is H200: 15832 and 4.8 TB/s.
    assert case_by_case_2026(tpp, bandwidth) is below


@pytest.mark.parametrize(
    "call",
    [
        lambda: total_processing_performance(-1, 8),
        lambda: total_processing_performance(1, 0),
        lambda: performance_density(1, 0),
        lambda: classify(-1, 0),
        lambda: classify(1, float("nan")),
        lambda: classify_2022(1, -1),
        lambda: case_by_case_2026(1, -1),
    ],
)
def test_impossible_inputs_are_refused(call):
    with pytest.raises(ValueError):
        call()


@pytest.mark.parametrize(
    ("tpp", "datacenter", "density"),
    [
        (1599, True, None),
        (1600, True, 3.2),
        (2368, True, 3.2),  # the H20
        (2400, True, 1.6),
        (4799, True, 1.6),
        (4800, True, 0),
        (2400, False, None),
        (4800, False, 0),
    ],
)
def test_controlled_density_by_hand(tpp, datacenter, density):
    assert controlled_density(tpp, datacenter) == density


@given(st.floats(0, 30_000), st.floats(0.01, 60), st.booleans())
def test_a_chip_is_controlled_from_that_density_on(tpp, density, datacenter):
    limit = controlled_density(tpp, datacenter)
    assert (classify(tpp, density, datacenter) is not None) == (limit is not None and density >= limit)
