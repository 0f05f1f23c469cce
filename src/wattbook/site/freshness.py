"""What a page depends on beside its own text: the package, the data, measured figures and the environment.

jupyter-cache knows a notebook by its code alone and Sphinx a page by its file alone.  Both are told here to start
afresh when anything else that shapes a page has changed.
"""

import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.config import Config

from wattbook.paths import DATA, ROOT

# Code in pages uses this module of the site, and none of those that make pages.
_SITE = ROOT / "src" / "wattbook" / "site"
_USED_IN_PAGES = _SITE / "evidence.py"


def _files(*folders: Path) -> list[Path]:
    found = (path for folder in folders for path in folder.rglob("*"))
    return [path for path in found if path.is_file() and "__pycache__" not in path.parts]


def _digest(files: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for path in sorted(files):
        digest.update(str(path.relative_to(DATA if path.is_relative_to(DATA) else ROOT)).encode() + b"\0")
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:16]


def execution_fingerprint() -> str:
    """Give a digest of every file that shapes the outputs of notebooks beside their code."""
    package = [path for path in _files(ROOT / "src") if not path.is_relative_to(_SITE) or path == _USED_IN_PAGES]
    return _digest([*package, *_files(DATA, ROOT / "benchmarks" / "results"), ROOT / "requirements.lock"])


def fingerprint() -> str:
    """Give a digest of every file that shapes the pages beside their own text."""
    named = [ROOT / name for name in ("requirements.lock", "_config.yml", "_toc.yml", "CITATION.cff", "CHANGELOG.md")]
    folders = (
        ROOT / "src",
        ROOT / "book" / "_theme",
        ROOT / "book" / "_templates",
        ROOT / "benchmarks" / "results",
        DATA,
    )
    return _digest([*_files(*folders), *named])


def cache_folder(outdir: Path) -> Path:
    """Name the folder of executed notebooks for a build into ``outdir``."""
    return outdir.parent / ".jupyter_cache" / execution_fingerprint()


def _configure(app: Sphinx, config: Config) -> None:
    config.wattbook_fingerprint = fingerprint()
    config.nb_execution_cache_path = str(cache_folder(Path(app.outdir)))


def setup(app: Sphinx) -> dict[str, Any]:
    """Connect the extension: a changed fingerprint makes Sphinx read every page again."""
    app.add_config_value("wattbook_fingerprint", "", "env")
    app.connect("config-inited", _configure, priority=10)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
