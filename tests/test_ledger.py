import csv
import hashlib
import os

import pandas as pd
import pytest

from wattbook import ledger
from wattbook.corpus import Article
from wattbook.errors import InputError
from wattbook.intervals import Interval
from wattbook.ledger import COLUMNS, Claim, format_quantity, format_value, is_unit, load_claims, verify
from wattbook.quantities import find_quantities

ROW = {
    "claim_id": "outage-2024",
    "theme": "grid",
    "subject": "us-eia",
    "metric": "saidi_all_events",
    "period": "2024",
    "low": "662.6",
    "high": "662.6",
    "unit": "minute",
    "modifier": "exact",
    "kind": "observed",
    "attributed_to": "us-eia",
    "article_id": "900-01",
    "start": "7",
    "end": "14",
    "printed": "662.6分鐘",
    "statement_en": "Minutes without power per customer.",
    "note": "",
}
BODY = "去年平均停電約662.6分鐘,前年則是4,230億美元的一半。"


def make_claim(printed, low, high, unit, modifier="exact", metric="amount"):
    return Claim(
        **ROW
        | {
            "printed": printed,
            "low": low,
            "high": high,
            "unit": unit,
            "modifier": modifier,
            "metric": metric,
            "start": 0,
            "end": len(printed),
        }
    )


@pytest.fixture
def write(tmp_path):
    def _write(*rows, name="claims.csv"):
        path = tmp_path / name
        with path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
            writer.writeheader()
            writer.writerows(ROW | row for row in rows)
        return path

    return _write


def test_load_gives_typed_columns_in_file_order(write):
    claims = load_claims(write({}, {"claim_id": "b", "low": "600000", "high": "8e5"}))
    assert list(claims.columns) == list(COLUMNS)
    assert list(claims["claim_id"]) == ["outage-2024", "b"]
    assert claims["low"].tolist() == [662.6, 600000.0]
    assert claims["start"].dtype == "int64"
    assert claims["note"].tolist() == ["", ""]


def test_an_empty_ledger_is_typed_too(write):
    claims = load_claims(write())
    assert len(claims) == 0
    assert claims["low"].dtype == "float64"


@pytest.mark.parametrize(
    ("fault", "what"),
    [
        ({"claim_id": "Outage 2024"}, "not a slug"),
        ({"claim_id": "a--b"}, "not a slug"),
        ({"theme": "weather"}, "theme 'weather' is none of"),
        ({"kind": "rumour"}, "kind 'rumour' is none of"),
        ({"modifier": "roughly"}, "modifier 'roughly' is none of"),
        ({"unit": "furlong"}, "unit 'furlong' is not"),
        ({"unit": "USD/furlong"}, "unit 'USD/furlong' is not"),
        ({"subject": "US EIA"}, "subject 'US EIA' is not an entity id"),
        ({"attributed_to": ""}, "attributed_to '' is not an entity id"),
        ({"metric": "SAIDI all"}, "metric 'SAIDI all' is not snake_case"),
        ({"low": "663"}, "low 663 is above high 662.6"),
        ({"low": "many"}, "low 'many' is not a number"),
        ({"high": "inf"}, "must be finite"),
        ({"start": "-1"}, "start '-1' is not an offset"),
        ({"start": "14"}, "start 14 is not before end 14"),
        ({"end": "15"}, "printed has 7 characters, the span 8"),
        ({"statement_en": " "}, "statement_en is empty"),
        ({"claim_id": "first"}, "already used in line 2"),
        ({"note": "two\nlines"}, "not a CSV row of its own"),
    ],
)
def test_a_fault_names_file_line_and_reason(write, fault, what):
    path = write({"claim_id": "first"}, fault)
    with pytest.raises(InputError) as caught:
        load_claims(path)
    assert caught.value.where == f"{path}:3"
    assert what in caught.value.what


def test_article_ids_are_held_against_the_features_beside_the_ledger(write, tmp_path):
    path = write({})
    assert len(load_claims(path)) == 1
    (tmp_path / "features").mkdir()
    (tmp_path / "features" / "articles.csv").write_text("article_id,sha256\n900-02,x\n")
    with pytest.raises(InputError, match="900-01"):
        load_claims(path)


def test_other_columns_short_rows_and_missing_files_are_errors(tmp_path):
    path = tmp_path / "claims.csv"
    with pytest.raises(InputError, match="no such file"):
        load_claims(path)
    with pytest.raises(InputError, match="no such file"):
        ledger.all_claims(path)
    path.write_text("claim_id,theme\na,grid\n")
    with pytest.raises(InputError, match="the columns must be"):
        load_claims(path)
    path.write_text(",".join(COLUMNS) + "\na,grid\n")
    with pytest.raises(InputError, match=r":2: 2 cells instead of 17"):
        load_claims(path)
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(InputError, match="not valid UTF-8"):
        load_claims(path)


def test_look_up_by_id_and_close_matches(write, monkeypatch):
    path = write({}, {"claim_id": "outage-2023"})
    monkeypatch.setattr(ledger, "DATA", path.parent)
    found = ledger.claim("outage-2024")
    assert found.interval == Interval(662.55, 662.65)
    assert (found.start, found.central) == (7, 662.6)
    with pytest.raises(KeyError) as caught:
        ledger.claim("outage-2042")
    assert str(caught.value).startswith("no claim 'outage-2042'; close: ")
    assert "outage-2024" in str(caught.value)
    with pytest.raises(KeyError, match=r"^no claim 'xyz'$"):
        ledger.claim("xyz")


def test_a_changed_file_is_read_again(write, monkeypatch):
    path = write({})
    assert list(ledger.all_claims(path)) == ["outage-2024"]
    stamp = path.stat().st_mtime_ns
    write({"claim_id": "other"})
    os.utime(path, ns=(stamp + 10**9, stamp + 10**9))
    assert list(ledger.all_claims(path)) == ["other"]


# --- verify -----------------------------------------------------------------------------------------------------


def article(body=BODY):
    return Article("900-01", "題", None, body, "900_x.txt", 1, "topic")


@pytest.fixture
def problems(write, tmp_path):
    def _problems(*rows, body=BODY, recorded=BODY):
        digest = hashlib.sha256(recorded.encode()).hexdigest()
        (tmp_path / "features").mkdir(exist_ok=True)
        (tmp_path / "features" / "articles.csv").write_text(f"article_id,sha256\n900-01,{digest}\n")
        return verify(load_claims(write(*rows)), [article(body)], tmp_path / "features")

    return _problems


def test_the_parser_reads_the_sample_as_the_tests_assume():
    first = find_quantities(BODY)[0]
    assert (first.start, first.end, first.low, first.unit, first.modifier) == (7, 14, 662.6, "minute", "about")


def test_a_claim_that_the_article_shows_has_no_problem(problems):
    assert problems({"modifier": "about"}) == []


def test_a_wrong_span_states_both_texts(problems):
    (problem,) = problems({"modifier": "about"}, {"claim_id": "b", "start": "8", "end": "15"})
    assert (problem.claim_id, problem.line) == ("b", 3)
    assert problem.what == "the article shows '62.6分鐘,' at 8:15, the ledger '662.6分鐘'"


@pytest.mark.parametrize(
    ("fault", "ours"),
    [
        ({"modifier": "exact"}, "exact 662.6 minute"),
        ({"modifier": "about", "unit": "hour"}, "about 662.6 hour"),
        ({"modifier": "about", "low": "662.5"}, "about 662.5..662.6 minute"),
        ({"modifier": "about", "high": "662.7"}, "about 662.6..662.7 minute"),
    ],
)
def test_another_reading_states_both(problems, fault, ours):
    (problem,) = problems(fault)
    assert problem.what == f"'662.6分鐘' reads as about 662.6 minute, the ledger has {ours}"


def test_where_no_quantity_is_read(problems):
    (problem,) = problems({"start": "0", "end": "2", "printed": "去年"})
    assert problem.what == "no quantity is read at 0:2 ('去年')"


def test_damage_exempts_from_the_reading_but_not_from_the_span(problems):
    assert problems({"low": "1", "note": "damaged: digits run together"}) == []
    assert problems({"low": "1", "note": "the text is damaged: digits run together"})
    (problem,) = problems({"start": "8", "end": "15", "note": "damaged: digits run together"})
    assert "the article shows" in problem.what


def test_a_bare_numeral_is_read_without_its_unit(problems):
    """上半年為五,下半年為零: no scanner knows what is counted, so the row says so and the numeral alone must agree."""
    body = {"body": "上半年為五,下半年為零。", "recorded": "上半年為五,下半年為零。"}
    zero = {"start": "10", "end": "11", "printed": "零", "low": "0", "high": "0", "unit": "item"}
    assert problems(zero, **body)
    assert problems(zero | {"note": "bare: cards, from the sentence before"}, **body) == []
    (problem,) = problems(zero | {"low": "0", "high": "1", "note": "bare: cards"}, **body)
    assert "does not read as the bare numeral" in problem.what
    (problem,) = problems(zero | {"start": "4", "end": "5", "note": "bare: cards"}, **body)
    assert "the article shows '五'" in problem.what


def test_another_text_or_no_text_is_a_problem_once(problems, tmp_path, write):
    two = ({"modifier": "about"}, {"claim_id": "b", "modifier": "about"})
    (problem,) = problems(*two, recorded="另一篇")
    assert (problem.claim_id, problem.line) == ("outage-2024", 2)
    assert "SHA-256" in problem.what
    (problem,) = verify(load_claims(write(*two)), [], tmp_path / "features")
    assert problem.what == "article 900-01 is not among the files"


def test_verify_keeps_line_numbers_of_a_filtered_table(problems, write, tmp_path):
    problems({})
    claims = load_claims(write({"modifier": "about"}, {"claim_id": "b", "low": "1"}))
    (problem,) = verify(claims[claims["claim_id"] == "b"], [article()], tmp_path / "features")
    assert problem.line == 3


def test_verify_needs_the_recorded_articles(write, tmp_path):
    with pytest.raises(InputError, match="wattbook ingest"):
        verify(load_claims(write({})), [article()], tmp_path / "nowhere")


# --- for readers --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("printed", "low", "high", "unit", "modifier", "expected"),
    [
        ("662.6分鐘", 662.6, 662.6, "minute", "exact", "662.6 minutes"),
        ("1分鐘", 1, 1, "minute", "exact", "1 minute"),
        ("4,230億美元", 423e9, 423e9, "USD", "exact", "US$423 billion"),
        ("3,335億美元", 333.5e9, 333.5e9, "USD", "exact", "US$333.5 billion"),
        ("1.3兆美元", 1.3e12, 1.3e12, "USD", "exact", "US$1.3 trillion"),
        ("1.30兆美元", 1.3e12, 1.3e12, "USD", "exact", "US$1.30 trillion"),
        ("60萬-80萬枚", 6e5, 8e5, "item", "exact", "600,000–800,000 units"),
        ("60萬-80萬枚", 6e5, 8e5, "item", "about", "about 600,000–800,000 units"),
        ("百萬張", 1e6, 1e6, "item", "exact", "1 million units"),
        ("12345678枚", 12345678, 12345678, "item", "exact", "12,345,678 units"),
        ("1枚", 1, 1, "item", "exact", "1 unit"),
        ("38家", 38, 38, "item", "exact", "38"),
        ("25%", 25, 25, "percent", "exact", "25%"),
        ("0%", 0, 0, "percent", "exact", "0%"),
        ("0.10%", -0.1, -0.1, "percent", "exact", "−0.10%"),
        ("3%到5%", -5, -3, "percent", "exact", "−5 to −3%"),
        ("57.3個基點", 57.3, 57.3, "basis_point", "exact", "57.3 basis points"),
        ("6倍", 6, 6, "ratio", "over", "over 6×"),
        ("四分之一", 0.25, 0.25, "ratio", "about", "about 1/4"),
        ("一半", 0.5, 0.5, "ratio", "under", "under 1/2"),
        ("兩年半", 2.5, 2.5, "year", "over", "over 2.5 years"),
        ("0吉瓦", 0, 0, "W", "exact", "0 W"),
        ("2020", 2020, 2020, "year", "exact", "2020"),
        ("350萬到250萬塊", 2.5e6, 3.5e6, "item", "exact", "2.5–3.5 million units"),
        ("2.3吉瓦", 2.3e9, 2.3e9, "W", "at_most", "up to 2.3 GW"),
        ("1500兆瓦", 1.5e9, 1.5e9, "W", "at_least", "at least 1.5 GW"),
        ("945太瓦時", 945e12, 945e12, "Wh", "under", "under 945 TWh"),
        ("16.01美分/千瓦時", 0.1601, 0.1601, "USD/kWh", "exact", "16.01 ¢/kWh"),
        ("1.20美元/千瓦時", 1.2, 1.2, "USD/kWh", "exact", "US$1.20/kWh"),
        ("350億美元/吉瓦", 35, 35, "USD/W", "exact", "US$35 billion/GW"),
        ("1500美元/千瓦", 1.5, 1.5, "USD/W", "exact", "US$1,500/kW"),
        ("2.5美元/瓦", 2.5, 2.5, "USD/W", "exact", "US$2.5/W"),
        ("61.94美元/桶", 61.94, 61.94, "USD/barrel", "exact", "US$61.94 per barrel"),
        ("4236.2美元/盎司", 4236.2, 4236.2, "USD/oz", "exact", "US$4,236.2 per ounce"),
        ("155.20日元", 155.2, 155.2, "JPY/USD", "exact", "JP¥155.20 per US$"),
        ("5萬桶/日", 5e4, 5e4, "barrel/day", "exact", "50,000 barrels a day"),
        ("700W", 700, 700, "W/item", "exact", "700 W per unit"),
        ("1688新台幣", 1688, 1688, "TWD", "exact", "NT$1,688"),
        ("3,800億元", 380e9, 380e9, "CNY", "exact", "CN¥380 billion"),
        ("500億", 50e9, 50e9, "currency_unspecified", "exact", "50 billion (currency not stated)"),
        ("3至5年", 3, 5, "year", "exact", "3–5 years"),
        ("兩年半", 2.5, 2.5, "year", "exact", "2.5 years"),
        ("989 TFLOPS", 989e12, 989e12, "FLOPS", "exact", "989 TFLOPS"),
        ("141GB", 141e9, 141e9, "byte", "exact", "141 GB"),
        ("4.8TB/s", 4.8e12, 4.8e12, "byte/s", "exact", "4.8 TB/s"),
        ("7奈米", 7e-9, 7e-9, "m", "exact", "7 nm"),
        ("345kV", 345e3, 345e3, "V", "exact", "345 kV"),
        ("4800", 4800, 4800, "TPP", "exact", "4,800 TPP"),
        ("440億英里", 44e9, 44e9, "mile", "exact", "44 billion miles"),
        ("3兆到4兆美元", 3e12, 4e12, "USD", "exact", "US$3–4 trillion"),
        ("9.5億到12億美元", 9.5e8, 12e8, "USD", "exact", "US$0.95–1.2 billion"),
        ("9000萬到12億美元", 9e7, 12e8, "USD", "exact", "US$90 million to US$1.2 billion"),
        ("12人", 12, 12, "person", "exact", "12 people"),
    ],
)
def test_values_for_readers(printed, low, high, unit, modifier, expected):
    assert format_value(make_claim(printed, low, high, unit, modifier)) == expected


def test_units_of_a_metric_that_counts_units():
    assert format_value(make_claim("60萬", 6e5, 6e5, "item", metric="units_shipped")) == "600,000 units"


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [
        (333.5432e9, "USD", "US$333.5 billion"),
        (60.0, "percent", "60%"),
        (0.0, "USD", "US$0"),
        (-12.345, "percent", "−12.35%"),
        (999.97e9, "W", "1 TW"),
        (8760, "hour", "8,760 hours"),
        (float("inf"), "W", "∞"),
        (float("-inf"), "W", "−∞"),
    ],
)
def test_computed_values_for_readers(value, unit, expected):
    assert format_quantity(value, unit) == expected


def test_units_of_the_ledger():
    assert all(is_unit(u) for u in ("USD", "byte/s", "USD/kWh", "JPY/USD", "barrel/day", "currency_unspecified"))
    assert not any(is_unit(u) for u in ("kWh", "usd", "USD/", "/USD", "USD/kWh/s", "", "oz"))


def test_tables_and_claims_say_the_same(write):
    table = load_claims(write({}))
    (claim,) = ledger.as_claims(table).values()
    assert pd.Series(vars(claim))[list(COLUMNS)].tolist() == table.iloc[0].tolist()
