"""The built book in Chromium: complete without script, live with it, and never a request to another host."""

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.book, pytest.mark.browser]


@pytest.fixture(scope="module")
def pages(book: Path) -> list[str]:
    """Every page of the book, as paths from its root."""
    made = sorted(
        str(path.relative_to(book)) for folder in ("book", "notebooks") for path in (book / folder).glob("*.html")
    )
    assert len(made) >= 20
    return made


def open_page(browser: Browser, address: str, **context: object) -> tuple[Page, list[str]]:
    """Open a page; give it and the list of what went wrong on it, which grows as the page runs."""
    page = browser.new_context(**context).new_page()
    host = re.match(r"http://[^/]+/", address)
    assert host
    wrong: list[str] = []
    page.on("request", lambda r: None if r.url.startswith((host[0], "data:", "blob:")) else wrong.append(r.url))
    page.on("console", lambda m: wrong.append(m.text) if m.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("response", lambda r: wrong.append(f"{r.status} {r.url}") if r.status >= 400 else None)
    page.goto(address, wait_until="load")
    return page, wrong


def scroll_through(page: Page) -> None:
    """Bring one chart after the other into view, each until it is live."""
    for chart in page.query_selector_all(".wb-chart"):
        # Playwright's own scrolling waits for an element that rests, which one among charts that draw may not do soon.
        chart.evaluate("e => e.scrollIntoView({block: 'center', behavior: 'instant'})")
        page.wait_for_function("e => e.dataset.live", arg=chart, timeout=60_000)


def test_all_charts_turn_live_with_no_outside_request_and_no_error(
    browser: Browser, site: str, pages: list[str]
) -> None:
    live = 0
    for name in pages:
        page, wrong = open_page(browser, site + name, viewport={"width": 1280, "height": 900})
        scroll_through(page)
        live += len(page.query_selector_all(".wb-chart[data-live] svg"))
        assert wrong == [], name
        page.context.close()
    assert live >= 28


def test_nothing_moves_when_a_chart_turns_live(browser: Browser, site: str, pages: list[str]) -> None:
    heights = "Array.from(document.querySelectorAll('.wb-chart'), e => Math.round(e.getBoundingClientRect().height))"
    for name in (p for p in pages if p.startswith("notebooks/")):
        still, _ = open_page(browser, site + name, java_script_enabled=False)
        page, _ = open_page(browser, site + name)
        scroll_through(page)
        before = still.locator(".wb-chart")
        static = [round(before.nth(i).bounding_box()["height"]) for i in range(before.count())]
        live = page.evaluate(heights)
        assert len(static) == len(live) > 0
        assert [abs(a - b) for a, b in zip(static, live, strict=True) if abs(a - b) > 4] == [], name
        still.context.close()
        page.context.close()


def test_pages_are_complete_without_script(browser: Browser, site: str, pages: list[str]) -> None:
    drawn = 0
    for name in pages:
        page, wrong = open_page(browser, site + name, java_script_enabled=False)
        charts = page.locator(".wb-chart")
        for i in range(charts.count()):
            chart = charts.nth(i)
            drawing = chart.locator("svg[role=img]")
            assert drawing.bounding_box()["height"] > 60
            assert drawing.get_attribute("aria-label")
            assert chart.locator("xpath=ancestor::figure//figcaption").inner_text().strip()
            drawn += 1
        assert page.locator("article h1").count() == 1, name
        assert wrong == [], name
        page.context.close()
    assert drawn >= 28


def test_no_page_is_wider_than_a_phone(browser: Browser, site: str, pages: list[str]) -> None:
    too_wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    for name in pages:
        page, _ = open_page(browser, site + name, viewport={"width": 360, "height": 740})
        assert page.evaluate(too_wide) <= 0, name
        page.context.close()


def test_every_slider_moves_its_chart(browser: Browser, site: str, pages: list[str]) -> None:
    moved = 0
    for name in (p for p in pages if p.startswith("notebooks/")):
        page, wrong = open_page(browser, site + name)
        scroll_through(page)
        for chart in page.locator(".wb-chart").all():
            for slider in chart.locator("input[type=range]").all():
                chart_name = chart.get_attribute("data-chart")
                drawing = chart.locator("svg").inner_html()
                # From the keyboard, as every reader can; at its end a slider goes the other way.
                at_end = slider.evaluate("e => Number(e.value) >= Number(e.max)")
                slider.press("ArrowLeft" if at_end else "ArrowRight")
                # Vega draws in a later frame; this waits for its drawing, not for a time.
                page.evaluate("async name => { await window.wattbook.views[name].runAsync() }", chart_name)
                assert chart.locator("svg").inner_html() != drawing, (name, chart_name)
                moved += 1
        assert wrong == [], name
        page.context.close()
    assert moved >= 12


def test_charts_follow_dark_mode(browser: Browser, site: str) -> None:
    page, _ = open_page(browser, site + "notebooks/01_grid_constraints.html", color_scheme="light")
    scroll_through(page)
    colour = "getComputedStyle(document.querySelector('.wb-chart svg text')).fill"
    light = page.evaluate(colour)
    page.evaluate("document.documentElement.dataset.theme = 'dark'")
    assert page.evaluate(colour) != light
    page.context.close()


def test_downloads_are_there_and_hold_the_chart(browser: Browser, site: str, book: Path) -> None:
    for page in sorted((book / "notebooks").glob("*.html")):
        links = re.findall(r'href="\.\./(_static/charts/[^"]+)"', page.read_text(encoding="utf-8"))
        assert len(links) >= 16
        for link in links:
            content = (book / link).read_bytes()
            if link.endswith(".json"):
                assert json.loads(content)["usermeta"]["source"]
            elif link.endswith(".csv"):
                assert content.count(b"\n") >= 2, link
            else:
                assert content.startswith(b"\x89PNG" if link.endswith(".png") else b"<svg"), link


def test_a_claim_leads_to_its_ledger_row(browser: Browser, site: str) -> None:
    page, wrong = open_page(browser, site + "notebooks/01_grid_constraints.html")
    page.locator(".wb-claim a[href*='claim-saidi-us-2024']").first.click()
    assert page.url.endswith("ledger.html#claim-saidi-us-2024")
    page.wait_for_load_state()
    row = page.locator("#claim-saidi-us-2024")
    assert "662.6" in row.inner_text()
    assert wrong == []
    page.context.close()


def test_the_search_page_works_from_a_static_server(browser: Browser, site: str) -> None:
    page, wrong = open_page(browser, site + "search.html?q=depreciation")
    page.wait_for_selector("#search-results li")
    assert page.locator("#search-results li").count() >= 2
    assert wrong == []
    page.context.close()


@pytest.mark.parametrize(
    ("mode", "options"),
    [("light", {}), ("dark", {"runOnly": ["color-contrast"]})],
    ids=["light, every rule", "dark, colours"],
)
def test_axe_finds_nothing(browser: Browser, site: str, pages: list[str], mode: str, options: dict) -> None:
    from axe_playwright_python.sync_playwright import Axe

    found = []
    for name in pages:
        page, _ = open_page(browser, site + name, color_scheme=mode, reduced_motion="reduce")
        result = Axe().run(page, options=options)
        found += [(name, v["id"], v["nodes"][0]["html"][:120]) for v in result.response["violations"]]
        page.context.close()
    assert found == []
