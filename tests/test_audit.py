import csv
import io
import json
import math
import re

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wattbook.audit import (
    RESULT_COLUMNS,
    Fact,
    find_conflicts,
    load_checks,
    load_facts,
    parse,
    readable,
    render,
    run_audit,
    verdict,
)
from wattbook.errors import InputError
from wattbook.intervals import Interval
from wattbook.ledger import COLUMNS, Claim, load_claims

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


def claim_row(claim_id, printed, low, high=None, unit="USD", **other):
    row = CLAIM | {"claim_id": claim_id, "printed": printed, "low": low, "high": low if high is None else high}
    return row | {"unit": unit, "end": len(printed)} | other


CLAIMS = [
    claim_row("a-capex", "77.7億美元", 7.77e9),
    claim_row("b-capex", "75.6億美元", 7.56e9),
    claim_row("sum", "153億美元", 15.3e9),
    claim_row("sum-wrong", "160億美元", 16e9),
    claim_row("prior", "50億美元", 5e9),
    claim_row("growth", "55%", 55, unit="percent"),
    claim_row("growth-off", "56%", 56, unit="percent"),
    claim_row("plant", "2.3吉瓦", 2.3e9, unit="W"),
    claim_row("chips", "20萬枚", 2e5, unit="item"),
    claim_row("energy", "20太瓦時", 20e12, unit="Wh"),
    claim_row("hours", "11小時", 11, unit="hour", modifier="about"),
    claim_row("minutes", "662.6分鐘", 662.6, unit="minute"),
    claim_row("share-a", "40%", 40, unit="percent", metric="share", attributed_to="one"),
    claim_row("share-b", "50%", 50, unit="percent", metric="share", attributed_to="two", modifier="over"),
    claim_row("share-c", "0.42", 0.42, unit="ratio", metric="share", attributed_to="three"),
    claim_row("range", "60萬-80萬枚", 6e5, 8e5, unit="item"),
    claim_row("yuan", "380億元", 38e9, unit="CNY"),
]
FACTS = "fact_id,value,low,high,unit,source,note\nfiling,77.9e8,,,USD,10-K,\nlife,4,2,6,year,10-K,\n"


@pytest.fixture
def folder(tmp_path):
    def _folder(*checks, claims=CLAIMS, facts=FACTS):
        with (tmp_path / "claims.csv").open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
            writer.writeheader()
            writer.writerows(claims)
        with (tmp_path / "checks.csv").open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(["check_id", "theme", "kind", "left", "right", "comment_en"])
            writer.writerows([f"c{n}", "capex", *check, "Why."] for n, check in enumerate(checks))
        (tmp_path / "external").mkdir(exist_ok=True)
        (tmp_path / "external" / "lookup_facts.csv").write_text(facts, encoding="utf-8")
        return tmp_path

    return _folder


def outcome(folder, kind, left, right=""):
    (row,) = run_audit(folder((kind, left, right))).to_dict("records")
    return row


def test_columns_and_order(folder):
    results = run_audit(folder(("sum", "{a-capex}", "{sum}"), ("ratio", "{sum}/{prior}", "")))
    assert tuple(results.columns) == RESULT_COLUMNS
    assert list(results["check_id"]) == ["c0", "c1"]
    assert tuple(run_audit(folder()).columns) == RESULT_COLUMNS


@pytest.mark.parametrize(
    ("kind", "left", "right", "expected"),
    [
        # 77.7 + 75.6 = 153.3, printed 153 stands for 152.5 to 153.5
        ("sum", "{a-capex}+{b-capex}", "{sum}", "consistent"),
        ("sum", "{a-capex}+{b-capex}", "{sum-wrong}", "inconsistent"),
        # 7.77 / 5 - 1 = 55.4%, rounds to 55
        ("growth", "{a-capex}/{prior}-1", "{growth}", "consistent"),
        # 5 stands for 4.75 to 5.25: growth of 47.9% to 63.7%, so 56 is within rounding
        ("growth", "{a-capex}/{prior}-1", "{growth-off}", "rounding"),
        ("conversion", "{minutes}", "{hours}", "consistent"),
        ("power", "{plant}*1[year]", "{energy}", "consistent"),
        ("same", "{share-a}", "{share-b}", "contested"),
        ("share", "{share-a}", "{share-b}", "inconsistent"),
        ("same", "{sum}", "{sum-wrong}", "inconsistent"),
        ("same", "{share-a}", "{share-c}", "rounding"),
        ("lookup", "{fact:filing}", "{a-capex}", "contested"),
        ("ratio", "{sum}/{prior}", "", "derived"),
    ],
)
def test_verdicts(folder, kind, left, right, expected):
    assert outcome(folder, kind, left, right)["verdict"] == expected


def test_a_wider_about_forgives_more(folder):
    # About 6 reaches from 5.4 to 6.6 at 10%, from 4.8 to 7.2 at 20%; 6.69 lies in the second only.  Facts keep theirs.
    claims = [claim_row("factor", "6倍", 6, unit="ratio", modifier="about")]
    facts = "fact_id,value,low,high,unit,source,note\nsheet,6.69,,,ratio,data sheet,\n"
    where = folder(("lookup", "{fact:sheet}", "{factor}"), claims=claims, facts=facts)
    assert [run_audit(where, about).loc[0, "verdict"] for about in (0.1, 0.2)] == ["contested", "consistent"]


def test_the_working_and_the_ranges_are_in_the_printed_unit(folder):
    row = outcome(folder, "sum", "{a-capex} + {b-capex}", "{sum}")
    assert row["unit"] == "USD"
    assert (row["left_value"], row["right_value"]) == pytest.approx((15.33e9, 15.3e9))
    assert (row["left_low"], row["left_high"]) == pytest.approx((15.32e9, 15.34e9))
    assert (row["right_low"], row["right_high"]) == pytest.approx((15.25e9, 15.35e9))
    assert row["working"] == "US$7.77 billion + US$7.56 billion = US$15.33 billion; against US$15.3 billion"
    assert row["comment_en"] == "Why."


@pytest.mark.parametrize(
    ("kind", "left", "unit", "value", "working"),
    [
        ("growth", "{sum}/{prior}-1", "percent", 206.0, "US$15.3 billion ÷ US$5 billion − 1 = 206%"),
        ("ratio", "{sum}/{prior}", "ratio", 3.06, "US$15.3 billion ÷ US$5 billion = 3.06×"),
        ("power", "{plant}/{chips}", "W/item", 11500, "2.3 GW ÷ 200,000 units = 11.5 kW per unit"),
        ("power", "{plant}*1[year]", "Wh", 2.3e9 * 8760, "2.3 GW × 1 year = 20.15 TWh"),
        ("price", "{sum}/{energy}", "USD/kWh", 0.765, "US$15.3 billion ÷ 20 TWh = 76.5 ¢/kWh"),
        ("date", "2027[year]-2024[year]", "year", 3, "2027 − 2024 = 3 years"),
        ("prior", "{minutes}", "minute", 662.6, "662.6 minutes"),
        ("prior", "-({sum} - {prior})", "USD", -10.3e9, " − (US$15.3 billion − US$5 billion) = −US$10.3 billion"),
        ("growth", "({sum}/{prior})**(1/2)-1", "percent", 74.928557, None),
        ("count", "{range}*2", "item", 1.4e6, "600,000–800,000 units × 2 = 1.4 million"),
        ("lookup", "{fact:filing}", "USD", 7.79e9, "US$7.79 billion"),
        ("lookup", "{fact:life}", "year", 4, "2–6 years"),
        ("power", "{plant}*{chips}", "W*item", 4.6e14, "2.3 GW × 200,000 units = 4.6e+14 W*item"),
    ],
)
def test_derived_values_and_their_units(folder, kind, left, unit, value, working):
    row = outcome(folder, kind, left)
    assert row["unit"] == unit
    assert row["left_value"] == pytest.approx(value)
    assert row["verdict"] == "derived"
    assert math.isnan(row["right_value"])
    if working is not None:
        assert row["working"] == working


@pytest.mark.parametrize(
    ("left", "low", "high"),
    [
        # sum 15.25 to 15.35, prior 4.75 to 5.25 (one digit and a zero: 5%)
        ("({sum}-{prior})/{prior}", 15.25 / 5.25 - 1, 15.35 / 4.75 - 1),
        ("{prior}/({prior}+{sum})", 4.75 / (4.75 + 15.35), 5.25 / (5.25 + 15.25)),
        ("{prior}*{prior}/1[USD]/1[USD]/1e18", 4.75**2, 5.25**2),
        ("({prior}-{prior}/2)/1[USD]", 2.375e9, 2.625e9),
    ],
)
def test_a_number_that_occurs_twice_is_one_number(folder, left, low, high):
    row = outcome(folder, "ratio", left)
    assert (row["left_low"], row["left_high"]) == pytest.approx((low, high))


def test_where_the_slope_changes_sign_the_range_still_encloses(folder):
    # x (2 - x) with x = life / 4 years in [0.5, 1.5]: true range [0.75, 1]
    row = outcome(folder, "ratio", "({fact:life}/4[year])*(2-{fact:life}/4[year])")
    assert row["left_low"] <= 0.75
    assert row["left_high"] >= 1


def test_unbounded_ranges_go_through(folder):
    row = outcome(folder, "ratio", "{share-b}/{share-a}")
    assert row["left_low"] == pytest.approx(50 / 42)
    assert row["left_high"] == math.inf


@pytest.mark.parametrize(
    ("left", "right", "what"),
    [
        ("{nobody}", "", "no claim 'nobody'"),
        ("{fact:nobody}", "", "no fact 'nobody'"),
        ("{sum}+{plant}", "", "dimensions differ"),
        ("{sum}+{yuan}", "", "dimensions differ"),
        ("{sum}+1", "", "dimensions differ"),
        ("{sum}", "{plant}", "dimensions differ"),
        ("{sum}**{growth}", "", "exponent must be a plain number"),
        ("{sum}**1[year]", "", "exponent must be a plain number"),
        ("1[parsec]", "", "no unit 'parsec'"),
        ("__import__('os')", "", "is not allowed"),
        ("{sum}.real", "", "'{sum}.real' is not allowed"),
        ("abs({sum})", "", "is not allowed"),
        ("{sum} if 1 else 2", "", "is not allowed"),
        ("{sum} // 2", "", "is not allowed"),
        ("'a'", "", "is not allowed"),
        ("True", "", "is not allowed"),
        ("sum", "", "is not allowed"),
        ("{sum} +", "", "is not an expression"),
        ("{sum} {prior}", "", "is not an expression"),
        ("1/0", "", "division"),
        ("{sum}/({growth}-{growth})", "", "division"),
        ("(-{growth})**0.5", "", "not a real number"),
        ("9**9**9**9", "", "too large"),
        ("{sum}**1e300", "", "too large"),
        ("1e999", "", "too large"),
        ("9" * 400, "", "too large"),
        ("9" * 1999, "", "too large"),
        ("1+" * 1000 + "1", "", "2,001 characters"),
        ("(" * 900 + "1" + ")" * 900, "", "is not an expression"),
        ("-" * 1900 + "1", "", ""),
        ("{sum}+_r0", "", "'_r0' is not allowed"),
        ("1[9**9**9]", "", "no unit '9**9**9'"),
        ("1[W**9]", "", "no unit 'W**9'"),
        ("1[__import__('os')]", "", "no unit"),
        ("1j", "", "is not allowed"),
        ("(lambda: 1)()", "", "is not allowed"),
        ("[1 for _ in {sum}]", "", "is not allowed"),
        ("(x := 1)", "", "is not allowed"),
        ("{{sum}}", "", "is not allowed"),
        ("{sum", "", "is not an expression"),
        ("1\x00", "", "is not an expression"),
        # The divisor can be zero for some choice of the printed numbers, though not for their middles.
        ("{sum}/({minutes}-{hours})", "", "which holds zero"),
    ],
)
def test_what_cannot_be_computed_names_the_check(folder, left, right, what):
    with pytest.raises(InputError) as caught:
        run_audit(folder(("sum", left, right)))
    assert caught.value.where == "check c0"
    assert what in caught.value.what


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("C 1,capex,sum,1,,x", "not a slug"),
        ("ok,capex,sum,1,,x", "used twice"),
        ("b,weather,sum,1,,x", "theme 'weather'"),
        ("b,capex,guess,1,,x", "kind 'guess'"),
        ("b,capex,sum,,,x", "left is empty"),
        ("b,capex,sum", "3 cells instead of 6"),
    ],
)
def test_a_faulty_check_names_its_line(tmp_path, line, what):
    path = tmp_path / "checks.csv"
    path.write_text(f"check_id,theme,kind,left,right,comment_en\nok,capex,sum,1,,x\n{line}\n")
    with pytest.raises(InputError) as caught:
        load_checks(path)
    assert caught.value.where == f"{path}:3"
    assert what in caught.value.what


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("a,1,2,3,USD,s,", "1 is not between 2 and 3"),
        ("a,one,,,USD,s,", "must be numbers"),
        ("a,1,,,furlong,s,", "unit 'furlong'"),
        ("a,inf,,,USD,s,", "not between"),
    ],
)
def test_a_faulty_fact_names_its_line(tmp_path, line, what):
    path = tmp_path / "facts.csv"
    path.write_text(f"fact_id,value,low,high,unit,source,note\n{line}\n")
    with pytest.raises(InputError) as caught:
        load_facts(path)
    assert caught.value.where == f"{path}:2"
    assert what in caught.value.what
    path.write_text("fact_id,value,low,high,unit,source,note\na,1,,,USD,s,\na,1,,,USD,s,\n")
    with pytest.raises(InputError, match="used twice"):
        load_facts(path)


def test_without_facts_there_are_none(tmp_path):
    assert load_facts(tmp_path / "none.csv") == {}


def test_verdict_by_hand():
    printed = Interval(3.55, 3.65)
    assert verdict("sum", 3.64, Interval(3.6, 3.7), printed, same_source=True) == "consistent"
    assert verdict("sum", 3.7, Interval(3.65, 3.75), printed, same_source=True) == "rounding"
    assert verdict("sum", 3.7, Interval(3.66, 3.75), printed, same_source=False) == "inconsistent"
    assert verdict("same", 3.7, Interval(3.66, 3.75), printed, same_source=True) == "inconsistent"
    assert verdict("same", 3.7, Interval(3.66, 3.75), printed, same_source=False) == "contested"
    assert verdict("lookup", 3.7, Interval(3.66, 3.75), printed, same_source=False) == "contested"


def test_operators_for_readers():
    assert readable(" *( ") == " × ( "
    assert readable("1e-3*2[hour] / 3[W/item]-4**2") == "1e-3 × 2 hours ÷ 3 W per unit − 4 ^ 2"


names = st.sampled_from(["x", "y", "z"])


@st.composite
def expressions(draw, depth=3):
    if depth == 0 or draw(st.booleans()):
        return draw(st.one_of(names.map(lambda n: f"{{fact:{n}}}"), st.integers(1, 9).map(str)))
    operator = draw(st.sampled_from("+-*/"))
    return f"({draw(expressions(depth=depth - 1))}{operator}{draw(expressions(depth=depth - 1))})"


@given(expressions(), st.lists(st.tuples(st.floats(0.5, 9), st.floats(0, 2), st.floats(0, 1)), min_size=3, max_size=3))
def test_the_range_encloses_every_choice_within_the_references(text, drawn):
    facts, chosen = {}, {}
    for name, (low, width, part) in zip("xyz", drawn, strict=True):
        facts[name] = Fact(name, low, low, low + width, "ratio", "s", "")
        chosen[name] = low + part * width
    expression = parse(text, {}, facts)
    try:
        enclosure = expression.interval
    except ZeroDivisionError:
        return
    numbers = {key: chosen[fact.fact_id] for key, fact in expression.sources.items()}
    try:
        value = expression.root.value(numbers)
    except ZeroDivisionError:
        # A divisor that is zero at its very end gives a range without end.
        assert not enclosure.bounded
        return
    slack = 1e-9 * max(1.0, abs(value), *(abs(end) for end in (enclosure.low, enclosure.high) if math.isfinite(end)), 1)
    assert enclosure.low - slack <= value <= enclosure.high + slack


def test_a_divisor_that_may_be_zero_is_refused_however_often_its_parts_occur():
    """x / ((y - x) - (z - y)) with x in [2, 4], y = 3, z in [2, 3]: the divisor 6 - x - z runs from -1 to 2."""
    ends = {"x": (2, 4), "y": (3, 3), "z": (2, 3)}
    facts = {name: Fact(name, low, low, high, "ratio", "s", "") for name, (low, high) in ends.items()}
    expression = parse("{fact:x}/(({fact:y}-{fact:x})-({fact:z}-{fact:y}))", {}, facts)
    with pytest.raises(ZeroDivisionError, match=r"\[-1, 2\]"):
        _ = expression.interval


def test_deep_division_is_worked_out_at_once():
    facts = {"x": Fact("x", 2, 1.9, 2.1, "ratio", "s", "")}
    text = "{fact:x}/(1+" * 60 + "{fact:x}" + ")" * 60
    interval = parse(text, {}, facts).interval
    # x = 2 gives 1 at every level: 2 / (1 + 1) = 1.
    assert interval.low < 1 < interval.high


def test_float_noise_leaves_a_point_where_a_reference_cancels_out():
    facts = {n: Fact(n, v, v, v + w, "ratio", "s", "") for n, v, w in (("x", 1.5897, 0), ("y", 2.7298, 2), ("z", 1, 0))}
    interval = parse("{fact:x}-(({fact:x}+{fact:y})-({fact:y}+{fact:z}))", {}, facts).interval
    assert (interval.low, interval.high) == pytest.approx((1, 1))


# --- conflicts ---------------------------------------------------------------------------------------------------


def test_conflicts_are_claims_on_one_thing_that_cannot_both_hold(folder):
    rows = [
        claim_row("one", "40%", 40, unit="percent", metric="share", attributed_to="s1"),
        claim_row("two", "50%", 50, unit="percent", metric="share", attributed_to="s2", modifier="over"),
        claim_row("near", "0.4", 0.4, unit="ratio", metric="share", article_id="900-02", attributed_to="s1"),
        claim_row("same-voice", "60%", 60, unit="percent", metric="share", attributed_to="s1"),
        claim_row("other-year", "90%", 90, unit="percent", metric="share", attributed_to="s3", period="2025"),
        claim_row("other-unit", "90億美元", 9e9, metric="share", attributed_to="s3"),
    ]
    found = find_conflicts(load_claims(folder(claims=rows) / "claims.csv"))
    pairs = set(zip(found["claim_a"], found["claim_b"], strict=True))
    # 40 to 42 against over 50; 60 printed by the same voice in the same article is no conflict with "one".
    assert pairs == {("one", "two"), ("two", "near"), ("near", "same-voice")}
    first = found.iloc[0]
    assert (first["metric"], first["value_a"], first["value_b"]) == ("share", "40%", "over 50%")
    assert (first["attributed_to_a"], first["article_b"]) == ("s1", "900-01")


def test_a_level_of_a_quarter_meets_that_of_its_year_but_a_flow_does_not(folder):
    rows = [
        claim_row("year", "30%", 30, unit="percent", metric="share", attributed_to="s1"),
        claim_row("quarter", "50%", 50, unit="percent", metric="share", attributed_to="s2", period="2024Q4"),
        claim_row("next-year", "60%", 60, unit="percent", metric="share", attributed_to="s3", period="2025"),
        claim_row("year-sold", "30億美元", 3e9, metric="sales", attributed_to="s1"),
        claim_row("quarter-sold", "9億美元", 9e8, metric="sales", attributed_to="s2", period="2024Q4"),
    ]
    claims = load_claims(folder(claims=rows) / "claims.csv")
    found = find_conflicts(claims, {"share": "level", "sales": "flow"})
    assert found[["claim_a", "claim_b", "periods"]].to_numpy().tolist() == [["year", "quarter", "nested"]]
    assert len(find_conflicts(claims, {})) == 0


def test_a_planted_conflict_between_articles_is_found_in_the_ledger():
    """The real ledger plus one claim that contradicts one of its rows, in another article: one pair more."""
    claims = load_claims()
    planted = claims[claims["claim_id"] == "h200-memory-zimubang"].assign(
        claim_id="planted", article_id="003-08", attributed_to="semi-insights", low=80e9, high=80e9, printed="80GB"
    )
    before = find_conflicts(claims)
    after = find_conflicts(pd.concat([claims, planted], ignore_index=True))
    new = after[(after["claim_a"] == "planted") | (after["claim_b"] == "planted")]
    assert len(after) == len(before) + len(new)
    assert {*new["claim_a"], *new["claim_b"]} == {"planted", "h200-memory-zimubang", "h200-memory-xinzhi"}


def test_every_conflict_in_the_ledger_has_a_check_that_comments_on_it():
    """Conflicts are found by code; what explains them is written by hand, in a check that names both claims."""
    named = [set(re.findall(r"\{([a-z0-9.-]+)\}", f"{check.left} {check.right}")) for check in load_checks()]
    found = find_conflicts(load_claims())
    assert len(found) >= 5
    for row in found.itertuples():
        assert any({row.claim_a, row.claim_b} <= names for names in named), (row.claim_a, row.claim_b)


def test_no_conflicts_gives_an_empty_table_with_columns(folder):
    found = find_conflicts(load_claims(folder(claims=[]) / "claims.csv"))
    assert len(found) == 0
    assert {"claim_a", "claim_b", "value_a"} <= set(found.columns)


# --- render ------------------------------------------------------------------------------------------------------


def test_formats(folder):
    results = run_audit(folder(("sum", "{a-capex}+{b-capex}", "{sum}"), ("ratio", "{share-b}/{share-a}", "")))
    table = render(results, "table").splitlines()
    assert table[0].startswith("c0  consistent    US$7.77 billion + ")
    assert table[-1] == "2 checks: 1 consistent, 1 derived"
    rows = json.loads(render(results, "json"))
    assert [row["check_id"] for row in rows] == ["c0", "c1"]
    assert rows[1]["left_high"] is None
    assert rows[1]["right_value"] is None
    parsed = list(csv.DictReader(io.StringIO(render(results, "csv"))))
    assert parsed[0]["verdict"] == "consistent"
    assert parsed[1]["left_high"] == "inf"
    with pytest.raises(ValueError, match="yaml"):
        render(results, "yaml")


def test_nothing_to_render(folder):
    assert render(run_audit(folder()), "table") == "no checks\n"
    assert render(run_audit(folder()), "json") == "[]\n"


def test_claims_stand_for_their_intervals():
    values = claim_row("a", "3.6倍", 3.6, unit="ratio") | {"high": 3.6, "start": 0}
    (source,) = parse("{a}", {"a": Claim(**values)}, {}).sources.values()
    assert source.interval == Interval(3.55, 3.65)
