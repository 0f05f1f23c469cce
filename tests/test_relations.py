"""How checks, claims and public facts hang together."""

import re

import pandas as pd

from wattbook.audit import VERDICTS, run_audit
from wattbook.ledger import load_claims
from wattbook.relations import check_sources, verdict_counts


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
