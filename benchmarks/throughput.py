"""Measure what the book's tools do per second, peers beside them in the same run.

Speeds are ratios, because machines differ and are noisy: all take turns on the same text, the best of several rounds
counts, and time is processor time of one core, so that other work on the machine weighs little.
"""

import time
from collections.abc import Callable

import jieba

from wattbook.corpus import read_file
from wattbook.quantities import find_quantities
from wattbook.samples import sample_path
from wattbook.segment import Segmenter

ROUNDS = 7
REPEATS = 20


def best(works: dict[str, Callable[[], object]]) -> dict[str, float]:
    """Give the fewest processor seconds of each work in several rounds; one before them loads the dictionaries."""
    fewest = dict.fromkeys(works, float("inf"))
    for number in range(ROUNDS + 1):
        for name, work in works.items():
            start = time.process_time()
            work()
            if number:
                fewest[name] = min(fewest[name], time.process_time() - start)
    return fewest


def main() -> None:
    """Print throughput and ratio of the segmenters, and the throughput of the quantity scanner."""
    jieba.setLogLevel(60)
    text = "\n".join(article.prose for article in read_file(sample_path())) * REPEATS
    megabytes = len(text.encode()) / 1e6
    plain = jieba.Tokenizer()
    fast, slow = Segmenter("rjieba"), Segmenter("jieba")
    runs = {
        "plain jieba.cut": lambda: list(plain.cut(text)),
        "engine jieba (dictionary, conversion, offsets)": lambda: slow.tokens(text),
        "engine rjieba (dictionary, conversion)": lambda: fast.cut(text),
        "engine rjieba (dictionary, conversion, offsets)": lambda: fast.tokens(text),
        "quantities": lambda: find_quantities(text),
    }
    took = best(runs)
    base = took["plain jieba.cut"]
    print(f"{megabytes:.2f} MB of sample text, one core, best of {ROUNDS}")
    for name, seconds in took.items():
        print(f"{name:50s} {megabytes / seconds:8.2f} MB/s  {base / seconds:6.1f} times plain jieba.cut")


if __name__ == "__main__":
    main()
