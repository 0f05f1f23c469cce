"""What a page depends on beside its own text: the package, the data, measured figures and the environment.

jupyter-cache knows a notebook by its code alone and Sphinx a page by its file alone.  Both are told here to start
afresh when anything else that shapes a page has changed.
"""

import hashlib
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.config import Config

from wattbook.paths import DATA, ROOT


def fingerprint() -> str:
    """Give a digest of every file that shapes the pages beside their own text."""
    files = [
        *(path for path in (ROOT / "src").rglob("*") if path.is_file() and "__pycache__" not in path.parts),
        *(path for name in ("_templates", "_theme") for path in (ROOT / "book" / name).rglob("*") if path.is_file()),
        *(path for path in DATA.rglob("*") if path.is_file()),
        *(ROOT / "benchmarks" / "results").glob("*.csv"),
        *(ROOT / name for name in ("requirements.lock", "_config.yml", "_toc.yml", "CITATION.cff")),
    ]
    digest = hashlib.sha256()
    for path in sorted(files):
        digest.update(str(path.relative_to(DATA if path.is_relative_to(DATA) else ROOT)).encode() + b"\0")
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:16]


def _configure(app: Sphinx, config: Config) -> None:
    config.wattbook_fingerprint = fingerprint()
    config.nb_execution_cache_path = str(Path(app.outdir).parent / ".jupyter_cache" / config.wattbook_fingerprint)


def setup(app: Sphinx) -> dict[str, Any]:
    """Connect the extension: a changed fingerprint makes Sphinx read every page again."""
    app.add_config_value("wattbook_fingerprint", "", "env")
    app.connect("config-inited", _configure, priority=10)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
