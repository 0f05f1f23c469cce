"""Printed against independent: worked by hand on a small ledger, then what must hold of the real one."""

import csv
import math

import pytest

from wattbook.audit import VERDICTS
from wattbook.crosscheck import COLUMNS, GAP_COLUMNS, coverage, crosschecks, load_gaps
from wattbook.ledger import COLUMNS as CLAIM_COLUMNS
from wattbook.ledger import THEMES, all_claims

CLAIM = {
    "theme": "capex",
    "subject": "firm",
    "metric": "capex",
    "period": "2024",
    "modifier": "exact",
    "kind": "observed",
    "attributed_to": "paper",
    "article_id": "900-01",
    "start": "0",
    "statement_en": "A number.",
    "note": "",
}
CLAIMS = [("spent", "80億美元", 8e9, "USD"), ("grew", "60%", 60, "percent"), ("none", "0%", 0, "percent")]
FACTS = [
    ("filed", "75e8", "", "", "USD", "Form 10-K", ""),
    ("before", "5e9", "", "", "USD", "Form 10-K", ""),
    ("share", "4", "", "", "percent", "Form 10-Q", ""),
    ("year", "64e8", "60e8", "70e8", "USD", "Survey", ""),
]
CHECKS = [
    ("lookup", "{fact:filed}", "{spent}"),
    ("lookup", "{spent}", "{fact:filed}"),
    ("growth", "{spent}/{fact:before}-1", "{grew}"),
    ("growth", "{fact:filed}/{fact:before}-1", "{grew}"),
    ("ratio", "{spent}/{fact:year}", ""),
    ("ratio", "{fact:year}/{spent}", ""),
    ("lookup", "{fact:share}", "{none}"),
    # No cross-checks: no fact, no claim, a share of something else, a claim on both sides of a ratio.
    ("same", "{spent}", "{spent}"),
    ("lookup", "{fact:filed}", "{fact:before}"),
    ("share", "{spent}/{fact:year}", ""),
    ("ratio", "({spent}-{fact:before})/{spent}", ""),
    ("ratio", "{spent}*{fact:share}", ""),
]


@pytest.fixture
def folder(tmp_path):
    def write(name, columns, rows):
        with (tmp_path / name).open("w", newline="", encoding="utf-8") as file:
            csv.writer(file, lineterminator="\n").writerows([columns, *rows])

    (tmp_path / "external").mkdir()
    write(
        "claims.csv",
        CLAIM_COLUMNS,
        [
            [row[column] for column in CLAIM_COLUMNS]
            for row in (
                CLAIM | {"claim_id": i, "printed": p, "low": v, "high": v, "unit": u, "end": len(p)}
                for i, p, v, u in CLAIMS
            )
        ],
    )
    write("external/lookup_facts.csv", ["fact_id", "value", "low", "high", "unit", "source", "note"], FACTS)
    write(
        "checks.csv",
        ["check_id", "theme", "kind", "left", "right", "comment_en"],
        [[f"c{n}", "capex", *check, f"Why {n}."] for n, check in enumerate(CHECKS)],
    )
    write("crosscheck_gaps.csv", GAP_COLUMNS, [["capex", "Leases", "spent grew", "Not filed.", "The lease table."]])
    return tmp_path


def test_rows_by_hand(folder):
    found = crosschecks(folder)
    assert tuple(found.columns) == COLUMNS
    rows = found.set_index("check_id").to_dict("index")
    assert list(rows) == ["c0", "c1", "c2", "c3", "c4", "c5", "c6"]
    # 8.0 against 7.5: half a billion, 6.7% of 7.5.
    for check_id in ("c0", "c1"):
        assert rows[check_id]["printed"] == "US$8 billion"
        assert rows[check_id]["independent"] == "US$7.5 billion"
        assert rows[check_id]["difference"] == "US$500 million (+6.7%)"
        assert rows[check_id]["difference_percent"] == pytest.approx(100 / 15)
    assert rows["c0"]["explanation"] == "Why 0."
    assert rows["c0"]["source"] == "Form 10-K"
    # 8 / 5 - 1 = 60%, as printed, but with a printed number in it; 7.5 / 5 - 1 = 50%.
    assert (rows["c2"]["difference"], rows["c2"]["basis"]) == ("none", "with printed figures")
    assert (rows["c3"]["independent"], rows["c3"]["difference"]) == ("50%", "10 percentage points (+20.0%)")
    assert rows["c3"]["basis"] == "independent"
    assert rows["c3"]["claim_id"] == "grew"
    # A month and its year: 8 beside 6.4 whichever stands above, no verdict.
    for check_id in ("c4", "c5"):
        assert (rows[check_id]["independent"], rows[check_id]["verdict"]) == ("US$6.4 billion", "derived")
        assert rows[check_id]["difference_percent"] == pytest.approx(25)
    assert rows["c6"]["difference"] == "−4 percentage points (−100.0%)"


def test_an_independent_zero_gives_no_percentage(folder):
    facts = folder / "external" / "lookup_facts.csv"
    facts.write_text(facts.read_text().replace("share,4,", "share,0,"))
    row = crosschecks(folder).set_index("check_id").loc["c6"]
    assert row["difference"] == "none"
    assert math.isnan(row["difference_percent"])


def test_coverage_counts_claims_once(folder):
    row = coverage(folder).set_index("theme").loc["capex"]
    assert row.to_dict() == {"claims": 3, "cross_checked": 3, "comparisons": 7, "gaps": 1}


def test_forty_claims_of_the_ledger_stand_beside_independent_figures():
    found = crosschecks()
    independent = found[found["basis"] == "independent"]
    assert independent["claim_id"].nunique() >= 40
    assert set(independent["theme"]) == set(THEMES)
    assert set(found["verdict"]) <= set(VERDICTS)
    assert found["source"].str.len().min() > 10
    assert (found["explanation"].str.split().str.len() >= 3).all()


def test_each_theme_owns_up_to_two_gaps_or_more():
    gaps = load_gaps()
    assert gaps.groupby("theme").size().reindex(list(THEMES)).min() >= 2
    known = all_claims()
    for row in gaps.itertuples():
        ids = row.claim_ids.split()
        assert ids
        assert set(ids) <= set(known)
        # Most of a gap's claims are of its theme: it is filed where readers of that theme meet it.
        assert sum(known[one].theme == row.theme for one in ids) * 2 >= len(ids), row.group
        assert len(row.why) > 30
        assert row.needed
