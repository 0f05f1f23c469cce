"""Article files: one text file holds several articles, a title and a body on alternating lines."""

import re
from dataclasses import dataclass
from pathlib import Path

from wattbook.errors import InputError

_SOURCE = re.compile(r"\s*[(（]([^()（）]{1,40})[)）]\s*$")


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
        return self.body if self.source is None else _SOURCE.sub("", self.body)


def _bodyless(lines: list[tuple[int, str]]) -> int:
    """Tell the line of the title that lacks its body, given an odd number of lines.

    A body is longer than the title after it; the first pair for which that fails is where the alternation broke.
    """
    for i in range(0, len(lines) - 2, 2):
        if len(lines[i + 1][1]) < len(lines[i + 2][1]):
            return lines[i][0]
    return lines[-1][0]


def read_file(path: Path) -> list[Article]:
    """Read the articles of one file, in order.

    The file is UTF-8: ``#topic`` on the first line, then title and body on alternating lines.  A BOM, CRLF, blank
    lines and a missing last newline are tolerated.  Raises InputError naming file and line otherwise.
    """
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise InputError(str(path), error.strerror or "cannot be read") from None
    if b"\0" in raw:
        raise InputError(f"{path}:{raw[: raw.index(0)].count(10) + 1}", "a NUL byte in the text")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        # The codec counts from behind a BOM.
        at = error.start + (3 if raw.startswith(b"\xef\xbb\xbf") else 0)
        line = raw[:at].count(b"\n") + 1
        raise InputError(f"{path}:{line}", "not valid UTF-8") from None
    # Only "\n" ends a line: str.splitlines would also cut at U+2028 and friends inside a body.
    numbered = [(n, line.strip()) for n, line in enumerate(text.split("\n"), start=1)]
    if not numbered[0][1].startswith("#") or len(numbered[0][1]) == 1:
        raise InputError(f"{path}:1", "the first line must be '#' and the topic")
    topic = numbered[0][1].removeprefix("#").strip()
    lines = [(n, line) for n, line in numbered[1:] if line]
    if not lines:
        raise InputError(f"{path}:1", "no article follows the topic")
    if len(lines) % 2:
        raise InputError(f"{path}:{_bodyless(lines)}", "a title without a body")
    stem = path.stem.split("_")[0]
    articles = []
    for position, ((_, title), (n, body)) in enumerate(zip(lines[::2], lines[1::2], strict=True), start=1):
        source = _SOURCE.search(body)
        if source and not body[: source.start()]:
            raise InputError(f"{path}:{n}", "an empty body: nothing stands before the source")
        articles.append(
            Article(
                id=f"{stem}-{position:02d}",
                title=title,
                source=source[1] if source else None,
                body=body,
                file=path.name,
                position=position,
                topic=topic,
            )
        )
    return articles


def article_files(folder: Path) -> list[Path]:
    """List the article files of a folder by name; raise InputError where there is none or two share ids."""
    if not folder.is_dir():
        raise InputError(str(folder), "no such folder")
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


def read_corpus(folder: Path) -> list[Article]:
    """Read every article of a folder's ``*.txt`` files, files by name, articles in order."""
    return [article for path in article_files(folder) for article in read_file(path)]
