"""How claims and checks hang together: which check draws on which claim, and what is counted from it."""

from typing import Literal

import pandas as pd

from wattbook.audit import VERDICTS, Fact, load_facts, parse, run_audit
from wattbook.ledger import Claim, all_claims


def check_sources(results: pd.DataFrame | None = None) -> pd.DataFrame:
    """List what each check draws on.

    Takes the results of `run_audit` (the project's own without them).  Gives one row per check, side and source:
    check_id, side (``left`` or ``right``), kind (``claim`` or ``fact``), source_id, in the order of the checks.
    """
    results = run_audit() if results is None else results
    claims, facts = all_claims(), load_facts()
    rows: list[tuple[str, str, str, str]] = []
    for check_id, left, right in zip(results["check_id"], results["left"], results["right"], strict=True):
        for side, text in (("left", left), ("right", right)):
            for source in parse(text, claims, facts).sources.values() if text.strip() else ():
                match source:
                    case Claim():
                        rows.append((check_id, side, "claim", source.claim_id))
                    case Fact():
                        rows.append((check_id, side, "fact", source.fact_id))
    return pd.DataFrame(rows, columns=["check_id", "side", "kind", "source_id"])


def verdict_counts(by: Literal["theme", "article_id"]) -> pd.DataFrame:
    """Count the checks by verdict, per theme or per article.

    Gives the columns ``by``, verdict, checks; verdicts in the order of `VERDICTS`, those that do not occur left out.  A
    check that draws on several articles counts once for each of them; one that draws on none is left out there.
    """
    results = run_audit()
    table = results[["check_id", "theme", "verdict"]]
    if by == "article_id":
        articles = {one.claim_id: one.article_id for one in all_claims().values()}
        drawn = check_sources(results).query("kind == 'claim'")
        drawn = drawn.assign(article_id=drawn["source_id"].map(articles))
        table = table.merge(drawn[["check_id", "article_id"]].drop_duplicates(), on="check_id")
    counted = table.groupby([by, "verdict"]).size().rename("checks").reset_index()
    rank = counted["verdict"].map(VERDICTS.index)
    return counted.assign(rank=rank).sort_values([by, "rank"], ignore_index=True).drop(columns="rank")
