"""Reference pages: what they list is what the data hold."""

import json

from wattbook.paths import DATA
from wattbook.site.reference import _resource


def test_a_file_without_columns_is_described_too() -> None:
    package = json.loads((DATA / "datapackage.json").read_text(encoding="utf-8"))
    stopwords = next(r for r in package["resources"] if r["path"] == "lexicon/stopwords.txt")
    assert "list-table" not in "\n".join(_resource(stopwords))
    claims = next(r for r in package["resources"] if r["path"] == "claims.csv")
    assert "\n".join(_resource(claims)).count("* - `") == len(claims["schema"]["fields"])
