"""The picture that stands for a page where its address is shared: its title and the verdicts of its checks."""

from html import escape

import pandas as pd
import vl_convert

from wattbook.audit import VERDICTS
from wattbook.charts.text import text_width, wrap
from wattbook.charts.theme import COLOURS, FONT, THEME_COLOURS, VERDICT_COLOURS

CARD_SIZE = (1200, 630)  # pixels: the size that the Open Graph's readers crop least
_MARGIN, _TITLE_SIZE, _LINE, _TEXT_SIZE = 80, 68, 82, 26
_BAR_TOP, _BAR_HEIGHT = 430, 44


def card(title: str, theme: str, book: str, checks: pd.DataFrame) -> bytes:
    """Draw the card of a page as PNG.

    ``theme`` is a theme of the ledger or empty for a page about all of them, ``checks`` what `wattbook.audit.run_audit`
    gives.  The bar shows how many checks of the theme have which verdict.
    """
    chosen = checks[checks["theme"] == theme] if theme else checks
    counts = chosen["verdict"].value_counts().reindex(VERDICTS, fill_value=0)
    accent = THEME_COLOURS.get(theme, COLOURS["blue"])
    width, height = CARD_SIZE
    inner = width - 2 * _MARGIN
    drawn = [
        f'<rect width="{width}" height="{height}" fill="{COLOURS["paper"]}"/>',
        f'<rect width="{width}" height="16" fill="{accent}"/>',
        _text(_MARGIN, 100, book, _TEXT_SIZE, accent, 600),
    ]
    drawn += [
        _text(_MARGIN, 200 + _LINE * number, line, _TITLE_SIZE, COLOURS["ink"], 600)
        for number, line in enumerate(wrap(title, inner, _TITLE_SIZE, bold=True)[:3])
    ]
    left = float(_MARGIN)
    for name, count in counts.items():
        share = inner * count / len(chosen)
        drawn.append(
            f'<rect x="{left:.1f}" y="{_BAR_TOP}" width="{max(share - 3, 0):.1f}" height="{_BAR_HEIGHT}" '
            f'fill="{VERDICT_COLOURS[str(name)]}"/>'
        )
        left += share
    legend = [f"{len(chosen)} checks:", *(f"{count} {name}" for name, count in counts.items() if count)]
    colours = [COLOURS["muted"], *(VERDICT_COLOURS[str(name)] for name, count in counts.items() if count)]
    left = float(_MARGIN)
    for text, colour in zip(legend, colours, strict=True):
        drawn.append(_text(left, _BAR_TOP + _BAR_HEIGHT + _LINE * 0.6, text, _TEXT_SIZE, colour, 600))
        left += text_width(text, _TEXT_SIZE, bold=True) + _TEXT_SIZE
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}">{"".join(drawn)}</svg>'
    png: bytes = vl_convert.svg_to_png(svg)
    return png


def _text(x: float, y: float, text: str, size: float, colour: str, weight: int) -> str:
    family = escape(FONT, quote=True)
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-family="{family}" font-size="{size}" font-weight="{weight}" '
        f'fill="{colour}">{escape(text)}</text>'
    )
