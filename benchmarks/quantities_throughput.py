"""Throughput of wattbook.quantities beside Microsoft's recognizers-text-suite, on the same text in one run.

Usage: python benchmarks/quantities_throughput.py PEER_PYTHON [--rounds N]
Peer:  python3.11 -m venv peer && peer/bin/pip install recognizers-text-suite==1.0.2a2 emoji==1.7.0; PEER_PYTHON is
       peer/bin/python (an environment of its own: the suite needs an emoji of 2022).

Both work article by article on one core: the peer with its Chinese models for numbers, percentages, currencies and
dimensions, loaded beforehand; wattbook with find_quantities. Rounds alternate between the two and the best of each
counts. Time is processor time, so that other work on the machine weighs little. The text is that of the package's
sample articles and, where a corpus is found, of its articles.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import time

from wattbook.corpus import read_corpus, read_file
from wattbook.paths import corpus_dir
from wattbook.quantities import find_quantities
from wattbook.samples import sample_path

# Runs in the peer's environment: one JSON line of texts in, one of seconds and number of results out.
PEER = """
import json, sys, time
try:
    from recognizers_number import NumberRecognizer
    from recognizers_number_with_unit import NumberWithUnitRecognizer
    from recognizers_text import Culture
except ImportError:
    sys.exit(1)
numbers, units = NumberRecognizer(Culture.Chinese), NumberWithUnitRecognizer(Culture.Chinese)
models = [numbers.get_number_model(), numbers.get_percentage_model()]
models += [units.get_currency_model(), units.get_dimension_model()]
print("ready", flush=True)
for line in sys.stdin:
    texts = json.loads(line)
    start = time.process_time()
    found = sum(len(model.parse(text)) for model in models for text in texts)
    print(json.dumps([time.process_time() - start, found]), flush=True)
"""
AT_LEAST = 0.5  # seconds of work per round on our side, so that the clock's grain does not show


def ours(texts: list[str]) -> tuple[float, int]:
    """Give the processor seconds of one pass over `texts` and the number of quantities found."""
    passes, start = 0, time.process_time()
    while True:
        found = sum(len(find_quantities(text)) for text in texts)
        passes += 1
        took = time.process_time() - start
        if took >= AT_LEAST:
            return took / passes, found


def main() -> int:
    """Print megabytes per second of both and their ratio, for each text."""
    parser = argparse.ArgumentParser(usage=(__doc__ or "").partition("Usage: ")[2])
    parser.add_argument("peer_python")
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    sets = {"sample articles": read_file(sample_path())}
    if (folder := corpus_dir()) is not None:
        sets["the articles"] = read_corpus(folder)
    try:
        peer = subprocess.Popen(
            [arguments.peer_python, "-c", PEER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
    except OSError as error:
        print(f"{arguments.peer_python}: {error.strerror}; the header of this file says how to install the peer")
        return 2
    with peer:
        assert peer.stdin is not None
        assert peer.stdout is not None
        if peer.stdout.readline() != "ready\n":
            print(
                f"{arguments.peer_python} has no recognizers-text-suite; the header of this file says how to install it"
            )
            return 2
        for name, articles in sets.items():
            texts = [article.prose for article in articles]
            megabytes = sum(len(text.encode()) for text in texts) / 1e6
            best_ours = best_peer = float("inf")
            found_ours = found_peer = 0
            for _ in range(arguments.rounds):
                took, found_ours = ours(texts)
                best_ours = min(best_ours, took)
                peer.stdin.write(json.dumps(texts) + "\n")
                peer.stdin.flush()
                took, found_peer = json.loads(peer.stdout.readline())
                best_peer = min(best_peer, took)
            print(f"{name}: {len(texts)} texts, {megabytes:.4f} MB, best of {arguments.rounds}")
            print(f"  wattbook.quantities      {megabytes / best_ours:8.4f} MB/s  {found_ours:6} quantities")
            print(f"  recognizers-text-suite   {megabytes / best_peer:8.4f} MB/s  {found_peer:6} results")
            print(f"  ratio                    {best_peer / best_ours:8.0f}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
