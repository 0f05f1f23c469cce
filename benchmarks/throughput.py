"""Measure what the book's tools do per second, peers beside them in the same run.

Speeds are ratios, because machines differ and are noisy: each row is the best of several rounds on the same text.
"""

import time
from collections.abc import Callable

import jieba

from wattbook.corpus import read_file
from wattbook.quantities import find_quantities
from wattbook.samples import sample_path
from wattbook.segment import Segmenter

ROUNDS = 5
REPEATS = 60


def best(work: Callable[[], object]) -> float:
    """Give the shortest of several runs, in seconds; one run before them loads the dictionaries."""
    work()
    took = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        work()
        took.append(time.perf_counter() - start)
    return min(took)


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
        "engine rjieba (dictionary, conversion, offsets)": lambda: fast.tokens(text),
        "quantities": lambda: find_quantities(text),
    }
    took = {name: best(work) for name, work in runs.items()}
    base = took["plain jieba.cut"]
    print(f"{megabytes:.2f} MB of sample text, one core, best of {ROUNDS}")
    for name, seconds in took.items():
        print(f"{name:50s} {megabytes / seconds:8.2f} MB/s  {base / seconds:6.1f} times plain jieba.cut")


if __name__ == "__main__":
    main()
