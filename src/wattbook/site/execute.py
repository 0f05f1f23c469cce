"""Run the notebooks before the book is built, side by side, into the cache that the build reads.

Sphinx would run them one after the other.  What fails here is left to it, which reports the error.
"""

import os
import shutil
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from jupyter_cache import get_cache
from jupyter_cache.base import CacheBundleIn
from jupyter_cache.executors.utils import ExecutionResult, single_nb_execution
from myst_nb.core.config import NbParserConfig
from myst_nb.core.read import create_nb_reader
from myst_parser.config.main import MdParserConfig
from nbformat import NotebookNode

from wattbook.paths import ROOT

# Kernels of the build read this in place of the reader's own IPython files, which could change what the book says.
# The grammar that it leaves out is for checking URIs against JSON schemas, which no chart has, and takes seconds.
_STARTUP = 'import sys\n\nsys.modules["rfc3987_syntax"] = None\n'
TIMEOUT = 300


def ipython_folder(folder: Path) -> Path:
    """Write the IPython configuration of the build's kernels into a folder; give the folder."""
    startup = folder / "profile_default" / "startup"
    startup.mkdir(parents=True, exist_ok=True)
    (startup / "00-build.py").write_text(_STARTUP, encoding="utf-8")
    return folder


def execute_all(cache_folder: Path) -> None:
    """Execute each notebook and page with code that the cache in ``cache_folder`` lacks; remove the others."""
    for old in cache_folder.parent.glob("*"):
        if old != cache_folder:
            shutil.rmtree(old)
    cache = get_cache(cache_folder)
    missing = []
    for path in [*sorted((ROOT / "notebooks").glob("*.ipynb")), *sorted((ROOT / "book").glob("*.md"))]:
        text = path.read_text(encoding="utf-8")
        reader = create_nb_reader(str(path), MdParserConfig(), NbParserConfig(), text)
        if reader is None:
            continue
        notebook = reader.read(text)
        try:
            cache.match_cache_notebook(notebook)
        except KeyError:
            missing.append((path, notebook))

    def execute(task: tuple[Path, NotebookNode]) -> ExecutionResult:
        path, notebook = task
        return single_nb_execution(notebook, cwd=str(path.parent), timeout=TIMEOUT, allow_errors=False)

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for (path, _), result in zip(missing, pool.map(execute, missing), strict=True):
            print(f"{path.name}: {'failed' if result.err else f'executed in {result.time:.0f} s'}", flush=True)
            if result.err is None:
                bundle = CacheBundleIn(result.nb, str(path), data={"execution_seconds": result.time})
                cache.cache_notebook_bundle(bundle, check_validity=False, overwrite=True)


if __name__ == "__main__":
    execute_all(Path(sys.argv[1]))
