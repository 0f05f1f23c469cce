"""Whom the articles report."""

import pandas as pd
import pytest
from pytest import approx

from wattbook import quoted

ROWS = pd.DataFrame(
    [
        ("000-01", "named", "nvidia", "000-01-p01"),
        ("000-01", "anaphor", "nvidia", "000-01-p02"),
        ("000-05", "named", "nvidia", "000-05-p01"),
        ("000-01", "unnamed", "", "000-01-p01"),
        ("000-01", "unnamed", "unnamed-sources", "000-01-p02"),
        ("000-01", "anaphor", "", "000-01-p02"),
        ("000-01", "named", "us-eia", "000-01-p03"),
    ],
    columns=["article_id", "kind", "entity_id", "passage_id"],
)
HERE = ["000-01-p01", "000-01-p02", "000-05-p01"]


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quoted, "load_attributions", lambda: ROWS)


def test_sources_are_counted_with_what_is_guessed() -> None:
    found = quoted.reported(HERE).to_dict("records")
    assert found == [
        {"source": "Nvidia", "named": True, "times": 3, "by_pronoun": 1, "articles": 2},
        {"source": "without a name", "named": False, "times": 3, "by_pronoun": 0, "articles": 1},
    ]


def test_passages_that_report_nobody() -> None:
    assert quoted.reported(["000-02-p01"]).empty
    assert quoted.unnamed_shares({"none": ["000-02-p01"]}).empty


def test_shares_by_group() -> None:
    found = quoted.unnamed_shares({"here": HERE, "one": ["000-01-p03"]}).set_index("group")
    assert found.loc["here", ["reports", "unnamed", "share"]].tolist() == [6, 3, 0.5]
    assert found.loc["one", ["reports", "unnamed", "share", "low"]].tolist() == [1, 0, 0, 0]


def test_wilson_by_hand() -> None:
    # 5 of 10: the middle is a half; half the width is z / (1 + z2/10) * sqrt(0.25/10 + z2/400) with z2 = 3.8415.
    assert quoted.wilson(5, 10) == approx((0.2366, 0.7634), abs=5e-5)
    # The textbook's worst case: none of ten still allows z2 / (10 + z2).
    assert quoted.wilson(0, 10) == approx((0, 0.2775), abs=5e-5)
    assert quoted.wilson(10, 10) == approx((0.7225, 1), abs=5e-5)


@pytest.mark.parametrize(("hits", "trials"), [(1, 0), (-1, 3), (4, 3)])
def test_wilson_of_no_share(hits: int, trials: int) -> None:
    with pytest.raises(ValueError, match="no share"):
        quoted.wilson(hits, trials)
