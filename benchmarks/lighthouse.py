"""How fast a chapter opens, beside the same notebook in a stock Jupyter Book with Altair's own charts, in one run.

``python benchmarks/lighthouse.py [PAGE …]`` measures the built book (``make book`` first); pages are document names,
by default the seven notebooks.  The stock book is built aside: the same notebook, jupyter-book's own theme, Altair's
default renderer, and the libraries that it takes from elsewhere put beside it, because a measurement may not hang on
another host.  Node 18 or later and Chromium are needed; Lighthouse comes from npm into a temporary folder.

Both books stand on one local server that compresses, as hosts do.  Lighthouse's mobile profile: 1.6 Mbit/s, 150 ms,
processor slowed four times.  Each page is measured ``ROUNDS`` times; the median is shown.
"""

import functools
import gzip
import http.server
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

from wattbook.paths import ROOT

LIGHTHOUSE = "12.8.2"
ROUNDS = 3
STOCK = "notebooks/01_grid_constraints"
CHROMIUM_FLAGS = "--headless --no-sandbox --disable-gpu --disable-background-networking --disable-component-update"
# How Altair's own output names the libraries that it takes from another host: …/npm/NAME@VERSION.
ELSEWHERE = re.compile(r"https://[\w.]+/npm/+((?:@[\w-]+/)?[\w-]+)@([\w.-]+)")
MEASURES = {
    "LCP s": ("largest-contentful-paint", 1000),
    "TBT ms": ("total-blocking-time", 1),
    "CLS": ("cumulative-layout-shift", 1),
    "bytes kB": ("total-byte-weight", 1000),
}

# Where a chart counts as seen: its middle in the window.
LATENCY = """async () => {
  const charts = [...document.querySelectorAll('.wb-chart')];
  const took = [];
  for (const chart of charts) {
    if (chart.dataset.live) continue;
    chart.scrollIntoView({block: 'center', behavior: 'instant'});
    const start = performance.now();
    await new Promise(resolve => {
      const look = () => chart.dataset.live ? resolve() : requestAnimationFrame(look);
      look();
    });
    took.push(performance.now() - start);
    await new Promise(resolve => setTimeout(resolve, 400));
  }
  return took;
}"""


class Compressing(http.server.SimpleHTTPRequestHandler):
    """Serves files as hosts do: text compressed, and kept."""

    def do_GET(self) -> None:
        path = Path(self.translate_path(self.path))
        if path.suffix not in (".html", ".js", ".css", ".svg", ".json") or not path.is_file():
            super().do_GET()
            return
        content = gzip.compress(path.read_bytes(), 6)
        self.send_response(200)
        self.send_header("Content-Type", f"{self.guess_type(str(path))}; charset=utf-8")
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Cache-Control", "max-age=3600")
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *args: object) -> None:
        pass


def stock_book(folder: Path) -> Path:
    """Build the notebook ``STOCK`` with jupyter-book's and Altair's defaults; give the folder of its pages."""
    source = folder / "stock"
    (source / "notebooks").mkdir(parents=True)
    notebook = json.loads((ROOT / f"{STOCK}.ipynb").read_text(encoding="utf-8"))
    for cell in notebook["cells"]:
        text = "".join(cell["source"])
        cell["source"] = text.replace("use_in_notebook()", "use_in_notebook(); alt.renderers.enable('default')")
    (source / f"{STOCK}.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    shutil.copy(ROOT / "book" / "references.bib", source)
    (source / "_toc.yml").write_text(f"format: jb-book\nroot: {STOCK}\n", encoding="utf-8")
    settings = {
        "title": "Stock",
        "execute": {"execute_notebooks": "cache", "timeout": 300},
        "bibtex_bibfiles": ["references.bib"],
        "sphinx": {"extra_extensions": ["wattbook.site.claims"]},
    }
    (source / "_config.yml").write_text(json.dumps(settings), encoding="utf-8")
    command = [str(Path(sys.executable).with_name("jupyter-book")), "build", str(source)]
    environment = os.environ | {"PYTHONPATH": str(ROOT / "src")}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    html = source / "_build" / "html"
    if not (html / f"{STOCK}.html").is_file():
        raise SystemExit(f"the stock book was not built:\n{done.stderr[-2000:]}")
    return html


def take_along(html: Path, node: Path) -> None:
    """Put the libraries that the stock book takes from elsewhere beside it."""
    page = html / f"{STOCK}.html"
    text = page.read_text(encoding="utf-8")
    named = sorted(set(ELSEWHERE.findall(text)))
    subprocess.run(
        ["npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix", str(node)]
        + [f"{name}@{version}" for name, version in named],
        check=True,
    )
    for name, _ in named:
        shutil.copytree(node / "node_modules" / name, html / "npm" / name, dirs_exist_ok=True)
    page.write_text(ELSEWHERE.sub(lambda found: f"../npm/{found[1]}", text), encoding="utf-8")


def measure(lighthouse: Path, chromium: str, address: str, out: Path) -> dict[str, float]:
    """Run Lighthouse on a page several times; give the medians of ``MEASURES``."""
    rounds = []
    for _ in range(ROUNDS):
        command = [str(lighthouse), address, "--quiet", "--output=json", f"--output-path={out}"]
        command += ["--only-categories=performance", f"--chrome-flags={CHROMIUM_FLAGS}"]
        subprocess.run(command, env=os.environ | {"CHROME_PATH": chromium}, check=True, capture_output=True)
        audits = json.loads(out.read_text(encoding="utf-8"))["audits"]
        rounds.append({name: audits[audit]["numericValue"] / by for name, (audit, by) in MEASURES.items()})
    return {name: statistics.median(one[name] for one in rounds) for name in MEASURES}


def latency(chromium: str, address: str) -> list[float]:
    """Give, per chart of a page, the milliseconds from coming into view to live, the processor not slowed."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_FLAGS.split())
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.goto(address)
        took: list[float] = page.evaluate(LATENCY)
        browser.close()
    return took


def main() -> None:
    """Print a row per page, and the time from view to live per chart."""
    book = ROOT / "_build" / "html"
    pages = sys.argv[1:] or sorted(str(p.relative_to(book).with_suffix("")) for p in book.glob("notebooks/*.html"))
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if chromium is None or not pages:
        raise SystemExit("Chromium and a built book are needed: sh tests/install_browser.sh; make book")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        install = ["npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix", str(folder / "node")]
        subprocess.run([*install, f"lighthouse@{LIGHTHOUSE}"], check=True)
        lighthouse = folder / "node" / "node_modules" / ".bin" / "lighthouse"
        stock = stock_book(folder)
        take_along(stock, folder / "node")
        served = folder / "served"
        served.mkdir()
        (served / "book").symlink_to(book)
        (served / "stock").symlink_to(stock)
        handler = functools.partial(Compressing, directory=str(served))
        with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
            threading.Thread(target=server.serve_forever, daemon=True).start()
            host = f"http://127.0.0.1:{server.server_port}"
            print(f"{'page':46s}" + "".join(f"{measure_name:>10s}" for measure_name in MEASURES) + "  live after, ms")
            rows = [*((f"book/{page}", True) for page in pages), (f"stock/{STOCK}", False)]
            for page, has_charts in rows:
                found = measure(lighthouse, chromium, f"{host}/{page}.html", folder / "report.json")
                took = latency(chromium, f"{host}/{page}.html") if has_charts else []
                live = f"{statistics.median(took):6.0f} median, {max(took):.0f} most" if took else ""
                print(f"{page:46s}" + "".join(f"{found[one]:10.3g}" for one in MEASURES) + f"  {live}", flush=True)
            server.shutdown()


if __name__ == "__main__":
    main()
