"""Citing from the page: what the control says is what `wattbook cite` says."""

import html
import re

from wattbook.cite import cite, metadata, sections
from wattbook.site.cite import control


def test_the_control_gives_the_citation_of_the_command() -> None:
    section = next(s for s in sections() if s.id == "sec-how-to-cite")
    page = control(section, metadata(), "../_static")
    shown = [html.unescape(text) for text in re.findall(r"<pre[^>]*>(.*?)</pre>", page, re.DOTALL)]
    assert shown == [cite(section.id), cite(section.id, "bibtex")]
    assert re.findall(r"cite/sec-how-to-cite\.(\w+)", page) == ["bib", "ris", "json"]


def test_a_title_cannot_break_the_html() -> None:
    section = next(iter(sections()))
    broken = control(type(section)(**{**vars(section), "title": '"><script>'}), metadata(), "_static")
    assert "<script>" not in broken
