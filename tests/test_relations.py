"""How checks, claims and public facts hang together."""

import re

import pandas as pd

from wattbook.audit import VERDICTS, run_audit
from wattbook.ledger import all_claims, load_claims
from wattbook.relations import check_sources, crosschecks, verdict_counts


def test_sources_of_a_check_by_side() -> None:
    results = pd.DataFrame(
        [
            {"check_id": "a", "left": "{saidi-us-2024} / 2", "right": "{fact:saidi-us-2024-ieee}"},
            {"check_id": "b", "left": "{saidi-us-2024} - {saidi-us-2024}", "right": ""},
        ]
    )
    assert check_sources(results).values.tolist() == [
        ["a", "left", "claim", "saidi-us-2024"],
        ["a", "right", "fact", "saidi-us-2024-ieee"],
        ["b", "left", "claim", "saidi-us-2024"],
    ]


def test_each_check_counts_once_by_theme() -> None:
    results, counted = run_audit(), verdict_counts("theme")
    assert counted["checks"].sum() == len(results)
    grid = counted[counted["theme"] == "grid"].set_index("verdict")["checks"].to_dict()
    assert grid == results[results["theme"] == "grid"]["verdict"].value_counts().to_dict()
    assert list(grid) == [verdict for verdict in VERDICTS if verdict in grid]


def test_a_check_counts_once_for_each_article_it_draws_on() -> None:
    results = run_audit()
    articles = load_claims().set_index("claim_id")["article_id"]
    drawn = [
        {articles[claim] for claim in re.findall(r"\{([a-z0-9-]+)\}", row.left + row.right)}
        for row in results.itertuples()
    ]
    counted = verdict_counts("article_id")
    assert counted["checks"].sum() == sum(map(len, drawn))
    expected = sum("000-05" in ids for ids, kind in zip(drawn, results["verdict"], strict=True) if kind == "derived")
    found = counted.query("article_id == '000-05' and verdict == 'derived'")["checks"].item()
    assert found == expected > 10


def test_crosschecks_hold_one_claim_against_facts() -> None:
    table = crosschecks().set_index("check_id")
    row = table.loc["saidi-us-2024-eia861"]
    assert row["claim_id"] == "saidi-us-2024"
    assert (row["printed"], row["independent"]) == ("662.6 minutes", "662.6 minutes")
    assert row["source"].startswith("EIA, Form EIA-861")
    assert table.loc["saidi-va-2024-any-method", "difference"] == "+130.0%"
    assert set(table["claim_id"]) <= all_claims().keys()
    assert len(table) >= 40
