"""No number about the world is typed in prose: it comes by a role or is computed.

Every digit in the markdown cells and captions of the notebooks and in the pages that stands outside of roles, code,
links, labels and formulas must be covered by an entry of ``ALLOWED``, which says why it may be typed.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from wattbook.paths import ROOT

MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"

# Why a digit may be typed, and the forms that this covers.  A form that no page has any more is taken out.
ALLOWED: dict[str, list[str]] = {
    "a year": [r"\b(?:19|20)\d\d\b"],
    "a quarter or half of a year": [r"\b(?:FY)?20\d\d[QH]\d\b"],
    "a day of a month": [rf"\b\d{{1,2}} (?:{MONTHS})\b"],
    "the name of a chip, a product or an index": [
        r"\b(?:H20|H100|H200|H800|L20|A100|A800|B200|B300|GB200|GB300|BR100|910B|910C|P800|S3000|S4000)\b",
        r"\b(?:Siyuan|the) 590\b",
        r"\bthe 920\b",
        r"\bAscend 910\b",
        r"\bMI3(?:00X|08X?)\b",
        r"\bCloudMatrix 384\b",
        r"\bColossus [12]\b",
        r"\bModel 3\b",
        r"\bNasdaq-100\b",
        r"\b7 nm\b",
        r"\bWafers of 300 mm\b",
    ],
    "the name of a standard, a form, a rule or a licence": [
        r"\bIEEE Standard 1366\b",
        r"\bEIA-861\b",
        r"\bForm 861\b",
        r"\b10-[KQ]\b",
        r"\b3A090(?:\.[ab])?",
        r"\b(?:UTF-8|UTF-16|SHA-256|FP16|BF16)\b",
        r"\bCC BY 4\.0",
        r"\bPython 3\.11, 3\.12 or 3\.13\b",
    ],
    "the width of a number format": [r"\b(?:8|16)-bit\b", r"\b16 bits\b"],
    "the name, the unit or the range of a statistic": [
        r"\bF1\b",
        r"\bG2\b",
        r"\bmiddle 95 per ?cent of a bootstrap\b",
        r"\b95% bootstrap intervals\b",
        r"\b5(?:–| to | and )95 per ?cent (?:ranges?|points)\b",
        r"\b1,000 words\b",
        r"\b0 to 1\b",
        r"\bruns from 0, spread as the tokens\s+are, to 1, all in\b",
        r"\b95% intervals?\b",
        r"\bholds 95% of 200 random orders\b",
        r"\blogarithmic from 1 up\b",
        r"\ba count of 0 taken as a half\b",
        r"\bbeside 3\.84, which chance passes\b",
        r"\bdashed lines at 1\.96\b",
    ],
    "a power of ten that explains a word": [r"\b10 to the 12th\b", r"10¹²"],
    "a term of a formula": [r"\(1 − \*t f\*\)"],
    "a place in a reference": [r"\b52\(4\)", r"\b65–76\b"],
    "how long a chapter takes to read": [r"\b[Aa]bout \d\d minutes\. Data\b"],
    "the number of a step or a part": [r"(?m)^\d\. ", r"\bread parts 1, 2 and 8\b", r"\bread parts 4 to 6\b"],
    "what the code does, held by its tests": [
        r"\bexit code 1\b",
        r"\bat least 99 in 100\b",
        r"\bpassages of 60\s+or\s+more\b",
        r"\b32 MiB\b",
    ],
    "an example of a printed number": [
        r"(?m)^\| (?:(?:about )?2\.5 times|over 50%|600,000–800,000) \|.*$",
        r"\bSay an article prints the parts 2\.5 and 1\.2[^|(]+promised 2\.50\b",
        r"\bspending of the year before as US\$261 billion\b",
    ],
}

_ROLES_AND_CODE = (
    # The first line of a directive: its name and argument.
    r"(?m)^:{3,}\{[\w-]+\}.*$",
    r"(?m)^:[a-z_-]+:.*$",
    r"(?s)\$\$.*?\$\$",
    r"(?<![A-Z\\])\$[^$\n]+\$",
    r"\{[a-z:]+\}(`+)(?:(?!\1).|\n)+\1",
    r"(`+)(?:(?!\1).|\n)+?\1",
    r"(?<=\])\([^)]*\)",
    r"(?m)^\([a-z0-9-]+\)=$",
)
# Directives whose content is prose; every other fence holds code, data or options.
_PROSE = re.compile(r"\{(?:note|tip|important|warning|admonition|dropdown|figure)\}")


def _without_fences(text: str) -> Iterator[str]:
    """Give the lines outside of code; of an admonition those between its fences."""
    code, open_prose = "", []
    for line in text.splitlines():
        fence = re.match(r"`{3,}", line)
        if code:
            code = "" if fence and fence[0] == line.rstrip() == code else code
        elif fence and open_prose and fence[0] == line.rstrip() == open_prose[-1]:
            open_prose.pop()
        elif fence and _PROSE.match(line, fence.end()):
            open_prose.append(fence[0])
            yield line[fence.end() :]
        elif fence:
            code = fence[0]
        else:
            yield line


def prose(text: str) -> str:
    """Take out what is no typed prose: front matter, code, roles, formulas, addresses of links, labels."""
    text = re.sub(r"\A---\n.*?\n---\n", "", text, flags=re.DOTALL)
    text = "\n".join(_without_fences(text))
    for pattern in _ROLES_AND_CODE:
        text = re.sub(pattern, "", text)
    return text


def typed(path: Path) -> Iterator[str]:
    """Give the prose of a page or notebook, captions of its figures included, piece by piece."""
    if path.suffix == ".md":
        text = path.read_text(encoding="utf-8")
        yield prose(text)
        yield from re.findall(r"^ *caption: (.+)$", text, re.MULTILINE)
        return
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        if cell["cell_type"] == "markdown":
            yield prose("".join(cell["source"]))
        else:
            yield cell["metadata"].get("mystnb", {}).get("figure", {}).get("caption", "")


def unexplained(text: str) -> list[str]:
    """List the digits that no entry of ``ALLOWED`` covers, each with the words around it."""
    for pattern in (pattern for patterns in ALLOWED.values() for pattern in patterns):
        # Covered text keeps its length, so that what is left can be shown in its place.
        covered = re.sub(pattern, lambda found: re.sub(r"\d|[⁰¹²³]", "·", found[0]), text)
        text = covered
    return [
        " ".join(text[max(0, found.start() - 30) : found.end() + 30].split())
        for found in re.finditer(r"\d[\d.,]*", text)
    ]


PAGES = sorted([*(ROOT / "notebooks").glob("*.ipynb"), *(ROOT / "book").glob("*.md")])


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_no_number_about_the_world_is_typed(path: Path) -> None:
    found = [place for text in typed(path) for place in unexplained(text)]
    assert found == [], "use {claim}, {check} or {glue}, or say in ALLOWED why it may be typed"


def test_every_allowance_is_used() -> None:
    texts = [text for path in PAGES for text in typed(path)]
    patterns = [pattern for patterns in ALLOWED.values() for pattern in patterns]
    assert [pattern for pattern in patterns if not any(re.search(pattern, text) for text in texts)] == []


@pytest.mark.parametrize(
    "text",
    [
        "Customers waited 662.6 minutes.",
        "It grew by **3** per cent ({check}`grew`).",
        "```{admonition} Answer\n:class: answer\nIt was 7 GW.\n```",
        ":::{note}\nIt was 7 GW.\n:::",
        "| a | 12 |",
        "Up to US$5 billion, then US$9 billion.",
        "See [the 5 sums](https://example.org/2025).",
        "It was 2025 dollars, 12,345 of them.",
        "It had 8 bits in 1999, 21 November.",
    ],
)
def test_a_typed_number_is_found(text: str) -> None:
    assert unexplained(prose(text)) != []


@pytest.mark.parametrize(
    "text",
    [
        "Customers waited {claim}`saidi-us-2024` in 2024, by {glue:text}`x_1`.",
        "Run `wattbook cite sec-2` ``with `1` ``, then [read](page.md#sec-3).",
        "---\nversion: 3\n---\nText.",
        "(sec-part-2)=\n## Title\n\n```sh\nhead -5\n```\n\n````{code-cell}\n1\n```\n2\n```\n````\n",
        "The mean $x_1 = 2$ and\n\n$$\n3\n$$\n",
        "On 27 October 2025 the H200 was not yet for sale.",
    ],
)
def test_what_is_no_typed_number_is_passed_over(text: str) -> None:
    assert unexplained(prose(text)) == []
