"""What holds of the ledger as a whole."""

import re

import pytest

from wattbook.audit import load_metrics
from wattbook.ledger import load_claims
from wattbook.periods import days

CLAIMS = load_claims()
# Words that lean on the row before: a claim has a page anchor of its own and is read alone.
LEANING = re.compile(
    r"\b(those|that sum|among them|the same (?:sum|multiple|total|argument|day)|the line above)\b", re.IGNORECASE
)


def test_metrics_are_defined_and_used():
    metrics = load_metrics()
    assert set(metrics) == set(CLAIMS["metric"])
    assert set(metrics.values()) == {"level", "flow", "change"}


def test_periods_can_be_read():
    unread = {p for p in CLAIMS["period"] if p and days(p) is None}
    assert all(p.startswith("FY") for p in unread), unread


@pytest.mark.parametrize("article_id", sorted(set(CLAIMS["article_id"])))
def test_a_number_is_claimed_once_per_place(article_id):
    spans = CLAIMS[CLAIMS["article_id"] == article_id].sort_values("start")
    assert (spans["end"].to_numpy()[:-1] <= spans["start"].to_numpy()[1:]).all()


def test_statements_stand_alone_and_are_our_own():
    for claim in CLAIMS.itertuples():
        assert claim.statement_en.endswith("."), claim.claim_id
        assert not LEANING.search(claim.statement_en), claim.claim_id
        assert not re.search("[\u4e00-\u9fff]", claim.statement_en), claim.claim_id


def test_a_share_fell_or_rose_by_a_number_without_sign():
    """Falls have metrics of their own (drop, decline), so that no number is negative that is printed without a sign."""
    assert (CLAIMS["low"] >= 0).all()
