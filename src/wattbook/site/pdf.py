"""Print the built book to one PDF with Chromium: ``python -m wattbook.site.pdf OUT``."""

import os
import shutil
import sys
import tempfile
from pathlib import Path

import yaml
from playwright.sync_api import PdfMargins, sync_playwright
from pypdf import PdfWriter

from wattbook.errors import InputError
from wattbook.paths import ROOT

MARGIN: PdfMargins = {"top": "15mm", "bottom": "15mm", "left": "15mm", "right": "15mm"}


def pages() -> list[str]:
    """List the pages of the book in reading order."""
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))
    return [toc["root"], *(chapter["file"] for part in toc["parts"] for chapter in part["chapters"])]


def print_book(out: Path) -> None:
    """Print every page of ``_build/html`` on A4 and join them in ``out``, a bookmark for each."""
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if chromium is None:
        raise InputError("chromium", "not found: run tests/install_browser.sh")
    html = ROOT / "_build" / "html"
    writer = PdfWriter()
    flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=flags)
        for number, name in enumerate(pages()):
            # Without script the charts are the static ones, which are complete and need no scrolling.
            page = browser.new_context(java_script_enabled=False).new_page()
            page.goto((html / f"{name}.html").as_uri())
            part = Path(folder) / f"{number:02d}.pdf"
            page.pdf(path=str(part), format="A4", margin=MARGIN)
            writer.append(str(part), outline_item=page.title())
            page.context.close()
        browser.close()
    writer.write(str(out))


if __name__ == "__main__":
    print_book(Path(sys.argv[1]))
    print(f"The book is in {sys.argv[1]}")
