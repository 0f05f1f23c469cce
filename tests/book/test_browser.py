"""The built book in Chromium: complete without script, live with it, and never a request to another host."""

import csv
import json
import re
from itertools import pairwise
from pathlib import Path

import pytest
from lxml import html
from playwright.sync_api import Browser, Page, expect

pytestmark = [pytest.mark.book, pytest.mark.browser]


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
        # It is held in view, as a reader holds it: what is drawn above it may push it out.
        hold = "e => e.dataset.live || void e.scrollIntoView({block: 'center', behavior: 'instant'})"
        page.wait_for_function(hold, arg=chart, timeout=60_000, polling=100)


def test_all_charts_turn_live_with_no_outside_request_and_no_error(
    browser: Browser, site: str, pages: list[str]
) -> None:
    live = 0
    for name in pages:
        page, wrong = open_page(browser, site + name, viewport={"width": 1280, "height": 900})
        scroll_through(page)
        live += len(page.query_selector_all(".wb-chart[data-live] svg"))
        # Each fills the box of its static drawing.
        filled = "all => all.filter(e => e.getBoundingClientRect().height < 60).map(e => e.outerHTML.slice(0, 80))"
        assert page.locator(".wb-chart[data-live] .wb-chart-wide svg").evaluate_all(filled) == [], name
        assert wrong == [], name
        page.context.close()
    assert live >= 28


@pytest.mark.parametrize("width", [1280, 360])
def test_nothing_moves_when_a_chart_turns_live(browser: Browser, site: str, pages: list[str], width: int) -> None:
    heights = "Array.from(document.querySelectorAll('.wb-chart'), e => Math.round(e.getBoundingClientRect().height))"
    for name in (p for p in pages if p.startswith("notebooks/")):
        page, _ = open_page(browser, site + name, viewport={"width": width, "height": 800})
        static = page.evaluate(heights)
        assert page.locator(".wb-chart:not([data-live])").count() > len(static) / 2, name
        scroll_through(page)
        live = page.evaluate(heights)
        assert [abs(a - b) for a, b in zip(static, live, strict=True) if abs(a - b) > 4] == [], name
        page.context.close()


def test_pages_are_complete_without_script(browser: Browser, site: str, pages: list[str]) -> None:
    drawn = 0
    for name in pages:
        page, wrong = open_page(browser, site + name, java_script_enabled=False)
        charts = page.locator(".wb-chart")
        for i in range(charts.count()):
            chart = charts.nth(i)
            drawing = chart.locator("svg[role=img]:visible")
            assert drawing.count() == 1
            assert drawing.bounding_box()["height"] > 60
            assert drawing.get_attribute("aria-label")
            assert chart.locator("xpath=ancestor::figure//figcaption").inner_text().strip()
            drawn += 1
        assert page.locator("article h1").count() == 1, name
        assert wrong == [], name
        page.context.close()
    assert drawn >= 28


def test_no_page_is_wider_than_a_phone(browser: Browser, site: str, all_pages: list[str]) -> None:
    too_wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    for name in all_pages:
        page, _ = open_page(browser, site + name, viewport={"width": 360, "height": 740})
        assert page.evaluate(too_wide) <= 0, name
        page.context.close()


def test_no_cell_of_a_table_is_a_sliver(browser: Browser, site: str, pages: list[str]) -> None:
    slivers = """all => all.filter(e => e.offsetParent && e.offsetHeight > 8 * e.offsetWidth)
        .map(e => e.textContent.slice(0, 60))"""
    for name in (p for p in pages if p.startswith("notebooks/")):
        for width in (1440, 360):
            page, _ = open_page(browser, site + name, viewport={"width": width, "height": 900})
            assert page.locator("article table td").evaluate_all(slivers) == [], (name, width)
            page.context.close()


def test_every_slider_moves_its_chart(browser: Browser, site: str, pages: list[str]) -> None:
    moved = 0
    for name in (p for p in pages if p.startswith("notebooks/")):
        page, wrong = open_page(browser, site + name)
        scroll_through(page)
        for chart in page.locator(".wb-chart").all():
            for slider in chart.locator("input[type=range]").all():
                chart_name = chart.get_attribute("data-chart")
                drawing = chart.locator("svg:visible").inner_html()
                # From the keyboard, as every reader can; at its end a slider goes the other way.  A tenth of the way
                # at a time: one step may be finer than what a drawing shows.
                at_end = slider.evaluate("e => Number(e.value) >= Number(e.max)")
                slider.press("PageDown" if at_end else "PageUp")
                # Vega draws in a later frame; this waits for its drawing, not for a time.
                page.evaluate("async name => { await window.wattbook.views[name].runAsync() }", chart_name)
                assert chart.locator("svg:visible").inner_html() != drawing, (name, chart_name)
                moved += 1
        assert wrong == [], name
        page.context.close()
    assert moved >= 12


def test_a_phone_gets_its_own_drawing_and_a_turned_one_the_wide(browser: Browser, site: str) -> None:
    page, wrong = open_page(
        browser, site + "notebooks/05_depreciation_debate.html", viewport={"width": 360, "height": 740}
    )
    scroll_through(page)
    small = page.locator(".wb-chart[data-narrow]")
    assert small.count() >= 4
    assert set(small.evaluate_all("all => all.map(e => e.dataset.live)")) == {"narrow"}
    edges = small.evaluate_all(
        "all => all.map(e => e.querySelector('.wb-chart-narrow svg').getBoundingClientRect().right)"
    )
    assert max(edges) <= 360
    page.set_viewport_size({"width": 900, "height": 740})
    page.wait_for_function("document.querySelector('.wb-chart[data-narrow]').dataset.live === 'wide'")
    assert wrong == []
    page.context.close()


# Per live chart the tooltips of its marks.
TOOLTIPS = """() => Object.entries(wattbook.views).map(([name, view]) => {
    const marks = (item) => (item.items ?? []).flatMap((mark) => mark.items.flatMap((one) =>
        mark.marktype === 'group' ? marks(one) : mark.role === 'mark' ? [one] : []));
    const said = marks({ items: [view.scenegraph().root] }).map((one) => one.tooltip);
    return [name, said.filter((one) => typeof one === 'object' && one !== null)];
})"""


def test_no_chart_is_wider_than_a_phone(browser: Browser, site: str, book: Path) -> None:
    for path in sorted([*book.glob("notebooks/*.html"), book / "book/audit.html", book / "book/methods.html"]):
        page, _ = open_page(browser, site + path.relative_to(book).as_posix(), viewport={"width": 360, "height": 740})
        assert page.locator(".wb-chart").count() >= 2
        assert page.locator(".wb-chart:not([data-narrow])").all() == [], path.name
        titles = page.locator(".wb-chart-title")
        names = page.locator(".wb-chart-frame").evaluate_all("all => all.map(e => e.getAttribute('aria-label'))")
        assert names == [f"Chart: {title}" for title in titles.all_inner_texts()]
        page.context.close()


def test_the_cite_control_of_a_heading_comes_with_the_pointer_or_the_focus(browser: Browser, site: str) -> None:
    page, _ = open_page(browser, site + "notebooks/01_grid_constraints.html")
    heading = page.locator("h2", has=page.locator(".wb-cite")).first
    control = heading.locator(".wb-cite")
    expect(control).to_have_css("opacity", "0")
    control.focus()
    expect(control).to_have_css("opacity", "1")
    control.blur()
    heading.hover()
    expect(control).to_have_css("opacity", "1")
    page.context.close()
    page, _ = open_page(browser, site + "notebooks/01_grid_constraints.html", has_touch=True, is_mobile=True)
    expect(page.locator("h2 > .wb-cite").first).to_have_css("opacity", "1")
    page.context.close()


def test_a_chart_shows_its_data_as_a_table(browser: Browser, site: str, book: Path) -> None:
    page, wrong = open_page(browser, site + "notebooks/05_depreciation_debate.html")
    chart = page.locator(".wb-chart[data-chart=fig-depr-lives]")
    chart.locator(".wb-chart-more summary").click()
    rows = chart.locator(".wb-chart-data tbody tr")
    rows.first.wait_for()
    with (book / "_static/charts/fig-depr-lives.csv").open(encoding="utf-8", newline="") as file:
        header, *expected = csv.reader(file)
    assert rows.count() == len(expected)
    assert chart.locator(".wb-chart-data th").all_inner_texts() == header
    assert any("years" in name for name in header)
    assert rows.first.locator("td").first.inner_text() == expected[0][0]
    assert wrong == []
    page.context.close()


@pytest.mark.parametrize(
    ("page", "name", "label", "move", "table", "words"),
    [
        ("05_depreciation_debate", "fig-depr-model", "Useful life", "ArrowLeft", "40.0%", "book 40.0%"),
        ("05_depreciation_debate", "fig-depr-firms", "Company", "Meta", None, "Meta, 2030"),
        ("03_h200_policy", "fig-h200-calculator", "Made or sold", None, None, "2023: density"),
        ("02_capex_race", "fig-capex-path", "Capex growth", "ArrowRight", "26", "2026"),
    ],
    ids=["slider", "list", "box", "no sentence"],
)
def test_the_table_and_the_words_of_a_movable_chart_follow_its_controls(
    browser: Browser, site: str, page: str, name: str, label: str, move: str | None, table: str | None, words: str
) -> None:
    opened, wrong = open_page(browser, f"{site}notebooks/{page}.html")
    chart = opened.locator(f".wb-chart[data-chart={name}]")
    chart.scroll_into_view_if_needed()
    opened.wait_for_selector(f"[data-chart={name}][data-live]")
    chart.locator(".wb-chart-more summary").click()
    drawn = chart.locator(".wb-chart-data table", has_text="As the controls are set").first
    expect(drawn).to_be_visible()
    before = drawn.inner_text()
    control = chart.locator(".wb-chart-controls").get_by_label(label)
    if move is None:
        control.click()
    elif move.startswith("Arrow"):
        control.focus()
        control.press(move)
    else:
        control.select_option(move)
    expect(drawn).not_to_have_text(before, use_inner_text=True)
    if table:
        expect(drawn).to_contain_text(table)
    expect(chart.get_by_role("status")).to_contain_text(words)
    assert wrong == []
    opened.context.close()


def test_a_tooltip_says_value_unit_and_source_in_words(browser: Browser, site: str) -> None:
    page, wrong = open_page(browser, site + "notebooks/02_capex_race.html")
    page.locator("[data-chart=fig-capex-growth]").scroll_into_view_if_needed()
    page.wait_for_selector("[data-chart=fig-capex-growth][data-live]")
    page.locator("[data-chart=fig-capex-growth] .wb-chart-wide .mark-symbol path").first.hover(force=True)
    tooltip = page.locator("#vg-tooltip-element")
    expect(tooltip).to_contain_text("capex, US$")
    expect(tooltip).to_contain_text(re.compile(r"\$\d[\d.]* bn"))
    expect(tooltip).to_contain_text("Source: Caijing")
    assert wrong == []
    page.context.close()


def test_every_chart_says_what_is_under_the_pointer(browser: Browser, site: str, book: Path) -> None:
    """Tooltips in words, never the name of a column of the code or a number without end."""
    for path in sorted((book / "notebooks").glob("*.html")):
        page, _ = open_page(browser, f"{site}notebooks/{path.name}")
        scroll_through(page)
        said = page.evaluate(TOOLTIPS)
        assert len(said) == page.locator(".wb-chart").count(), path.name
        for name, rows in said:
            assert rows, f"{name} has no tooltip"
            spec = json.loads((book / f"_static/charts/{name}.json").read_text(encoding="utf-8"))
            named = {said for _, said, _ in spec["usermeta"]["columns"]}
            for row in rows:
                for column, value in row.items():
                    assert column in named or " " in column, f"{name}: {column}"
                    assert not re.fullmatch(r"-?[\d,]*\.\d{5,}", str(value)), f"{name}: {column} {value}"
        page.context.close()


def test_a_page_loads_what_it_uses_and_no_more(browser: Browser, site: str, pages: list[str]) -> None:
    """The frame is the book's own: nothing of the stock themes, and the chart library only where a chart is near."""
    ours = re.compile(
        r"_static/(?:(?:wattbook|evidence)\.css|(?:wattbook|cite|search|notes|explorer)\.js|fonts/[\w-]+\.woff2|favicon\.svg)"
    )
    for name in pages:
        page = browser.new_page()
        loaded: list[str] = []
        page.on("request", lambda request, seen=loaded: seen.append(request.url))
        page.goto(site + name, wait_until="networkidle")
        if page.locator(".wb-chart").evaluate_all("all => all.some(e => e.getBoundingClientRect().top < innerHeight)"):
            loaded = [url for url in loaded if "/vega.js" not in url and "/charts/" not in url]
        others = [url for url in loaded if not url.endswith(name) and not ours.search(url)]
        assert others == [], name
        page.close()


def test_chinese_is_marked_and_headings_do_not_skip(book: Path, pages: list[str]) -> None:
    marked = 0
    for name in pages:
        tree = html.document_fromstring((book / name).read_text(encoding="utf-8"))
        levels = [
            int(heading.tag[1]) for heading in tree.xpath("//article//*[self::h1 or self::h2 or self::h3 or self::h4]")
        ]
        assert levels[0] == 1
        assert levels.count(1) == 1, name
        assert all(after - before <= 1 for before, after in pairwise(levels)), name
        unmarked = tree.xpath(
            "//article//text()[not(ancestor::*[@lang][not(self::html)] or ancestor::script or ancestor::svg)]"
        )
        assert [
            text
            for text in unmarked
            if re.search("[\u4e00-\u9fff]", text) and not text.getparent().xpath("ancestor-or-self::option")
        ] == [], name
        marked += len(tree.xpath("//article//*[@lang='zh-Hant']"))
    assert marked > 500


def test_the_keyboard_skips_to_the_text_and_shows_where_it_is(browser: Browser, site: str) -> None:
    page, _ = open_page(browser, site + "notebooks/01_grid_constraints.html")
    page.keyboard.press("Tab")
    focused = page.locator(":focus")
    assert focused.inner_text() == "Skip to main content"
    assert focused.bounding_box()["y"] >= 0
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main-content"
    page.keyboard.press("Tab")
    assert page.locator(":focus").evaluate("e => getComputedStyle(e).outlineStyle") == "solid"
    page.context.close()


def test_the_contents_open_on_a_phone_without_script(browser: Browser, site: str) -> None:
    page, _ = open_page(
        browser, site + "book/ledger.html", viewport={"width": 360, "height": 740}, java_script_enabled=False
    )
    assert not page.locator("#wb-nav").is_visible()
    page.get_by_role("button", name="Contents", exact=True).click()
    assert page.locator("#wb-nav a[aria-current=page]").is_visible()
    page.context.close()


def test_the_landing_page_says_what_was_found_in_one_screen(browser: Browser, site: str) -> None:
    page, _ = open_page(browser, site + "book/intro.html", viewport={"width": 1440, "height": 900})
    cards = page.locator(".wb-finding")
    assert cards.count() == 5
    for card in cards.all():
        assert card.locator("svg[role=img]").get_attribute("aria-label")
        link = card.locator("a[href*='notebooks/']").last.bounding_box()
        assert link["y"] + link["height"] <= 900
    page.context.close()


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
    expect(row).to_contain_text("662.6")
    expect(row).to_be_in_viewport()
    assert wrong == []
    page.context.close()


def test_the_search_page_works_from_a_static_server(browser: Browser, site: str) -> None:
    page, wrong = open_page(browser, site + "search.html?q=depreciation")
    page.wait_for_selector("#search-results li")
    assert page.locator("#search-results li").count() >= 2
    assert wrong == []
    page.context.close()
