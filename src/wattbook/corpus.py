"""Article files: one text file holds several articles, a title and a body on alternating lines."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from wattbook.errors import InputError

_SOURCE = re.compile(r"[(（]([^()（）]{1,40})[)）]$")


def _closing_source(body: str) -> re.Match[str] | None:
    """Find the source at the end of a body: looked for in its last characters only, however long it is."""
    return _SOURCE.search(body, max(0, len(body) - 42))


@dataclass(frozen=True)
class Article:
    """One article of a corpus file.

    ``body`` is the body line without surrounding white space, its closing source in parentheses included; every
    offset in the project counts Python string indices into it, from 0, half-open.  ``position`` counts the
    articles of ``file`` from 1.  ``source`` is None where the body names none.
    """

    id: str
    title: str
    source: str | None
    body: str
    file: str
    position: int
    topic: str

    @property
    def prose(self) -> str:
        """The body without its closing source: a prefix of ``body``, so offsets hold for both."""
        source = _closing_source(self.body)
        return self.body[: source.start()].rstrip() if source else self.body


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    """Give the lines of a file as text, numbered from 1 and stripped; one line is in memory at a time."""
    try:
        with path.open("rb") as file:
            # Only "\n" ends a line: str.splitlines would also cut at U+2028 and friends inside a body.
            for number, raw in enumerate(file, start=1):
                if b"\0" in raw:
                    raise InputError(f"{path}:{number}", "a NUL byte in the text")
                try:
                    line = raw.decode("utf-8-sig" if number == 1 else "utf-8")
                except UnicodeDecodeError:
                    raise InputError(f"{path}:{number}", "not valid UTF-8") from None
                yield number, line.strip()
    except OSError as error:
        raise InputError(str(path), error.strerror or "cannot be read") from None


def _pairs(path: Path, lines: Iterable[tuple[int, str]]) -> Iterator[tuple[int, str, str]]:
    """Give the articles of the lines after the first: the body's line number, title, body.

    Where the number of lines is odd, a title lacks its body.  A body is longer than the title after it; the first
    pair for which that fails is where the alternation broke.
    """
    title: tuple[int, str] | None = None
    last: tuple[int, str] | None = None
    broken: int | None = None
    for number, line in lines:
        if title is None:
            if last and broken is None and len(last[1]) < len(line):
                broken = last[0]
            title = number, line
        else:
            yield number, title[1], line
            last, title = (title[0], line), None
    if title:
        raise InputError(f"{path}:{broken or title[0]}", "a title without a body")
    if last is None:
        raise InputError(f"{path}:1", "no article follows the topic")


def stream_file(path: Path) -> Iterator[Article]:
    """Give the articles of one file, in order, as they are read; memory grows with the longest, not with the file.

    The file is UTF-8: ``#topic`` on the first line, then title and body on alternating lines.  A BOM, CRLF, blank
    lines and a missing last newline are tolerated.  Raises InputError naming file and line otherwise, when the
    faulty line is reached; a missing body shows at the end of the file.
    """
    lines = _lines(path)
    _, first = next(lines, (1, ""))
    if not first.startswith("#") or len(first) == 1:
        raise InputError(f"{path}:1", "the first line must be '#' and the topic")
    stem = path.stem.split("_")[0]
    pairs = _pairs(path, (numbered for numbered in lines if numbered[1]))
    for position, (number, title, body) in enumerate(pairs, start=1):
        source = _closing_source(body)
        if source and not source.start():
            raise InputError(f"{path}:{number}", "an empty body: nothing stands before the source")
        yield Article(
            id=f"{stem}-{position:02d}",
            title=title,
            source=source[1] if source else None,
            body=body,
            file=path.name,
            position=position,
            topic=first.removeprefix("#").strip(),
        )


def read_file(path: Path) -> list[Article]:
    """Read the articles of one file; format and errors as `stream_file`."""
    return list(stream_file(path))


def article_files(folder: Path) -> list[Path]:
    """List the article files of a folder by name; raise InputError where there is none or two share ids."""
    if not folder.is_dir():
        raise InputError(str(folder), "a file, where a folder is wanted" if folder.exists() else "no such folder")
    paths = sorted(folder.glob("*.txt"))
    if not paths:
        raise InputError(str(folder), "no .txt file in this folder")
    stems: dict[str, Path] = {}
    for path in paths:
        stem = path.stem.split("_")[0]
        if stem in stems:
            raise InputError(str(path), f"its article ids would be those of {stems[stem].name}: rename one")
        stems[stem] = path
    return paths


def stream_corpus(folder: Path) -> Iterator[Article]:
    """Give every article of a folder's ``*.txt`` files as it is read, files by name, articles in order."""
    for path in article_files(folder):
        yield from stream_file(path)


def read_corpus(folder: Path) -> list[Article]:
    """Read every article of a folder; order and errors as `stream_corpus`."""
    return list(stream_corpus(folder))
