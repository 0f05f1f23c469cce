"""The book's pages in Lighthouse, beside a stock build of the same notebooks: ``python benchmarks/lighthouse.py``.

Lighthouse with its mobile profile and ``--throttling-method=devtools``: the slow line and the slow processor are real
while the page loads, so that the largest paint is measured and not worked out from a fast load.  Per page and book, the
median of the runs, on the landing page and on every chapter.

The stock book is plain jupyter-book 1.x: its own theme and extensions, a title, executed notebooks, and charts as
Altair shows them by itself (the renderer ``html``, whose script draws every chart from its spec in the page).  In the
copies of the notebooks that it is built from, roles of this book are plain text, ``present`` gives the chart as it is,
and the findings of the landing page, which this book shows with a picture each, are notes.

A stock page loads Vega, Vega-Lite, Vega-Embed and MathJax from a CDN.  So that the measurement needs no network, the
same files come from npm and from the server that the page comes from: on the web a reader waits, on top of what is
measured, for the look-up of a second host and for a connection to it with TLS.

Needs npm, Chromium, jupyter-book and the built book.  ``--keep`` measures the stock book of the last run again.
"""

import argparse
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

from page_speed import BOOK, CHROMIUM, FLAGS, ROOT, pages, serving, write

HERE = Path(__file__).parent
RESULTS = HERE / "results" / "lighthouse.csv"
PACKAGES = HERE / "lighthouse"
WORK = ROOT / "_build" / "lighthouse"
STOCK = WORK / "stock"
STOCK_HTML = STOCK / "_build" / "html"
JUDGED = {"accessibility": "accessibility", "best_practices": "best-practices", "seo": "seo"}

_CONFIG = """\
title: Watts, Wafers, Write-offs
execute:
  execute_notebooks: cache
  timeout: 300
bibtex_bibfiles: [book/references.bib]
"""
_SETUP = """\
import altair as alt

import wattbook.charts

wattbook.charts.present = lambda chart, **_: chart
alt.data_transformers.disable_max_rows()
"""
_OWN_ROLE = re.compile(r"\{(?:claim|check)\}`([^`]*)`")
_OWN_DIRECTIVE = re.compile(r"\{finding\} \w+")
# What the CDN gives for an address, by the part after the package's name, is the package's file of this name.
_CDN = re.compile(r"https://cdn\.jsdelivr\.net/npm/(?P<package>[a-z-]+)(?:@[\d.]+)?(?P<rest>/[^\"]*|\?noext)")


def stock_text(text: str) -> str:
    """Turn what only this book knows into what any jupyter-book knows."""
    return _OWN_DIRECTIVE.sub("{note}", _OWN_ROLE.sub(r"\1", text))


def stock_notebook(notebook: dict[str, Any]) -> dict[str, Any]:
    """Turn a notebook into one that shows Altair's own charts."""
    for cell in notebook["cells"]:
        source = "".join(cell["source"])
        if cell["cell_type"] == "markdown":
            source = stock_text(source)
        elif source.rstrip().endswith("use_in_notebook()"):
            source = _SETUP
        cell["source"] = source
    return notebook


def from_here(page: str) -> str:
    """Let a stock page load from its own server what it loads from the CDN."""
    return _CDN.sub(
        lambda found: (
            f"/cdn/{found['package']}"
            + (f"/build/{found['package']}.min.js" if found["rest"] == "?noext" else found["rest"])
        ),
        page,
    )


def build_stock() -> None:
    """Build the stock book from the notebooks and the landing page of this one."""
    shutil.rmtree(STOCK, ignore_errors=True)
    (STOCK / "book").mkdir(parents=True)
    (STOCK / "notebooks").mkdir()
    chapters = sorted((ROOT / "notebooks").glob("*.ipynb"))
    for path in chapters:
        notebook = stock_notebook(json.loads(path.read_text("utf-8")))
        (STOCK / "notebooks" / path.name).write_text(json.dumps(notebook), encoding="utf-8")
    intro = stock_text((ROOT / "book" / "intro.md").read_text("utf-8"))
    (STOCK / "book" / "intro.md").write_text(intro, encoding="utf-8")
    shutil.copy(ROOT / "book" / "references.bib", STOCK / "book")
    (STOCK / "_config.yml").write_text(_CONFIG, encoding="utf-8")
    listed = "".join(f"  - file: notebooks/{path.stem}\n" for path in chapters)
    (STOCK / "_toc.yml").write_text(f"format: jb-book\nroot: book/intro\nchapters:\n{listed}", encoding="utf-8")
    # Links to pages and references that the stock book does not have stay text: it warns of them and of nothing else.
    tool = Path(sys.executable).with_name("jupyter-book")
    log = STOCK / "log.txt"
    with log.open("w", encoding="utf-8") as file:
        subprocess.run([tool, "build", STOCK], stdout=file, stderr=subprocess.STDOUT, check=True)
    failed = [line for line in log.read_text("utf-8").splitlines() if "Executing notebook failed" in line]
    if failed:
        raise SystemExit("\n".join(failed))
    for path in STOCK_HTML.rglob("*.html"):
        path.write_text(from_here(path.read_text("utf-8")), encoding="utf-8")
    (STOCK_HTML / "cdn").symlink_to(WORK / "node_modules")


def install() -> None:
    """Install Lighthouse and the scripts of the CDN with npm, once for each state of their lock file."""
    lock, installed = PACKAGES / "package-lock.json", WORK / "package-lock.json"
    if (WORK / "node_modules" / ".bin").is_dir() and installed.read_bytes() == lock.read_bytes():
        return
    WORK.mkdir(parents=True, exist_ok=True)
    for path in PACKAGES.iterdir():
        shutil.copy(path, WORK)
    subprocess.run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=WORK, check=True)


def audit(address: str) -> dict[str, Any]:
    """Run Lighthouse once on a page and give its report."""
    command = [
        WORK / "node_modules" / ".bin" / "lighthouse", address,
        "--throttling-method=devtools", "--output=json", "--quiet", "--no-enable-error-reporting",
        "--disable-full-page-screenshot", f"--chrome-flags={' '.join(FLAGS)}",
    ]  # fmt: skip
    done = subprocess.run(command, env=os.environ | {"CHROME_PATH": str(CHROMIUM)}, stdout=subprocess.PIPE, check=True)
    report: dict[str, Any] = json.loads(done.stdout)
    if "runtimeError" in report:
        raise SystemExit(f"{address}: {report['runtimeError']['message']}")
    return report


def figures(report: dict[str, Any]) -> dict[str, float]:
    """Take from a report what is compared: scores of 100, milliseconds, kilobytes."""
    audits, scores = report["audits"], report["categories"]
    return {
        "performance": round(100 * scores["performance"]["score"]),
        **{column: round(100 * scores[category]["score"]) for column, category in JUDGED.items()},
        "lcp_ms": round(audits["largest-contentful-paint"]["numericValue"]),
        "blocking_ms": round(audits["total-blocking-time"]["numericValue"]),
        "shift": round(audits["cumulative-layout-shift"]["numericValue"], 4),
        "kb": round(audits["total-byte-weight"]["numericValue"] / 1000, 1),
        "requests": len(audits["network-requests"]["details"]["items"]),
    }


def defects(report: dict[str, Any]) -> list[str]:
    """List the audits that a page fails in what Lighthouse judges beside speed, with the elements."""
    found = []
    for category in JUDGED.values():
        for reference in report["categories"][category]["auditRefs"]:
            result = report["audits"][reference["id"]]
            if result["score"] is not None and result["score"] < 1:
                items = result.get("details", {}).get("items", [])
                where = [item.get("node", {}).get("snippet") or item.get("description") or "" for item in items]
                found.append(f"{category}: {reference['id']}: {result['title']} {'; '.join(where)}".rstrip())
    return found


def main() -> int:
    """Measure every chapter and the landing page of both books."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--write", action="store_true", help="write the table to benchmarks/results/")
    parser.add_argument("--runs", type=int, default=3, help="runs per page, of which the median counts")
    parser.add_argument("--keep", action="store_true", help="measure the stock book that the last run built")
    wanted = parser.parse_args()
    if CHROMIUM is None or shutil.which("npm") is None or not (BOOK / "book").is_dir():
        print(
            "lighthouse needs npm, Chromium (tests/install_browser.sh) and the built book (make book)", file=sys.stderr
        )
        return 2
    try:
        install()
    except subprocess.CalledProcessError:
        print("lighthouse needs the packages of benchmarks/lighthouse/, which npm could not install", file=sys.stderr)
        return 2
    if not (wanted.keep and STOCK_HTML.is_dir()):
        build_stock()
    rows = []
    with serving(BOOK) as ours, serving(STOCK_HTML) as stock:
        for page in pages():
            for book, address in (("book", ours), ("stock", stock)):
                load = os.getloadavg()[0]
                reports = [audit(f"{address}/{page}.html") for _ in range(wanted.runs)]
                every = [figures(report) for report in reports]
                rows.append(
                    {
                        "page": page,
                        "book": book,
                        **{name: statistics.median(one[name] for one in every) for name in every[0]},
                        "runs": wanted.runs,
                        "load_before": round(load, 2),
                        "lighthouse": reports[0]["lighthouseVersion"],
                        "date": date.today().isoformat(),
                    }
                )
                print(*(f"{name}={value}" for name, value in rows[-1].items()), flush=True)
                if book == "book":
                    for line in sorted({line for report in reports for line in defects(report)}):
                        print("  ", line)
    if wanted.write:
        write(RESULTS, rows)
    return 0


if __name__ == "__main__":
    sys.exit(main())
