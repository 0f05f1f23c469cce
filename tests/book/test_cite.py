"""The cite control in Chromium, and every citable part at its place in the built book."""

import re
from pathlib import Path

import pytest
from lxml import html
from playwright.sync_api import Browser

from wattbook.cite import citables, cite, metadata

pytestmark = [pytest.mark.book, pytest.mark.browser]


def test_every_citable_part_is_where_its_citation_says(book: Path) -> None:
    ids: dict[str, set[str]] = {}
    for part in citables().values():
        if part.page not in ids:
            tree = html.document_fromstring((book / f"{part.page}.html").read_text(encoding="utf-8"))
            ids[part.page] = set(tree.xpath("//@id"))
        assert part.id in ids[part.page], part.address


def test_every_page_has_its_tags_and_says_its_version(book: Path) -> None:
    release = metadata()
    for page in {part.page for part in citables().values()}:
        text = (book / f"{page}.html").read_text(encoding="utf-8")
        assert text.count('name="citation_title"') == text.count('type="application/ld+json"') == 1, page
        assert f"version {release['version']}, {release['date-released']}" in text.lower(), page


@pytest.mark.parametrize(
    ("page", "part_id"),
    [("notebooks/01_grid_constraints", "fig-grid-clocks"), ("book/how_to_cite", "tbl-cite-page-1")],
)
def test_the_control_shows_what_the_command_says(browser: Browser, site: str, page: str, part_id: str) -> None:
    opened = browser.new_context(permissions=["clipboard-read", "clipboard-write"]).new_page()
    wrong: list[str] = []
    opened.on("pageerror", lambda error: wrong.append(str(error)))
    opened.goto(f"{site}{page}.html")
    opened.evaluate("id => document.querySelector(`[data-cite='${id}']`).click()", part_id)
    opened.wait_for_selector("dialog.wb-cite-dialog[open]")
    shown = opened.locator("dialog pre").all_text_contents()
    formats = [cite(part_id, form) for form in ("bibtex", "ris", "csl-json")]
    assert shown == [cite(part_id), cite(part_id, style="chicago"), *formats, f"{site}{page}.html#{part_id}"]
    opened.get_by_role("button", name="Copy BibTeX").click()
    opened.wait_for_function("document.querySelector('.wb-cite-status').textContent === 'Copied.'")
    assert opened.evaluate("navigator.clipboard.readText()") == formats[0]
    with opened.expect_download() as download:
        opened.get_by_role("link", name="Download RIS").click()
    assert download.value.suggested_filename == f"{part_id}.ris"
    assert Path(download.value.path()).read_text(encoding="utf-8") == formats[1] + "\n"
    opened.keyboard.press("Escape")
    assert opened.locator("dialog.wb-cite-dialog[open]").count() == 0
    assert wrong == []
    opened.context.close()


def test_a_ledger_row_has_the_control(browser: Browser, site: str) -> None:
    opened = browser.new_context().new_page()
    opened.goto(f"{site}book/ledger.html#claim-saidi-us-2024")
    opened.locator("#claim-saidi-us-2024 a.wb-cite").click()
    opened.wait_for_selector("dialog.wb-cite-dialog[open]")
    assert opened.locator("dialog pre").first.text_content() == cite("claim-saidi-us-2024")
    opened.context.close()


def test_axe_finds_nothing_in_the_dialog(browser: Browser, site: str) -> None:
    from axe_playwright_python.sync_playwright import Axe

    for mode, width in (("light", 1440), ("dark", 360)):
        context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=mode)
        opened = context.new_page()
        opened.goto(f"{site}book/how_to_cite.html")
        opened.locator("[data-cite='sec-cite-page']").click()
        opened.wait_for_selector("dialog.wb-cite-dialog[open]")
        result = Axe().run(opened)
        assert [(v["id"], v["nodes"][0]["html"][:120]) for v in result.response["violations"]] == []
        context.close()


def test_without_script_the_control_is_the_permanent_link(book: Path) -> None:
    text = (book / "book" / "how_to_cite.html").read_text(encoding="utf-8")
    assert re.search(r'<a class="wb-cite" href="#sec-cite-page"', text)
