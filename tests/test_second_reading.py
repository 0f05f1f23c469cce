"""Agreement of two readings: worked by hand, then the figures on record worked out again."""

import math

import pandas as pd
import pytest

from wattbook.ledger import load_claims
from wattbook.lexicon import load_entities
from wattbook.paths import DATA
from wattbook.second_reading import (
    COLUMNS,
    agreement,
    by_article,
    cohens_kappa,
    load_reading,
    settlement,
    shared_spans,
)


def reading(*rows):
    base = {"article_id": "900-01", "unit": "USD", "kind": "observed", "attributed_to": "paper", "subject": "firm"}
    made = []
    for start, end, value, other in rows:
        made.append(base | {"start": start, "end": end, "low": value, "high": value} | other)
    return pd.DataFrame(made, columns=list(COLUMNS))


FIRST = reading(
    (0, 5, 10, {}),
    (10, 15, 20, {}),
    (20, 25, 30, {"kind": "forecast"}),
    (30, 35, 40, {"article_id": "900-02"}),
)
SECOND = reading(
    (1, 5, 10, {}),  # a shorter span of the same number
    (10, 15, -20, {"kind": "forecast"}),  # sign and kind differ
    (20, 25, 30, {"kind": "forecast", "subject": "bank"}),
    (60, 65, 50, {}),
    (30, 35, 40, {}),  # the same place in the other article
)


def test_spans_are_paired_one_to_one_by_what_they_share():
    pairs = shared_spans(FIRST, SECOND)
    assert pairs[["start_first", "start_second"]].to_numpy().tolist() == [[0, 1], [10, 10], [20, 20]]
    # Of two spans over one number the one with more in common is its partner; the other is left alone.
    two = reading((0, 2, 1, {}), (2, 9, 1, {}))
    assert shared_spans(reading((1, 9, 1, {})), two)["start_second"].tolist() == [2]
    # Spans that only touch share nothing.
    assert len(shared_spans(reading((0, 2, 1, {})), reading((2, 4, 1, {})))) == 0


def test_agreement_by_hand():
    found = agreement(FIRST, SECOND).set_index("measure")
    assert found.loc["numbers kept by both", "value"] == 3
    assert found.loc["second reading's numbers in the first", "value"] == pytest.approx(3 / 5)
    assert found.loc["first reading's numbers in the second", "value"] == pytest.approx(3 / 4)
    assert found.loc["same value", "value"] == pytest.approx(2 / 3)
    assert found.loc["same value, sign apart", "value"] == 1
    assert found.loc["same kind", "value"] == pytest.approx(2 / 3)
    # Observed: 2 of 3 and 1 of 3; forecast: 1 of 3 and 2 of 3. By chance 2/9 + 2/9; (2/3 - 4/9) / (5/9) = 0.4.
    assert found.loc["same kind beyond chance", "value"] == pytest.approx(0.4)
    assert found.loc["same subject", "value"] == pytest.approx(2 / 3)
    assert found.loc["same speaker", "value"] == 1


def test_articles_are_counted_apart():
    assert by_article(FIRST, SECOND).to_numpy().tolist() == [["900-01", 3, 5, 3], ["900-02", 1, 0, 0]]


def test_settlement_names_the_side_that_the_ledger_took():
    now = FIRST.copy()
    now.loc[1, "kind"] = "forecast"  # the second reading's kind
    now.loc[2, "subject"] = "state"  # neither's subject
    now = pd.concat([now, SECOND.iloc[[3]]])  # a number that only the second reading had
    rows = settlement(FIRST, SECOND, now).set_index("what")
    assert rows.loc["value"].tolist() == [1, 1, 0]
    assert rows.loc["kind"].tolist() == [1, 0, 1]
    assert rows.loc["subject"].tolist() == [1, 0, 0]
    assert rows.loc["unit"].tolist() == [0, 0, 0]
    assert rows.loc["only in the first"].tolist() == [1, 1, 0]
    assert rows.loc["only in the second"].tolist() == [2, 0, 1]


@pytest.mark.parametrize(
    ("one", "other", "kappa"),
    [("ab", "ab", 1), ("ab", "ba", -1), ("aabb", "abab", 0), ("aaab", "aabb", 0.5)],
)
def test_kappa_by_hand(one, other, kappa):
    assert cohens_kappa(pd.Series(list(one)), pd.Series(list(other))) == pytest.approx(kappa)


def test_kappa_of_one_label_or_none():
    assert math.isnan(cohens_kappa(pd.Series(["a", "a"]), pd.Series(["a", "a"])))
    with pytest.raises(ValueError, match="same length"):
        cohens_kappa(pd.Series(["a"]), pd.Series(["a", "b"]))


def test_the_figures_on_record_follow_from_the_two_readings():
    recorded = pd.read_csv(DATA / "quality" / "second_reading.csv")
    worked = agreement(load_reading("first"), load_reading("second"))
    assert recorded["value"].tolist() == pytest.approx(worked["value"].tolist(), abs=5e-5)
    columns = ["measure", "n", "unit", "how"]
    assert recorded[columns].to_numpy().tolist() == worked[columns].to_numpy().tolist()


def test_both_readings_cover_all_articles_and_name_entities():
    entities = set(load_entities()["entity_id"])
    articles = set(load_claims()["article_id"])
    for which in ("first", "second"):
        table = load_reading(which)
        assert set(table["article_id"]) == articles
        assert {*table["attributed_to"], *table["subject"]} <= entities
        assert (table["start"] < table["end"]).all()


def test_the_ledger_settles_every_shared_number():
    """Each number that both readings kept is still a claim, and most that only the first kept."""
    pairs = shared_spans(load_reading("first"), load_reading("second"))
    claims = load_claims()
    places = set(zip(claims["article_id"], claims["start"], strict=True))
    assert set(zip(pairs["article_id"], pairs["start_first"], strict=True)) <= places
