"""axe-core finds nothing on any page, wide and on a phone, in light and in dark."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

pytestmark = [pytest.mark.book, pytest.mark.browser]

# What differs in dark mode is colour.  Only what is wrong is told in full, which takes a third of the time.
_LIGHT: dict[str, list[str]] = {"resultTypes": ["violations"]}
_DARK = _LIGHT | {"runOnly": ["color-contrast"]}


@pytest.mark.parametrize("width", [1440, 360])
@pytest.mark.parametrize(("mode", "options"), [("light", _LIGHT), ("dark", _DARK)], ids=["light", "dark"])
def test_axe_finds_nothing(
    browser: Browser, site: str, all_pages: list[str], mode: str, options: dict[str, list[str]], width: int
) -> None:
    found = []
    for name in all_pages:
        screen = {"width": width, "height": 900}
        page = browser.new_context(color_scheme=mode, reduced_motion="reduce", viewport=screen).new_page()
        page.goto(site + name, wait_until="load")
        result = Axe().run(page, options=options)
        found += [(name, v["id"], v["nodes"][0]["html"][:120]) for v in result.response["violations"]]
        page.context.close()
    assert found == []
