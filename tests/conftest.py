"""Fixtures that several test modules share."""

import functools
import http.server
import os
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from filelock import FileLock
from hypothesis import settings

from wattbook.corpus import Article, read_corpus
from wattbook.paths import ROOT, corpus_dir

# The first example pays for loading the dictionaries.
settings.register_profile("wattbook", deadline=None)
settings.load_profile("wattbook")

CHROMIUM_FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def corpus() -> list[Article]:
    """The fifteen articles; without them the tests that need them are skipped."""
    folder = corpus_dir()
    if folder is None:
        pytest.skip("the articles are not here (set WATTBOOK_CORPUS)")
    return read_corpus(folder)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Fail the run where corpus tests were skipped although the articles are here."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter is None:  # one of several processes: the one that started them has all reports
        return
    skipped = [report for report in reporter.stats.get("skipped", []) if "corpus" in report.keywords]
    if skipped and corpus_dir() is not None:
        reporter.write_line(f"{len(skipped)} corpus tests were skipped although the articles are here", red=True)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.fixture(scope="session")
def book(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """The folder of the built book, built afresh where anything changed: once, however many processes test."""
    from wattbook.site.build import build

    shared = tmp_path_factory.getbasetemp() if worker_id == "master" else tmp_path_factory.getbasetemp().parent
    built = shared / "book-is-built"
    with FileLock(shared / "book.lock"):
        if not built.exists():
            assert build() == 0, "the book does not build"
            built.touch()
    return ROOT / "_build" / "html"


@pytest.fixture(scope="session")
def pages(book: Path) -> list[str]:
    """Every page of the book, as paths from its root."""
    made = sorted(
        str(path.relative_to(book)) for folder in ("book", "notebooks") for path in (book / folder).glob("*.html")
    )
    assert len(made) >= 20
    return made


@pytest.fixture(scope="session")
def all_pages(pages: list[str]) -> list[str]:
    """Every page, two of the many entity pages, and the pages that no source file has."""
    return [*pages, "book/entities/nvidia.html", "book/entities/h200.html", "search.html", "404.html"]


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *args: object) -> None:
        pass


class _Server(http.server.ThreadingHTTPServer):
    # With the usual queue of five, a page that asks for more at once can wait for a lost connection for half a minute.
    request_queue_size = 128


@pytest.fixture(scope="session")
def site(book: Path) -> Iterator[str]:
    """The address of the built book on a plain static server."""
    handler = functools.partial(_Quiet, directory=str(book))
    with _Server(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def browser():
    """Debian's Chromium, driven by Playwright.

    For one module at a time: while it is there an event loop runs, beside which no other can be started.
    """
    from playwright.sync_api import sync_playwright

    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium")
    assert chromium, "Chromium is missing: run tests/install_browser.sh"
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_FLAGS)
        yield launched
        launched.close()
