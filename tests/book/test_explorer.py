"""Ledger, audit, entities and the notes beside numbers, in Chromium."""

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from wattbook.audit import run_audit
from wattbook.ledger import load_claims
from wattbook.profiles import entity_counts

pytestmark = [pytest.mark.book, pytest.mark.browser]

LEDGER, AUDIT = "book/ledger.html", "book/audit.html"
SHOWN = """Array.from(document.querySelectorAll('.wb-ledger tbody tr, .wb-audit tbody tr'))
    .filter(row => row.checkVisibility()).map(row => row.id)"""


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A window in which nothing may go wrong."""
    opened = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
    wrong: list[str] = []
    opened.on("console", lambda m: wrong.append(m.text) if m.type in ("error", "warning") else None)
    opened.on("pageerror", lambda error: wrong.append(str(error)))
    yield opened
    opened.context.close()
    assert wrong == []


def status(page: Page) -> str:
    return page.locator(".wb-explorer output").inner_text()


def test_filters_narrow_the_rows_and_the_address_keeps_them(page: Page, site: str) -> None:
    claims = load_claims()
    page.goto(site + LEDGER)
    assert status(page) == f"{len(claims)} of {len(claims)} rows"
    page.locator(".wb-explorer [name=theme]").select_option("capex")
    page.locator(".wb-explorer [name=entity]").select_option("microsoft")
    page.locator(".wb-explorer [name=as]").select_option("about")
    wanted = claims.query("theme == 'capex' and subject == 'microsoft'")["claim_id"]
    assert page.evaluate(SHOWN) == [f"claim-{claim_id}" for claim_id in wanted]
    assert status(page) == f"{len(wanted)} of {len(claims)} rows"
    assert 0 < len(wanted) < 30
    # A theme without rows has no heading left.
    assert page.locator("h2:visible").all_inner_texts()[0].startswith("Capital spending")
    assert page.locator("h2:visible").count() == 1
    address = page.url
    assert address.endswith("?theme=capex&entity=microsoft&as=about")
    page.goto("about:blank")
    page.goto(address)
    assert page.evaluate(SHOWN) == [f"claim-{claim_id}" for claim_id in wanted]
    assert page.locator(".wb-explorer [name=theme]").input_value() == "capex"
    page.get_by_role("button", name="Show all rows").click()
    assert page.url == site + LEDGER
    assert len(page.evaluate(SHOWN)) == len(claims)


def test_a_choice_that_does_not_exist_leaves_all_rows(page: Page, site: str) -> None:
    page.goto(f"{site}{LEDGER}?theme=weather&kind=forecast&sort=colour")
    wanted = load_claims().query("kind == 'forecast'")
    assert len(page.evaluate(SHOWN)) == len(wanted)


def test_sorting_moves_the_rows_and_back(page: Page, site: str) -> None:
    page.goto(f"{site}{LEDGER}?entity=nvidia&as=about")
    before = page.evaluate(SHOWN)
    # Rows that tie keep the order of the page.
    claims = load_claims().set_index("claim_id").loc[[row.removeprefix("claim-") for row in before]].reset_index()
    page.locator(".wb-explorer [name=sort]").select_option("value")
    by_value = claims.sort_values(
        ["unit", "low"], kind="stable", key=lambda c: c.str.lower() if c.dtype == "str" else c
    )
    assert page.evaluate(SHOWN) == [f"claim-{claim_id}" for claim_id in by_value["claim_id"]] != before
    assert page.locator("h2:visible").all_inner_texts() == ["Sorted by value, unit by unit"]
    page.get_by_label("largest or last first").check()
    assert page.url.endswith("?entity=nvidia&as=about&sort=value&desc=1")
    units = by_value["unit"].tolist()
    assert page.locator(f"#{page.evaluate(SHOWN)[0]}").get_attribute("data-unit") == units[-1]
    page.get_by_label("largest or last first").uncheck()
    page.locator(".wb-explorer [name=sort]").select_option("")
    assert page.evaluate(SHOWN) == before


def test_search_finds_words_in_both_languages(page: Page, site: str) -> None:
    page.goto(site + LEDGER)
    page.locator(".wb-explorer [name=q]").fill("SAIDI  virginia")
    expect(page.locator(".wb-explorer output")).not_to_contain_text(f"{len(load_claims())} of")
    assert "claim-saidi-va-2024" in page.evaluate(SHOWN)
    assert "claim-saidi-tx-2024" not in page.evaluate(SHOWN)
    page.goto(f"{site}{LEDGER}?q=輝達")
    assert len(page.evaluate(SHOWN)) >= load_claims()["subject"].eq("nvidia").sum() > 10
    page.goto(f"{site}{LEDGER}?q=no+such+words")
    assert status(page).startswith("0 of")
    assert page.locator("h2:visible").count() == 0


def test_a_link_to_a_hidden_row_shows_it(page: Page, site: str) -> None:
    page.goto(f"{site}{LEDGER}?theme=capex#claim-saidi-us-2024")
    row = page.locator("#claim-saidi-us-2024")
    expect(row).to_be_in_viewport()
    assert page.url == f"{site}{LEDGER}#claim-saidi-us-2024"
    page.locator(".wb-explorer [name=theme]").select_option("market")
    # The address of a filtered view names no row that the view leaves out.
    assert page.url == f"{site}{LEDGER}?theme=market"
    page.evaluate("location.hash = 'sec-ledger-grid'")
    expect(page.locator("#sec-ledger-grid")).to_be_in_viewport()


def test_the_audit_is_filtered_the_same_way(page: Page, site: str) -> None:
    results = run_audit()
    page.goto(f"{site}{AUDIT}?verdict=inconsistent&article=003-08&theme=depreciation")
    shown = page.evaluate(SHOWN)
    assert shown
    for check_id in shown:
        row = results[results["check_id"] == check_id.removeprefix("check-")].iloc[0]
        assert (row["verdict"], row["theme"]) == ("inconsistent", "depreciation")
    assert status(page) == f"{len(shown)} of {len(results)} rows"
    # The charts before the rows and the comparison after them stay.
    expect(page.locator("#fig-audit-themes")).to_be_visible()
    expect(page.locator("#sec-audit-independent")).to_be_attached()
    assert page.locator(".wb-cross-checks tbody tr:visible").count() >= 40


def save(page: Page, name: str) -> tuple[str, str]:
    with page.expect_download() as waiting:
        page.get_by_role("button", name=name).click()
    content = Path(waiting.value.path()).read_text(encoding="utf-8")
    return waiting.value.suggested_filename, content


@pytest.mark.parametrize("where", ["server", "disk"])
def test_the_chosen_rows_are_saved(page: Page, site: str, book: Path, where: str) -> None:
    address = site + LEDGER if where == "server" else (book / LEDGER).as_uri()
    page.goto(f"{address}?theme=h200&kind=opinion")
    ids = [row.removeprefix("claim-") for row in page.evaluate(SHOWN)]
    with (book / "_static/data/ledger.csv").open(encoding="utf-8", newline="") as file:
        every = list(csv.DictReader(file))
    wanted = [row for row in every if row["claim_id"] in ids]
    name, content = save(page, "These rows as CSV")
    assert name == f"wattbook-ledger-{len(ids)}-rows.csv"
    assert list(csv.DictReader(io.StringIO(content, newline=""))) == wanted
    assert len(wanted) == len(ids) > 5
    # Line by line the same as the file of all rows.
    assert set(content.splitlines()) <= set((book / "_static/data/ledger.csv").read_text("utf-8").splitlines())
    _, content = save(page, "These rows as JSON")
    objects = json.loads((book / "_static/data/ledger.json").read_text(encoding="utf-8"))
    assert json.loads(content) == [row for row in objects if row["claim_id"] in ids]
    assert "saved as" in status(page)


def test_the_keyboard_is_enough(page: Page, site: str) -> None:
    page.goto(site + LEDGER)
    page.locator(".wb-explorer [name=q]").focus()
    page.keyboard.type("saidi")
    page.keyboard.press("Enter")
    found = len(page.evaluate(SHOWN))
    assert 0 < found < 40
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.name") == "theme"
    page.keyboard.type("Grid")
    assert page.url.endswith("?q=saidi&theme=grid")
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.type") == "reset":
            break
    page.keyboard.press("Enter")
    assert len(page.evaluate(SHOWN)) == len(load_claims())


def test_everything_is_there_without_script(browser: Browser, site: str) -> None:
    page = browser.new_context(java_script_enabled=False).new_page()
    for name, total in ((LEDGER, len(load_claims())), (AUDIT, len(run_audit()))):
        page.goto(f"{site}{name}?theme=capex")
        assert page.locator(".wb-ledger tbody tr:visible, .wb-audit tbody tr:visible").count() == total
        assert page.locator(".wb-explorer:visible").count() == 0
        assert page.locator("a[href$='.parquet']:visible").count() == 1
    page.context.close()


def test_rows_lead_to_checks_entities_and_sections(page: Page, site: str) -> None:
    page.goto(site + LEDGER)
    row = page.locator("#claim-saidi-us-2024")
    used = row.locator(".wb-used-in a")
    assert "Five findings" in used.all_text_contents()
    row.locator("a[href$='#check-saidi-us-2024-eia861']").click()
    assert page.url == f"{site}{AUDIT}#check-saidi-us-2024-eia861"
    page.goto(site + LEDGER)
    page.locator("#claim-saidi-us-2024 a", has_text="United States").click()
    assert page.url == f"{site}book/entities/united-states.html"
    page.get_by_role("link", name="These rows in the ledger").first.click()
    assert page.url == f"{site}{LEDGER}?entity=united-states&as=about"
    page.wait_for_load_state()  # the rows are filtered when all of them are there
    assert len(page.evaluate(SHOWN)) == entity_counts().loc["united-states", "about"]


def test_every_main_entity_has_its_page(book: Path) -> None:
    main = set(entity_counts().query("main").index)
    assert {path.stem for path in (book / "book" / "entities").glob("*.html")} == main
    assert len(main) > 40


def test_a_note_shows_on_hover_and_focus_and_goes_by_escape(page: Page, site: str) -> None:
    page.goto(site + "book/how_to_read.html")
    link = page.locator(".wb-claim a[href$='#claim-saidi-us-2024']").first
    note = page.locator(f"#{link.get_attribute('aria-describedby')}")
    expect(note).to_be_hidden()
    link.hover()
    expect(note).to_be_visible()
    text = note.inner_text()
    for part in (
        "662.6 minutes",
        "US Energy Information Administration",
        "reported figure, 2024",
        "National Business Daily",
        "2025-11-19",
    ):
        assert part in text
    # It can be pointed at, and stays.
    note.hover()
    expect(note).to_be_visible()
    page.keyboard.press("Escape")
    expect(note).to_be_hidden()
    page.mouse.move(0, 0)
    link.focus()
    expect(note).to_be_visible()
    page.keyboard.press("Escape")
    expect(note).to_be_hidden()
    expect(link).to_be_focused()


def test_a_first_tap_shows_the_note_and_a_second_follows(browser: Browser, site: str) -> None:
    page = browser.new_context(has_touch=True, is_mobile=True, viewport={"width": 360, "height": 740}).new_page()
    page.goto(site + "book/intro.html")
    link = page.locator(".wb-claim a[href$='#claim-saidi-us-2024']").first
    note = page.locator(f"#{link.get_attribute('aria-describedby')}")
    link.tap()
    expect(note).to_be_visible()
    assert page.url == site + "book/intro.html"
    box = note.bounding_box()
    assert box and box["x"] >= 0 and box["x"] + box["width"] <= 360
    page.locator("article h1").tap()
    expect(note).to_be_hidden()
    link.tap()
    link.tap()
    page.wait_for_url("**/ledger.html#claim-saidi-us-2024")
    page.context.close()


def test_notes_are_printed_at_the_end(browser: Browser, site: str) -> None:
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(site + "book/how_to_read.html")
    assert page.locator(".wb-end-notes").is_hidden()
    page.emulate_media(media="print")
    assert page.locator(".wb-note-number:visible").all_inner_texts() == ["1", "2", "1"]
    items = page.locator(".wb-end-notes li").all_inner_texts()
    assert len(items) == 2
    assert items[0].startswith("662.6 minutes. US Energy Information Administration")
    assert page.locator(".wb-claim-note:visible").count() == 0
    page.context.close()
