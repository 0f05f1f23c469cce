"""Build the book: ``python -m wattbook.site.build``.

The book is built aside and takes the place of ``_build/html`` only when no warning was raised, so a build that fails
leaves the last good book where it is.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from wattbook.paths import ROOT
from wattbook.site.execute import ipython_folder
from wattbook.site.freshness import cache_folder

BUILD = ROOT / "_build"


def source_date_epoch() -> str:
    """Give the time of the commit in seconds, the clock of a reproducible build; 0 outside a git checkout."""
    shown = subprocess.run(["git", "log", "-1", "--format=%ct"], cwd=ROOT, capture_output=True, text=True, check=False)
    return shown.stdout.strip() or "0"


def build() -> int:
    """Run jupyter-book and put its result in place; give its exit code."""
    staging = BUILD / "staging"
    # Sphinx keeps what it has read beside its output; it writes every page anew where the output is gone, and so
    # no page or chart of an earlier state stays behind.
    html = staging / "_build" / "html"
    shutil.rmtree(html, ignore_errors=True)
    environment = os.environ | {
        "IPYTHONDIR": str(ipython_folder(staging / "ipython")),
        "SOURCE_DATE_EPOCH": os.environ.get("SOURCE_DATE_EPOCH", source_date_epoch()),
        "PYTHONHASHSEED": "0",
        "TZ": "UTC",
    }
    execute = [sys.executable, "-m", "wattbook.site.execute", str(cache_folder(html))]
    subprocess.run(execute, env=environment, check=False)
    command = [str(Path(sys.executable).with_name("jupyter-book")), "build", str(ROOT), "--path-output", str(staging)]
    done = subprocess.run([*command, "-n", "-W", "--keep-going"], env=environment, check=False)
    if done.returncode:
        print("The book was not built; _build/html is as it was.", file=sys.stderr)
        return done.returncode
    fresh, old = BUILD / "html.new", BUILD / "html.old"
    for leftover in (fresh, old):
        shutil.rmtree(leftover, ignore_errors=True)
    (html / ".buildinfo").unlink(missing_ok=True)
    html.rename(fresh)
    if (BUILD / "html").exists():
        (BUILD / "html").rename(old)
    fresh.rename(BUILD / "html")
    shutil.rmtree(old, ignore_errors=True)
    print(f"The book is in {(BUILD / 'html' / 'index.html').relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(build())
