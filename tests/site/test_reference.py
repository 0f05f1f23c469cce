"""Reference pages: what they count is what the data hold."""

import csv
import json
import re

import pandas as pd

from wattbook.ledger import load_claims
from wattbook.lexicon import load_entities
from wattbook.paths import DATA
from wattbook.site.reference import IntervalRules, _entity, _resource, mention_counts


def test_mentions_are_counted_per_entity_and_article() -> None:
    with (DATA / "features" / "mentions.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["entity_id"] == "nvidia"]
    counted = mention_counts().loc["nvidia"]
    assert counted["mentions"] == len(rows) > 100
    assert counted["articles"] == len({row["article_id"] for row in rows})


def test_an_entity_links_its_claims() -> None:
    entities = load_entities().set_index("entity_id", drop=False)
    row = pd.concat([entities.loc["us-eia"], pd.Series({"mentions": 3, "articles": 1})])
    text = "\n".join(_entity(row))
    said = load_claims().query("attributed_to == 'us-eia'")["claim_id"]
    assert f"it says ({len(said)})" in text
    assert f"{{claim}}`{said.iloc[0]}`" in text
    assert "(entity-us-eia)=" in text
    assert "3 times in 1 article" in text


def test_a_file_without_columns_is_described_too() -> None:
    package = json.loads((DATA / "datapackage.json").read_text(encoding="utf-8"))
    stopwords = next(r for r in package["resources"] if r["path"] == "lexicon/stopwords.txt")
    assert "list-table" not in "\n".join(_resource(stopwords))
    claims = next(r for r in package["resources"] if r["path"] == "claims.csv")
    assert "\n".join(_resource(claims)).count("* - `") == len(claims["schema"]["fields"])


def test_dollars_in_the_rules_are_no_mathematics(monkeypatch) -> None:
    seen: list[str] = []
    monkeypatch.setattr(IntervalRules, "parse_text_to_nodes", lambda self, text: seen.append(text) or [])
    IntervalRules.run(object.__new__(IntervalRules))
    assert r"US\$422.5 billion to US\$423.5 billion" in seen[0]
    assert re.search(r"(?<!\\)\$", seen[0]) is None
