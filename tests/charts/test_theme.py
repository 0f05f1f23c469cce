"""Colours: the same names in Python and in the stylesheet, readable in both modes."""

import re

import pytest

from wattbook.charts.theme import COLOURS, with_css_variables
from wattbook.paths import ROOT

CSS = (ROOT / "book/_static/wattbook.css").read_text(encoding="utf-8")


def palette(mode: str) -> dict[str, str]:
    pairs = re.findall(r"--wb-([\w-]+): light-dark\((#\w{6}), (#\w{6})\);", CSS)
    return {name: dict(zip(("light", "dark"), values, strict=True))[mode] for name, *values in pairs}


def luminance(colour: str) -> float:
    """Relative luminance, WCAG 2.2."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_the_stylesheet_has_every_colour() -> None:
    light = palette("light")
    assert {name: light[name] for name in COLOURS} == COLOURS


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_text_stands_out_on_the_page_and_on_panels(mode: str) -> None:
    """Every colour may be that of a word: WCAG 2.2 asks for 4.5.  Lines and grounds are no text."""
    colours = palette(mode)
    for name in colours.keys() - {"grid", "rule", "paper", "panel"}:
        assert contrast(colours[name], colours["paper"]) >= 4.5, name
        assert contrast(colours[name], colours["panel"]) >= 4.5, name


def test_colours_become_variables_and_ramps_do_not() -> None:
    spec = {"mark": {"color": COLOURS["red"]}, "range": ["#dbe9f6", "#0b3f73"]}
    assert with_css_variables(spec) == {"mark": {"color": "var(--wb-red)"}, "range": ["#dbe9f6", "#0b3f73"]}
