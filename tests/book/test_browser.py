"""The built book in Chromium: complete without script, live with it, and never a request to another host."""

import gzip
import json
import re
from itertools import pairwise
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.book, pytest.mark.browser]

LIMIT_BEFORE_SCROLL = 400_000
LIMIT_SHIFT = 0.02
SIZES = {360: 740, 768: 1024, 1440: 900}


@pytest.fixture(scope="module")
def pages(book: Path) -> list[str]:
    """Every page of the book, as paths from its root."""
    made = sorted(
        str(path.relative_to(book)) for folder in ("book", "notebooks") for path in (book / folder).rglob("*.html")
    )
    assert len(made) >= 20
    return made


@pytest.fixture(scope="module")
def chapters(pages: list[str]) -> list[str]:
    """The notebooks' pages."""
    made = [name for name in pages if name.startswith("notebooks/")]
    assert len(made) >= 7
    return made


def open_page(browser: Browser, address: str, **context: object) -> tuple[Page, list[str]]:
    """Open a page; give it and the list of what went wrong on it, which grows as the page runs."""
    page = browser.new_context(**context).new_page()
    host = re.match(r"(http|file)://[^/]*/", address)
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


# --- charts -------------------------------------------------------------------------------------------------------

# Every word of every chart with its place in its chart.
WORDS = """() => Array.from(document.querySelectorAll('.wb-chart'), chart => {
  const at = chart.getBoundingClientRect();
  const words = Array.from(chart.querySelectorAll('.wb-chart-view text'))
    .filter(t => t.checkVisibility() && t.textContent);
  return {name: chart.dataset.chart, height: at.height, words: words.map(t => {
    const box = t.getBoundingClientRect();
    return [t.textContent, box.x - at.x, box.y - at.y];
  })};
})"""
SHIFT = """() => { window.shift = 0; new PerformanceObserver(list => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shift += entry.value;
}).observe({type: 'layout-shift', buffered: true}); }"""


@pytest.mark.parametrize("width", [360, 1440])
def test_charts_turn_live_and_nothing_moves(browser: Browser, site: str, chapters: list[str], width: int) -> None:
    live = 0
    for name in chapters:
        page, wrong = open_page(browser, site + name, viewport={"width": width, "height": SIZES[width]})
        page.evaluate(SHIFT)
        page.evaluate("document.fonts.ready.then(() => true)")
        before = page.evaluate(WORDS)
        scroll_through(page)
        after = page.evaluate(WORDS)
        for static, drawn in zip(before, after, strict=True):
            assert static["name"] == drawn["name"]
            assert abs(static["height"] - drawn["height"]) <= 1, (name, static["name"])
            assert [word[0] for word in static["words"]] == [word[0] for word in drawn["words"]], (name, static["name"])
            moved = [
                one[0]
                for one, other in zip(static["words"], drawn["words"], strict=True)
                if max(abs(one[1] - other[1]), abs(one[2] - other[2])) > 1.5
            ]
            assert moved == [], (name, static["name"])
        assert page.evaluate("window.shift") < LIMIT_SHIFT, name
        assert wrong == [], name
        live += len(after)
        page.context.close()
    assert live >= 28


def test_a_page_costs_little_before_the_reader_scrolls(
    browser: Browser, site: str, pages: list[str], book: Path
) -> None:
    for name in pages:
        page = browser.new_context(viewport={"width": 360, "height": 740}).new_page()
        loaded: list[str] = []
        page.on("request", lambda request, loaded=loaded: loaded.append(request.url))
        page.goto(site + name, wait_until="networkidle")
        files = [book / url.removeprefix(site).partition("?")[0] for url in loaded if url.startswith(site)]
        weight = sum(len(gzip.compress(path.read_bytes(), 9)) for path in files if path.is_file())
        assert weight < LIMIT_BEFORE_SCROLL, (name, weight)
        assert not any(path.name == "vega.js" for path in files), name
        page.context.close()


def test_every_slider_moves_its_chart(browser: Browser, site: str, chapters: list[str]) -> None:
    moved = 0
    for name in chapters:
        page, wrong = open_page(browser, site + name)
        scroll_through(page)
        for chart in page.locator(".wb-chart").all():
            for slider in chart.locator("input[type=range]").all():
                chart_name = chart.get_attribute("data-chart")
                drawing = chart.locator(".wb-chart-wide svg").inner_html()
                # From the keyboard, as every reader can; at its end a slider goes the other way.
                at_end = slider.evaluate("e => Number(e.value) >= Number(e.max)")
                slider.press("ArrowLeft" if at_end else "ArrowRight")
                # Vega draws in a later frame; this waits for its drawing, not for a time.
                page.evaluate("async name => { await window.wattbook.views[name].runAsync() }", chart_name)
                assert chart.locator(".wb-chart-wide svg").inner_html() != drawing, (name, chart_name)
                moved += 1
        assert wrong == [], name
        page.context.close()
    assert moved >= 12


def test_a_series_can_be_picked_out_by_keyboard(browser: Browser, site: str) -> None:
    page, wrong = open_page(browser, site + "notebooks/01_grid_constraints.html")
    scroll_through(page)
    chart = page.locator(".wb-chart:has(.wb-series)").first
    faded = "e => e.querySelectorAll('.wb-chart-wide [opacity=\"0.12\"]').length"
    redraw = "async e => { await window.wattbook.views[e.dataset.chart].runAsync() }"
    button = chart.locator(".wb-series button").first
    assert chart.evaluate(faded) == 0
    button.press("Enter")
    chart.evaluate(redraw)
    assert chart.evaluate(faded) > 0
    assert button.get_attribute("aria-pressed") == "true"
    button.press("Enter")
    chart.evaluate(redraw)
    assert chart.evaluate(faded) == 0
    assert wrong == []
    page.context.close()


def test_a_tooltip_says_value_unit_and_source(browser: Browser, site: str) -> None:
    page, _ = open_page(browser, site + "notebooks/01_grid_constraints.html", viewport={"width": 1440, "height": 900})
    scroll_through(page)
    bar = page.locator("[data-chart=fig-grid-clocks] .wb-chart-wide .mark-rect path").nth(3)
    bar.scroll_into_view_if_needed()
    bar.hover()
    tooltip = page.locator("#vg-tooltip-element")
    tooltip.wait_for(state="visible")
    said = tooltip.inner_text()
    assert "years" in said
    assert "Source: " in said
    page.context.close()


def test_charts_follow_light_and_dark_without_a_reload(browser: Browser, site: str) -> None:
    page, _ = open_page(browser, site + "notebooks/01_grid_constraints.html", color_scheme="light")
    scroll_through(page)
    colour = "getComputedStyle(document.querySelector('.wb-chart svg text')).fill"
    light = page.evaluate(colour)
    page.emulate_media(color_scheme="dark")
    dark = page.evaluate(colour)
    assert dark != light
    button = page.locator(".wb-mode")
    seen = []
    for _ in range(3):
        button.press("Enter")
        seen.append((button.get_attribute("aria-label"), page.evaluate(colour)))
    assert seen == [("Colour mode: light", light), ("Colour mode: dark", dark), ("Colour mode: auto", dark)]
    button.press("Enter")
    page.reload()
    assert page.evaluate(colour) == light
    page.context.close()


def test_downloads_are_there_and_hold_the_chart(chapters: list[str], book: Path) -> None:
    for name in chapters:
        links = re.findall(r'href="\.\./(_static/charts/[^"]+)"', (book / name).read_text(encoding="utf-8"))
        assert len(links) >= 16
        for link in links:
            content = (book / link).read_bytes()
            if link.endswith(".json"):
                assert json.loads(content)["usermeta"]["source"]
            elif link.endswith(".csv"):
                assert content.count(b"\n") >= 2, link
            else:
                assert content.startswith(b"\x89PNG" if link.endswith(".png") else b"<svg"), link


def test_labels_do_not_collide(book: Path) -> None:
    from wattbook.charts.layout import collisions

    drawings = sorted((book / "_static" / "charts").glob("*.svg"))
    assert len(drawings) >= 28
    found = {path.stem: pairs for path in drawings if (pairs := collisions(path.read_text(encoding="utf-8")))}
    assert found == {}


def test_a_book_opened_from_a_folder_is_whole(browser: Browser, book: Path) -> None:
    """Charts turn live and show their data without a server."""
    page, wrong = open_page(browser, (book / "notebooks" / "01_grid_constraints.html").as_uri())
    scroll_through(page)
    chart = page.locator(".wb-chart").first
    chart.locator(".wb-chart-more summary").press("Enter")
    chart.locator(".wb-chart-data td").first.wait_for()
    rows = (book / "_static" / "charts" / f"{chart.get_attribute('data-chart')}.csv").read_text("utf-8").splitlines()
    assert chart.locator(".wb-chart-data tr").count() == len(rows)
    assert wrong == []
    page.context.close()


# --- pages --------------------------------------------------------------------------------------------------------


def test_pages_are_complete_without_script(browser: Browser, site: str, pages: list[str]) -> None:
    drawn = 0
    for name in pages:
        page, wrong = open_page(browser, site + name, java_script_enabled=False)
        charts = page.locator(".wb-chart")
        for i in range(charts.count()):
            chart = charts.nth(i)
            drawing = chart.locator(".wb-chart-wide svg[role=img]")
            assert drawing.bounding_box()["height"] > 60
            assert drawing.get_attribute("aria-label")
            assert chart.locator("xpath=ancestor::figure//figcaption").inner_text().strip()
            drawn += 1
        assert page.locator("article h1").count() == 1, name
        assert wrong == [], name
        page.context.close()
    assert drawn >= 28


# Text that its box cuts off, and elements that reach out of the page without a frame that scrolls.
CLIPPED = """() => Array.from(document.querySelectorAll('body *')).filter(e => {
  if (!e.checkVisibility() || e.closest('svg, .visually-hidden, .wb-skip, pre, math')) return false;
  const box = e.getBoundingClientRect();
  if (!box.width || !box.height) return false;
  const style = getComputedStyle(e);
  const cut = ['hidden', 'clip'].includes(style.overflowX) && e.scrollWidth > e.clientWidth + 1;
  const out = box.right > document.documentElement.clientWidth + 1
    && !e.closest('.wb-scroll, .wb-chart-frame, .wb-formula, [class*=scroll]');
  return cut || out;
}).map(e => e.tagName + '.' + e.className).slice(0, 5)"""


def test_nothing_is_wider_than_its_page(browser: Browser, site: str, pages: list[str]) -> None:
    too_wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    for name in pages:
        page, _ = open_page(browser, site + name, viewport={"width": 1440, "height": 900})
        for width, height in SIZES.items():
            page.set_viewport_size({"width": width, "height": height})
            assert page.evaluate(too_wide) <= 0, (name, width)
            assert page.evaluate(CLIPPED) == [], (name, width)
        page.context.close()


def test_the_findings_and_their_use_are_one_screen(browser: Browser, site: str) -> None:
    page, wrong = open_page(browser, site + "book/intro.html", viewport={"width": 1440, "height": 900})
    cards = page.locator(".wb-finding")
    assert cards.count() == 5
    for card in cards.all():
        assert card.locator("svg[role=img]").get_attribute("aria-label")
        assert card.locator("a[href*='notebooks/']").count() == 1
        box = card.bounding_box()
        assert box["y"] + box["height"] <= 900
    uses = page.locator(".wb-ways dt")
    assert uses.count() == 4
    assert all(use.bounding_box()["y"] < 900 for use in uses.all())
    assert wrong == []
    page.context.close()


def test_a_claim_leads_to_its_ledger_row(browser: Browser, site: str) -> None:
    page, wrong = open_page(browser, site + "notebooks/01_grid_constraints.html")
    page.locator(".wb-claim a[href*='claim-saidi-us-2024']").first.click()
    assert page.url.endswith("ledger.html#claim-saidi-us-2024")
    row = page.locator("#claim-saidi-us-2024")
    assert "662.6" in row.inner_text()
    assert wrong == []
    page.context.close()


def test_the_contents_open_on_a_phone_without_script(browser: Browser, site: str) -> None:
    phone = {"width": 360, "height": 740}
    page, _ = open_page(browser, site + "book/glossary.html", viewport=phone, java_script_enabled=False)
    link = page.locator("#wb-nav a[aria-current=page]")
    assert not link.is_visible()
    page.get_by_role("button", name="Contents", exact=True).click()
    assert link.is_visible()
    page.keyboard.press("Escape")
    assert not link.is_visible()
    page.context.close()


def test_the_page_not_found_leads_back_from_anywhere(browser: Browser, site: str, book: Path) -> None:
    page = browser.new_context().new_page()
    body = (book / "404.html").read_text(encoding="utf-8")
    assert not re.search(r'(?:src|href)="(?!data:)[^"]*\.(?:css|js)"', body)
    for lost in ("book/gone.html", "notebooks/deep/er/gone.html", "gone.html"):
        page.route("**/gone.html", lambda route: route.fulfill(status=404, content_type="text/html", body=body))
        page.goto(site + lost)
        assert page.get_by_role("link", name="Start page").evaluate("e => e.href") == f"{site}book/intro.html"
    page.context.close()


# --- reading by other means ---------------------------------------------------------------------------------------


def test_the_keyboard_starts_at_the_skip_link_and_sees_where_it_is(browser: Browser, site: str) -> None:
    page, _ = open_page(browser, site + "notebooks/01_grid_constraints.html", viewport={"width": 1440, "height": 900})
    page.keyboard.press("Tab")
    skip = page.locator(".wb-skip")
    assert skip.evaluate("e => e === document.activeElement")
    # Its place is on the page once it has the focus.
    assert skip.bounding_box()["y"] >= 0
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main-content"
    for _ in range(12):
        page.keyboard.press("Tab")
        ring = page.evaluate(
            "(() => { const s = getComputedStyle(document.activeElement); return [s.outlineStyle, s.outlineWidth]; })()"
        )
        assert ring[0] not in ("none", "") and float(ring[1].removesuffix("px")) >= 2
        assert page.evaluate("document.activeElement.closest('main') !== null")
    page.context.close()


def test_headings_skip_no_level(pages: list[str], book: Path) -> None:
    for name in pages:
        levels = [int(level) for level in re.findall(r"<h([1-6])", (book / name).read_text(encoding="utf-8"))]
        assert levels[0] == 1 and levels.count(1) == 1, name
        assert all(after <= before + 1 for before, after in pairwise(levels)), name


CHINESE_WITHOUT_LANGUAGE = """() => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const found = [];
  while (walker.nextNode()) {
    const node = walker.currentNode;
    const where = node.parentElement;
    const silent = where.closest('[lang^=zh], svg, script, style, option');
    if (/[\u3400-\u9fff]/.test(node.data) && !silent) found.push(node.data);
  }
  return found.slice(0, 3);
}"""


def test_chinese_says_that_it_is_chinese(browser: Browser, site: str, pages: list[str]) -> None:
    marked = 0
    for name in pages:
        page, _ = open_page(browser, site + name, java_script_enabled=False)
        assert page.evaluate(CHINESE_WITHOUT_LANGUAGE) == [], name
        marked += page.locator("[lang=zh-Hant]").count()
        page.context.close()
    assert marked > 500


def test_motion_is_left_out_for_who_asks(browser: Browser, site: str) -> None:
    page, _ = open_page(browser, site + "book/intro.html", reduced_motion="reduce")
    assert page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == "auto"
    page.context.close()


def test_paper_has_the_charts_and_no_controls(browser: Browser, site: str, chapters: list[str]) -> None:
    for name in chapters:
        # A4 without its margins, at 96 pixels an inch; the dark mode is for screens.
        page, _ = open_page(browser, site + name, viewport={"width": 680, "height": 1000}, color_scheme="dark")
        page.emulate_media(media="print")
        shown = page.evaluate(
            "Array.from(document.querySelectorAll("
            "'.wb-top, .wb-nav, .wb-chart-more, .wb-chart-controls, details.hide'))"
            ".filter(e => e.checkVisibility()).length"
        )
        assert shown == 0, name
        edges = page.evaluate(
            "Array.from(document.querySelectorAll('.wb-chart-view svg')).filter(e => e.checkVisibility())"
            ".map(e => e.getBoundingClientRect().right)"
        )
        assert edges and max(edges) <= 680, name
        assert page.evaluate("getComputedStyle(document.body).color") == "rgb(31, 41, 51)", name
        page.context.close()


def test_axe_finds_nothing(browser: Browser, site: str, pages: list[str]) -> None:
    """Every page, light and dark, at 360 and 1440 pixels: all rules once per width, colours in the other mode too."""
    from axe_playwright_python.sync_playwright import Axe

    axe, found = Axe(), []
    for name in pages:
        page, _ = open_page(browser, site + name, viewport={"width": 1440, "height": 900}, reduced_motion="reduce")
        for width, mode, options in (
            (1440, "light", {}),
            (1440, "dark", {"runOnly": ["color-contrast"]}),
            (360, "dark", {}),
            (360, "light", {"runOnly": ["color-contrast"]}),
        ):
            page.set_viewport_size({"width": width, "height": SIZES[width]})
            page.emulate_media(color_scheme=mode)
            result = axe.run(page, options=options | {"resultTypes": ["violations"]})
            found += [(name, width, mode, v["id"], v["nodes"][0]["html"][:120]) for v in result.response["violations"]]
        page.context.close()
    assert found == []
