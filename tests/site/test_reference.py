"""Reference pages: what they list is what the data hold."""

import json
import re

from wattbook.paths import DATA
from wattbook.site.reference import IntervalRules, _resource


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
