"""Where the project's files are."""

import os
from pathlib import Path

from wattbook.errors import InputError

ROOT = Path(__file__).resolve().parents[2]
DATA = Path(os.environ.get("WATTBOOK_DATA", ROOT / "data"))


def corpus_dir() -> Path | None:
    """Give the folder of the reader's own copy of the articles, or None where there is none.

    ``WATTBOOK_CORPUS`` names the folder; without it, ``../shared/corpus`` seen from the project's root is tried.
    Raises InputError where the variable names no folder.
    """
    named = os.environ.get("WATTBOOK_CORPUS")
    folder = Path(named) if named else ROOT.parent / "shared" / "corpus"
    if folder.is_dir():
        return folder
    if named:
        raise InputError("WATTBOOK_CORPUS", f"no such folder: {named}")
    return None
