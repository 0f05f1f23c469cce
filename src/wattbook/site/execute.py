"""Execute the notebooks, text-based ones too, that a build is about to read, as many side by side as there are cores.

MyST-NB executes one after the other while it reads.  Here jupyter-cache executes them beforehand into the cache that
MyST-NB then finds; a notebook that fails is not cached, so MyST-NB meets and reports it as it always does.
"""

from pathlib import Path
from typing import Any

from jupyter_cache import get_cache
from jupyter_cache.executors import load_executor
from myst_nb.core.read import create_nb_reader
from sphinx.application import Sphinx


def _execute(app: Sphinx, env: Any, docnames: list[str]) -> None:
    cache = get_cache(app.config.nb_execution_cache_path)
    added = []
    for name in docnames:
        path = Path(env.doc2path(name))
        reader = create_nb_reader(str(path), env.myst_config, env.mystnb_config, path.read_text("utf-8"))
        if reader is not None:
            fmt = {"read_data": reader.read_fmt} if reader.read_fmt else {}
            added.append(cache.add_nb_to_project(str(path), **fmt).uri)
    if added:
        executor = load_executor("local-parallel", cache)
        executor.run_and_cache(filter_uris=added, timeout=app.config.nb_execution_timeout)


def setup(app: Sphinx) -> dict[str, Any]:
    """Connect the extension."""
    app.connect("env-before-read-docs", _execute)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
