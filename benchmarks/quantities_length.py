"""What a line of 10 MB costs wattbook.quantities per megabyte, beside prose of the same length, in one run.

Usage: python benchmarks/quantities_length.py [--megabytes N]

The reader is linear in the length of the text, so a line of digits or of 億 must not cost more per byte than prose:
the package's sample articles, repeated. Lines that hold numbers all along, with spaces or units between them, cost
more, by the number; they are measured too. Time is processor time, one round each; memory is the highest so far.
"""

from __future__ import annotations

import argparse
import resource
import time

from wattbook.corpus import read_file
from wattbook.quantities import find_quantities
from wattbook.samples import sample_path

ENDLESS = ("9", "億", "9億", "億9.%至", "9%至", "1,234,", "9.", "三十萬", "千分之", "1又", "第9", "數百萬", "-9", "0")
EMPTY = ("電", "a", "H200", "約", "元", "每股", "(", "年", "翻", "一", "折")
NUMBERS = ("9 ", "9 億 至 ", "5億元")


def cost(text: str) -> tuple[float, int]:
    """Give the processor seconds per megabyte and the number of rows."""
    start = time.process_time()
    rows = len(find_quantities(text))
    return (time.process_time() - start) / (len(text.encode()) / 1e6), rows


def main() -> None:
    """Print a line per kind of text."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--megabytes", type=int, default=10)
    size = parser.parse_args().megabytes * 1_000_000
    sample = "\n".join(article.prose for article in read_file(sample_path())) + "\n"
    prose, rows = cost(sample * (size // len(sample.encode())))
    print(f"{'prose':12s} {prose:8.3f} s/MB  {1:6.2f} times prose  {rows:9,} rows")
    for name, pieces in {"numerals": ENDLESS, "no number": EMPTY, "numbers": NUMBERS}.items():
        for piece in pieces:
            seconds, rows = cost(piece * (size // len(piece.encode())))
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            print(
                f"{piece!r:12s} {seconds:8.3f} s/MB  {seconds / prose:6.2f} times prose  {rows:9,} rows"
                f"  {peak:6.0f} MB at most so far  ({name})",
                flush=True,
            )


if __name__ == "__main__":
    main()
