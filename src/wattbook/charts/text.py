"""How wide a text is in a chart, and how to break it into lines: in the book's own face, so the same everywhere."""

import re
from collections.abc import Callable
from functools import cache
from pathlib import Path

from fontTools.ttLib import TTFont

FONTS = Path(__file__).parent / "fonts"
# A character that the face does not have is Han, or as wide.
_FULL_WIDTH = 1.0
_HAN_RUN = re.compile(r"[\u2e80-\u9fff]+(?:/[\u2e80-\u9fff]+)*")


@cache
def _advances(bold: bool) -> dict[int, float]:
    """Give the width of each character that the face has, in ems."""
    face = TTFont(FONTS / f"wattbook-sans-{600 if bold else 400}.ttf", lazy=True)
    widths, em = face["hmtx"].metrics, face["head"].unitsPerEm
    return {code: widths[glyph][0] / em for code, glyph in face.getBestCmap().items()}


def text_width(text: str, size: float = 12, *, bold: bool = False) -> float:
    """Give the width of a line of text in pixels at a font size; kerning left out."""
    advances = _advances(bold)
    return size * sum(advances.get(ord(character), _FULL_WIDTH) for character in text)


def wrap(text: str, width: float, size: float = 12, *, bold: bool = False) -> list[str]:
    """Break a text into lines no wider than ``width`` pixels.

    Lines break at spaces, and in Han only where a run of it (several with a stroke between them) is wider than a line;
    a longer word gets a line of its own.
    """
    lines = [""]
    for part in _parts(text, lambda run: text_width(run, size, bold=bold) <= width):
        longer = lines[-1] + part
        if lines[-1] and text_width(longer.rstrip(), size, bold=bold) > width:
            lines.append(part.lstrip())
        else:
            lines[-1] = longer
    return [line.rstrip() for line in lines]


def _parts(text: str, fits: Callable[[str], bool]) -> list[str]:
    """Cut a text where a line may break: a word with the space after it, a run of Han that fits or its characters."""
    parts: list[str] = []
    whole = {place for run in _HAN_RUN.finditer(text) if fits(run[0]) for place in range(run.start() + 1, run.end())}
    for place, character in enumerate(text):
        is_new = not parts or parts[-1].endswith((" ", "/")) or _is_han(character) or _is_han(parts[-1][-1])
        # No line begins with a closing mark or a space.
        if is_new and parts and (character in " ,.;:!?)）」』，。；：！？、%/·" or place in whole):
            is_new = False
        if is_new:
            parts.append(character)
        else:
            parts[-1] += character
    return parts


def _is_han(character: str) -> bool:
    return "\u2e80" <= character <= "\u9fff"
