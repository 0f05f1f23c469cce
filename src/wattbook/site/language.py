"""Marks Chinese in the pages with its language, so that a screen reader changes its voice and a browser its face."""

import re
from functools import cache

import opencc

from wattbook.script import to_simplified_converter

_HAN = "\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
# Chinese marks and full-width forms belong to a run when they stand inside it.
_RUN = re.compile(rf"[{_HAN}](?:[{_HAN}\u3001-\u303f\uff01-\uff5e·…—]*[{_HAN}])?")
_TAG = re.compile(r"<!--.*?-->|<(/?)([a-zA-Z][\w-]*)([^>]*)>", re.DOTALL)
# Elements whose content may not hold another element, or that is not read.
_LEFT = {"script", "style", "svg", "option", "textarea", "title"}
_EMPTY = {"area", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"}


@cache
def _to_traditional_converter() -> opencc.OpenCC:
    return opencc.OpenCC("s2t")


@cache
def language_of(run: str) -> str:
    """Give ``zh-Hans`` for Han text that only Simplified script writes so, else ``zh-Hant``."""
    is_simplified = to_simplified_converter().convert(run) == run
    return "zh-Hans" if is_simplified and _to_traditional_converter().convert(run) != run else "zh-Hant"


def mark_chinese(html: str) -> str:
    """Wrap each run of Chinese in the text of an HTML fragment in a ``span`` with its ``lang``.

    Text inside an element that has a ``lang`` of its own, and text that may hold no element, stays as it is.
    """
    if not _RUN.search(html):
        return html
    out: list[str] = []
    # The elements that are open, and how many of them forbid a mark.
    open_elements: list[tuple[str, bool]] = []
    forbidden = 0
    at = 0
    for tag in _TAG.finditer(html):
        text = html[at : tag.start()]
        out.append(text if forbidden else _RUN.sub(_marked, text))
        out.append(tag[0])
        at = tag.end()
        name = (tag[2] or "").lower()
        if not name or name in _EMPTY or tag[3].endswith("/"):
            continue
        if tag[1]:
            if any(name == open_name for open_name, _ in open_elements):
                closed = ""
                while closed != name:
                    closed, forbade = open_elements.pop()
                    forbidden -= forbade
        else:
            forbids = name in _LEFT or re.search(r"\slang=", tag[3]) is not None
            open_elements.append((name, forbids))
            forbidden += forbids
    out.append(html[at:] if forbidden else _RUN.sub(_marked, html[at:]))
    return "".join(out)


def _marked(run: re.Match[str]) -> str:
    return f'<span lang="{language_of(run[0])}">{run[0]}</span>'
