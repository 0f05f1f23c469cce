"""Sample articles written for this package: fictional companies and places, free to reuse (CC BY 4.0).

They stand in for the fifteen articles, which are not ours to share, in walk-throughs and tests: same file format,
same subjects (grid, chips, depreciation), same kinds of quantities.
"""

from importlib.resources import files
from pathlib import Path

__all__ = ["sample_path"]


def sample_path() -> Path:
    """Give the path of ``sample.txt``, three articles in the article file format.

    Its folder can be given to ``wattbook ingest`` as it is.
    """
    return Path(str(files(__name__) / "sample.txt"))
