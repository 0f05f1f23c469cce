"""The controls over the rows: every choice finds rows, and says how many."""

import math
import re
from html.parser import HTMLParser

import pytest

from wattbook.audit import load_checks, run_audit
from wattbook.intervals import Interval
from wattbook.ledger import load_claims
from wattbook.site.evidence import evidence, range_text
from wattbook.site.explorer import audit_controls, check_data, claim_data, ledger_controls


class Form(HTMLParser):
    """The selects of a form: per name its options' values and texts, and its attributes."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.selects: dict[str, list[tuple[str, str]]] = {}
        self.attributes: dict[str, dict[str, str | None]] = {}
        self.top: dict[str, str | None] = {}
        self._name = ""
        self.feed(source)

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        match tag:
            case "form":
                self.top = found
            case "select":
                self._name = found["name"]
                self.selects[self._name], self.attributes[self._name] = [], found
            case "option":
                self.selects[self._name].append((found["value"], ""))

    def handle_data(self, text):
        if self._name and self.selects[self._name]:
            value, sofar = self.selects[self._name][-1]
            self.selects[self._name][-1] = value, sofar + text

    def handle_endtag(self, tag):
        if tag == "select":
            self._name = ""


@pytest.fixture(scope="module")
def ledger() -> Form:
    return Form(ledger_controls(evidence()))


def counts(form: Form, name: str) -> dict[str, int]:
    return {value: int(re.search(r"\((\d+)\)$", text)[1]) for value, text in form.selects[name] if value}


def test_the_form_waits_for_the_script(ledger: Form) -> None:
    assert "hidden" in ledger.top
    assert (ledger.top["role"], ledger.top["data-table"]) == ("search", "ledger")
    assert ledger.top["data-total"] == str(len(load_claims()))


def test_ledger_choices_count_their_rows(ledger: Form) -> None:
    claims = load_claims()
    assert counts(ledger, "theme") == claims["theme"].value_counts().to_dict()
    assert counts(ledger, "kind") == claims["kind"].value_counts().to_dict()
    assert counts(ledger, "article") == claims["article_id"].value_counts().to_dict()
    entities = counts(ledger, "entity")
    either = (claims["subject"] == "nvidia") | (claims["attributed_to"] == "nvidia")
    assert entities["nvidia"] == either.sum()
    assert set(entities) == set(claims["subject"]) | set(claims["attributed_to"])


def test_a_claim_without_check_can_be_found(ledger: Form) -> None:
    checked = {claim for check in load_checks() for claim in re.findall(r"\{([a-z0-9-]+)\}", check.left + check.right)}
    assert counts(ledger, "verdict")["none"] == len(load_claims()) - len(checked)


def test_every_choice_of_the_audit_counts_its_rows() -> None:
    form, results = Form(audit_controls(evidence())), run_audit()
    assert form.top["data-table"] == "audit"
    for name in ("theme", "verdict", "kind"):
        assert counts(form, name) == results[name].value_counts().to_dict()
    # A check that draws on two articles is found under both.
    assert sum(counts(form, "article").values()) > len(results)


@pytest.mark.parametrize("build", [ledger_controls, audit_controls])
def test_rows_carry_what_the_controls_ask_for(build) -> None:
    data, form = evidence(), Form(build(evidence()))
    if build is ledger_controls:
        rows = [claim_data(claim, data) for claim in data.claims.values()]
    else:
        rows = [check_data(row, data) for row in data.results.values()]
    for name, attributes in form.attributes.items():
        if name not in ("sort", "as"):
            assert all(field in rows[0] for field in (attributes.get("data-fields") or name).split())
    text = build(data)
    keys = {key for found in re.findall(r'data-keys="([^"]+)"', text) for key in found.split()}
    assert keys
    assert all(key in row for row in rows for key in keys)
    narrowed = dict(form.selects["as"])
    assert set(narrowed) - {""} == set((form.attributes["entity"]["data-fields"] or "").split())


@pytest.mark.parametrize(
    ("interval", "unit", "text"),
    [
        (Interval(662.55, 662.65), "minute", "662.55 minutes to 662.65 minutes"),
        (Interval.point(3), "item", "3"),
        (Interval(25, math.inf, low_open=True), "year", "over 25 years"),
        (Interval(10e9, math.inf), "W", "at least 10 GW"),
        (Interval(-math.inf, 15, high_open=True), "percent", "under 15%"),
        (Interval(-math.inf, 92.65), "percent", "at most 92.65%"),
    ],
)
def test_ranges_are_written_for_readers(interval: Interval, unit: str, text: str) -> None:
    assert range_text(interval, unit) == text
