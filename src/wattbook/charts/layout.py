"""Where the words of a drawn chart are, and which of them collide."""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from xml.etree import ElementTree

from wattbook.charts.text import text_width

_SVG = "{http://www.w3.org/2000/svg}"
_STEP = re.compile(r"(translate|rotate|matrix|scale)\(([^)]*)\)")
# Of a line's height, the part above and below its base line that letters fill.
_ASCENT, _DESCENT = 0.70, 0.20
# Boxes may touch by this many pixels before words look run together.
_TOLERANCE = 1.5

_Matrix = tuple[float, float, float, float, float, float]


@dataclass(frozen=True)
class TextBox:
    """A line of text in a drawing with its corners in pixels of the drawing, y downwards."""

    text: str
    left: float
    top: float
    right: float
    bottom: float

    def overlaps(self, other: "TextBox") -> bool:
        """Say whether two lines run into each other; a text drawn twice in one place (a halo) does not."""
        if self.text == other.text and abs(self.left - other.left) + abs(self.top - other.top) < _TOLERANCE:
            return False
        across = min(self.right, other.right) - max(self.left, other.left)
        down = min(self.bottom, other.bottom) - max(self.top, other.top)
        return across > _TOLERANCE and down > _TOLERANCE


def size(svg: str) -> tuple[float, float]:
    """Give width and height of a drawing in pixels."""
    found = re.search(r'width="([\d.]+)" height="([\d.]+)"', svg)
    assert found, "Vega writes the size into its SVG"
    return float(found[1]), float(found[2])


def text_boxes(svg: str) -> list[TextBox]:
    """List the lines of text of a drawing that are level or upright; slanted ones are left out."""
    return list(_boxes(ElementTree.fromstring(svg), (1, 0, 0, 1, 0, 0)))


def collisions(svg: str) -> list[tuple[str, str]]:
    """List the pairs of lines that run into each other, and (with an empty partner) those cut off at an edge."""
    boxes = [box for box in text_boxes(svg) if box.text.strip()]
    width, height = size(svg)
    cut = [
        (box.text, "")
        for box in boxes
        if box.left < -2 or box.top < -2 or box.right > width + 2 or box.bottom > height + 2
    ]
    return [(one.text, other.text) for one, other in combinations(boxes, 2) if one.overlaps(other)] + cut


def _boxes(element: ElementTree.Element, above: _Matrix) -> Iterator[TextBox]:
    if element.get("display") == "none" or element.get("opacity") == "0":
        return
    here = _times(above, _matrix(element.get("transform", "")))
    if element.tag != f"{_SVG}text":
        for child in element:
            yield from _boxes(child, here)
        return
    font = float(element.get("font-size", "11").removesuffix("px"))
    bold = element.get("font-weight", "normal") in ("bold", "600", "700")
    down = 0.0
    for line in list(element) or [element]:
        down += float(line.get("dy", "0")) if line is not element else 0
        text = line.text or ""
        long = text_width(text, font, bold=bold)
        start = {"middle": -long / 2, "end": -long}.get(element.get("text-anchor", "start"), 0.0)
        corners = [_apply(here, start + x, down + y) for x in (0, long) for y in (-_ASCENT * font, _DESCENT * font)]
        if min(abs(here[0]), abs(here[1])) < 0.05:
            xs, ys = zip(*corners, strict=True)
            yield TextBox(text, min(xs), min(ys), max(xs), max(ys))


def _matrix(transform: str) -> _Matrix:
    result: _Matrix = (1, 0, 0, 1, 0, 0)
    for kind, written in _STEP.findall(transform):
        numbers = [float(number) for number in re.split(r"[\s,]+", written.strip())]
        if kind == "translate":
            step: _Matrix = (1, 0, 0, 1, numbers[0], numbers[1] if len(numbers) > 1 else 0)
        elif kind == "rotate":
            angle = math.radians(numbers[0])
            step = (math.cos(angle), math.sin(angle), -math.sin(angle), math.cos(angle), 0, 0)
        elif kind == "scale":
            step = (numbers[0], 0, 0, numbers[-1], 0, 0)
        else:
            step = (numbers[0], numbers[1], numbers[2], numbers[3], numbers[4], numbers[5])
        result = _times(result, step)
    return result


def _times(one: _Matrix, other: _Matrix) -> _Matrix:
    a, b, c, d, e, f = one
    g, h, i, j, k, m = other
    return a * g + c * h, b * g + d * h, a * i + c * j, b * i + d * j, a * k + c * m + e, b * k + d * m + f


def _apply(matrix: _Matrix, x: float, y: float) -> tuple[float, float]:
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f
