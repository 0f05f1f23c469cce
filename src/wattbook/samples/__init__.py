"""Sample articles written for this package: fictional companies and places, free to reuse (CC BY 4.0).

They stand in for the fifteen articles, which are not ours to share, in walk-throughs and tests: same file format,
same subjects (grid, chips, depreciation), same kinds of quantities.
"""

import random
import re
from importlib.resources import files
from pathlib import Path

__all__ = ["sample_path", "write_corpus"]


def sample_path() -> Path:
    """Give the path of ``sample.txt``, three articles in the article file format.

    Its folder can be given to ``wattbook ingest`` as it is.
    """
    return Path(str(files(__name__) / "sample.txt"))


def write_corpus(folder: Path, size: int, seed: int = 0) -> None:
    """Write two article files of ``size`` bytes together into ``folder``, for tests and measurements of any size.

    Each article is the sentences of the sample articles drawn anew, and one invented name, so that the vocabulary
    grows with the corpus as that of real text does.  The same seed gives the same files.
    """
    draw = random.Random(seed)
    bodies = sample_path().read_text(encoding="utf-8").splitlines()[2::2]
    sentences = [found for body in bodies for found in re.findall("[^。]+。", body)]
    for number in range(2):
        with (folder / f"{number:03d}_generated.txt").open("w", encoding="utf-8", newline="\n") as file:
            file.write("#範例\n")
            article = 0
            while file.tell() < size / 2:
                article += 1
                name = "".join(chr(draw.randrange(0x4E00, 0x9FA6)) for _ in range(6))
                body = "".join(draw.choices(sentences, k=20))
                file.write(f"【虛構範例】第{article}篇\n{body}新公司名為{name}。(範例報)\n")
