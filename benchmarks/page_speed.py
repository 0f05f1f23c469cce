"""How fast the pages of the built book open on a slow phone: ``python benchmarks/page_speed.py [--write]``.

Chromium on a line of 1.6 Mbit/s with 150 ms to the server and a processor slowed down four times, the settings of
Lighthouse's mobile profile; the server is a static one on this machine that compresses, as servers of sites do.  Per
page: largest contentful paint, total blocking time (what tasks take beyond 50 ms, to five seconds after load), layout
shift, bytes sent before anything is scrolled, and then the time from the first chart's coming into view until it is
live, without a slow line, the library not yet loaded.  ``load_before`` is how many processes were busy on the machine
in the minute before: above 0, others slowed the page down.
"""

import argparse
import csv
import gzip
import http.server
import os
import shutil
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).parents[1]
BOOK = ROOT / "_build" / "html"
RESULTS = Path(__file__).parent / "results" / "page_speed.csv"
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium")
FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
_PLAIN = (".woff2", ".png")
_BYTES_PER_SECOND = 1.6e6 / 8
_LATENCY_MS = 150
_SLOWDOWN = 4
_REST_MS = 5000

_WATCH = """
window.seen = {lcp: 0, shift: 0, blocked: 0};
new PerformanceObserver(list => { for (const e of list.getEntries()) seen.lcp = e.startTime })
    .observe({type: "largest-contentful-paint", buffered: true});
new PerformanceObserver(list => { for (const e of list.getEntries()) if (!e.hadRecentInput) seen.shift += e.value })
    .observe({type: "layout-shift", buffered: true});
new PerformanceObserver(list => { for (const e of list.getEntries()) seen.blocked += Math.max(0, e.duration - 50) })
    .observe({type: "longtask", buffered: true});
"""
_LIVE = """async () => {
    const chart = document.querySelector(".wb-chart");
    const start = performance.now();
    chart.scrollIntoView({block: "center", behavior: "instant"});
    while (!chart.dataset.live) await new Promise(requestAnimationFrame);
    return performance.now() - start;
}"""


class _Compressing(http.server.SimpleHTTPRequestHandler):
    """A static server that compresses text; it counts what it sends."""

    protocol_version = "HTTP/1.1"
    sent = 0

    def do_GET(self) -> None:
        path = Path(self.translate_path(self.path))
        if not path.is_file():
            self.send_error(404)
            return
        content, packed = path.read_bytes(), path.suffix not in _PLAIN
        if packed:
            content = gzip.compress(content, 6)
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(str(path)))
        self.send_header("Content-Length", str(len(content)))
        if packed:
            self.send_header("Content-Encoding", "gzip")
        self.end_headers()
        self.wfile.write(content)
        _Compressing.sent += len(content)

    def log_message(self, *args: object) -> None:
        pass


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """Serve a folder, compressed, as long as the context lasts; gives its address."""
    handler = partial(_Compressing, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def pages() -> list[str]:
    """List what is measured: the landing page and every chapter."""
    return ["book/intro", *(f"notebooks/{path.stem}" for path in sorted((BOOK / "notebooks").glob("*.html")))]


def write(path: Path, rows: list[dict[str, Any]]) -> None:
    """Write rows as CSV."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0], lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def measure(browser: Browser, address: str) -> dict[str, float]:
    """Open one page on the slow line and give what was measured, times in milliseconds, sizes in kilobytes."""
    _Compressing.sent = 0
    load = os.getloadavg()[0]
    context = browser.new_context(viewport={"width": 412, "height": 823}, device_scale_factor=1.75)
    context.add_init_script(_WATCH)
    page = context.new_page()
    control = context.new_cdp_session(page)
    line = {"offline": False, "latency": _LATENCY_MS, "downloadThroughput": _BYTES_PER_SECOND, "uploadThroughput": 9e4}
    control.send("Network.enable")
    control.send("Network.emulateNetworkConditions", line)
    control.send("Emulation.setCPUThrottlingRate", {"rate": _SLOWDOWN})
    page.goto(address, wait_until="load")
    page.wait_for_timeout(_REST_MS)
    seen, sent = page.evaluate("seen"), _Compressing.sent
    control.send("Emulation.setCPUThrottlingRate", {"rate": 1})
    control.send("Network.emulateNetworkConditions", line | {"latency": 0, "downloadThroughput": -1})
    live = page.evaluate(_LIVE) if page.locator(".wb-chart").count() else float("nan")
    context.close()
    return {
        "lcp_ms": round(seen["lcp"]),
        "blocking_ms": round(seen["blocked"]),
        "shift": round(seen["shift"], 4),
        "first_kb": round(sent / 1000, 1),
        "first_chart_live_ms": round(live) if live == live else "",
        "load_before": round(load, 2),
    }


def main() -> int:
    """Measure every chapter and the landing page."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--write", action="store_true", help="write the table to benchmarks/results/")
    wanted = parser.parse_args()
    if CHROMIUM is None or not (BOOK / "book").is_dir():
        print("page_speed needs Chromium (tests/install_browser.sh) and the built book (make book)", file=sys.stderr)
        return 2
    rows = []
    with serving(BOOK) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        for page in pages():
            rows.append({"page": page, **measure(browser, f"{address}/{page}.html")})
            print(*(f"{name}={value}" for name, value in rows[-1].items()), flush=True)
        browser.close()
    if wanted.write:
        write(RESULTS, rows)
    return 0


if __name__ == "__main__":
    sys.exit(main())
