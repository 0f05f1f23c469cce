"""The guard of the articles' copyright: no run of their Han characters may be published."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from wattbook.corpus import Article

RUN = 25
_HAN = re.compile(r"[\u4e00-\u9fff]+")


def runs(text: str) -> Iterator[str]:
    """Give every run of ``RUN`` Han characters of each line, passing over what stands between them (marks, digits)."""
    for line in text.splitlines():
        han = "".join(_HAN.findall(line))
        yield from (han[i : i + RUN] for i in range(len(han) - RUN + 1))


def leaks(articles: Iterable[Article], files: Iterable[Path]) -> list[str]:
    """List the files that hold ``RUN`` Han characters in a row of an article's body, titles aside."""
    listed = list(articles)
    titles = {run for article in listed for run in runs(article.title)}
    forbidden = {run for article in listed for run in runs(article.body)} - titles
    found = []
    for path in files:
        text = path.read_bytes().decode("utf-8", errors="ignore")
        leaked = next((run for run in runs(text) if run in forbidden), None)
        if leaked:
            found.append(f"{path}: {leaked[:6]}…")
    return found
