"""What is counted of an entity is what the data hold."""

import csv
import io
import math

import pandas as pd
import pytest

from wattbook import external, profiles
from wattbook.ledger import load_claims
from wattbook.lexicon import load_entities, load_entity_keys
from wattbook.paths import DATA
from wattbook.profiles import VIEWS, collocates, companions, entity_counts, public_rows, public_tables


def test_counts_of_an_entity() -> None:
    with (DATA / "features" / "mentions.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["entity_id"] == "nvidia"]
    counted, claims = entity_counts().loc["nvidia"], load_claims()
    assert counted["mentions"] == len(rows) > 100
    assert counted["articles"] == len({row["article_id"] for row in rows})
    assert counted["about"] == (claims["subject"] == "nvidia").sum() > 10
    assert counted["says"] == (claims["attributed_to"] == "nvidia").sum() > 5


@pytest.mark.parametrize(
    ("mentions", "about", "says", "listed", "main"),
    [
        (4, 4, 4, False, False),
        (5, 0, 0, True, False),
        (14, 0, 4, True, False),
        (15, 0, 0, True, True),
        (0, 5, 0, True, True),
        (0, 0, 5, True, True),
    ],
)
def test_who_is_listed_and_who_has_a_page(monkeypatch, mentions, about, says, listed, main) -> None:
    claims = pd.DataFrame(
        {"subject": ["nvidia"] * about + ["x"] * says, "attributed_to": ["x"] * about + ["nvidia"] * says}
    )
    named = pd.DataFrame({"entity_id": ["nvidia"] * mentions, "article_id": ["a"] * mentions})
    monkeypatch.setattr(profiles, "load_claims", lambda: claims)
    monkeypatch.setattr(profiles, "load_mentions", lambda: named)
    row = entity_counts.__wrapped__().loc["nvidia"]
    assert (row["listed"], row["main"]) == (listed, main)


def test_companions_share_passages(monkeypatch) -> None:
    mentions = [("a1", "x", 0), ("a1", "y", 5), ("a1", "y", 12), ("a1", "x", 11), ("a1", "x", 25), ("a2", "z", 3)]
    table = pd.DataFrame(mentions, columns=["article_id", "entity_id", "start"])
    monkeypatch.setattr(profiles, "load_mentions", lambda: table)
    passages = "passage_id,article_id,start,end,tokens\np1,a1,0,10,9\np2,a1,10,20,9\np3,a1,20,30,9\nq1,a2,0,10,9\n"
    monkeypatch.setattr(profiles, "_named_together", profiles._named_together.__wrapped__)
    monkeypatch.setattr(profiles, "_passage_counts", profiles._passage_counts.__wrapped__)
    read = pd.read_csv
    monkeypatch.setattr(pd, "read_csv", lambda path, **options: read(io.StringIO(passages), **options))
    found = companions("x")
    # x is in three passages, y in two, both in two: 14 + log2(2 * 2 / 5).
    assert found.values.tolist() == [["y", 2, pytest.approx(14 + math.log2(4 / 5))]]
    assert companions("z").empty
    assert companions("nobody").empty


def test_collocates_are_the_words_beside_a_name() -> None:
    pairs = pd.read_csv(DATA / "features" / "collocations.csv", dtype={"first": str, "second": str}).astype(
        {"count": int}
    )
    wanted = pairs[(pairs["first"] == "輝達") & (pairs["second"] == "晶片")]["count"].item()
    found = collocates("nvidia").set_index("collocation")
    assert found.loc["輝達 晶片", "count"] == wanted
    assert found.loc["輝達 晶片", "word"] == "晶片"
    # Function words, numbers and the entity's own names are no collocates; both ends of a pair are looked at.
    assert not set(found["word"]) & {"的", "和", "Nvidia", "輝達"}
    assert any(pair.endswith(" 輝達") for pair in found.index)
    assert list(found["log_dice"]) == sorted(found["log_dice"], reverse=True)


def test_every_key_finds_rows_and_has_a_view() -> None:
    keys = load_entity_keys()
    assert set(keys["table"]) <= set(external.names())
    assert set(keys["table"]) == set(VIEWS)
    assert set(keys["entity_id"]) <= set(load_entities()["entity_id"])
    for key in keys.itertuples(index=False):
        assert (external.load(key.table)[key.column] == key.value).any(), key
    # One column says whose the rows are.
    assert (keys.groupby(["entity_id", "table"])["column"].nunique() == 1).all()


def test_public_rows_carry_their_units() -> None:
    columns, rows = public_rows("h20", "ml_hardware")
    assert dict(zip(columns, rows[0], strict=True)) == {
        "Chip": "H20",
        "Released": rows[0][1],
        "16-bit": "148 TFLOPS",
        "8-bit": "",
        "Memory": "96 GB",
        "Bandwidth": "4 TB/s",
        "Power": "400 W",
        "TPP": "2,368 TPP",
    }


def test_filings_are_shown_by_year() -> None:
    columns, rows = public_rows("amazon", "sec_capex_facts")
    assert columns[:2] == ["Fiscal year", "capex"]
    assert dict(zip((row[0] for row in rows), (row[1] for row in rows), strict=True))["2024"] == "US$83 billion"


def test_tables_of_an_entity_without_data() -> None:
    assert public_tables("donald-trump") == []
