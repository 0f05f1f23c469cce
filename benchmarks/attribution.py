"""Measure the finders of names and of attributions against the hand annotation: precision and recall.

    python benchmarks/attribution.py [--write] [--show]

Needs the articles, of which tests/gold holds offsets only.  ``--write`` puts the figures into data/quality/entities.csv
and data/quality/attribution.csv; ``--show`` lists what was missed, what is false and where the entity differs.
"""

import argparse
import csv
from collections.abc import Iterable
from pathlib import Path

from wattbook.attribution import Attribution, find_attributions
from wattbook.corpus import read_corpus
from wattbook.errors import InputError
from wattbook.lexicon import find_mentions
from wattbook.paths import DATA, ROOT, corpus_dir

GOLD = ROOT / "tests" / "gold"
HOW = "benchmarks/attribution.py --write; "

Rows = list[tuple[str, str, int, str, str]]

# Measured once, before the errors were read and the rules mended: what the rules do on texts that are new to them.
UNSEEN: Rows = [
    (f"{part}-{side}", value, total, "ratio", f"{articles}, measured once before their errors were read")
    for part, articles, shares in (
        ("once", "3 articles", (("precision", "0.829", 76), ("recall", "0.840", 75), ("entity", "0.968", 63))),
        ("last", "2 further articles", (("precision", "0.833", 6), ("recall", "0.500", 10), ("entity", "1.000", 5))),
    )
    for side, value, total in shares
]


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def texts() -> dict[str, str]:
    folder = corpus_dir()
    if folder is None:
        raise InputError("WATTBOOK_CORPUS", "no corpus folder: the annotation is offsets into the articles")
    return {article.id: article.prose for article in read_corpus(folder)}


def mention_sets() -> tuple[set[tuple[str, int, int, str]], set[tuple[str, int, int, str]]]:
    """Give the annotated and the found names of the annotated passages: article, start, end, entity."""
    bodies = texts()
    gold = {(r["article_id"], int(r["start"]), int(r["end"]), r["entity_id"]) for r in rows_of(GOLD / "mentions.csv")}
    found = set()
    for row in rows_of(GOLD / "mention_passages.csv"):
        article, start, end = row["article_id"], int(row["start"]), int(row["end"])
        found |= {
            (article, one.start, one.end, one.entity_id)
            for one in find_mentions(bodies[article])
            if start <= one.start < end
        }
    return gold, found


def pair(gold: list[dict[str, str]], found: Iterable[Attribution]) -> list[tuple[dict[str, str], Attribution]]:
    """Pair annotated and found attributions whose sources and verbs overlap, each at most once."""
    left, pairs = list(found), []
    for row in gold:
        for one in left:
            source = overlap(one.source_start, one.source_end, int(row["source_start"]), int(row["source_end"]))
            verb = overlap(one.verb_start, one.verb_end, int(row["verb_start"]), int(row["verb_end"]))
            if source and verb:
                pairs.append((row, one))
                left.remove(one)
                break
    return pairs


def overlap(start: int, end: int, other_start: int, other_end: int) -> bool:
    """Tell whether two spans share a character; an empty span stands for a source that is not stated."""
    if start == end or other_start == other_end:
        return start == end and other_start == other_end
    return start < other_end and other_start < end


def measure_mentions() -> Rows:
    gold, found = mention_sets()
    right = len(gold & found)
    passages = len(rows_of(GOLD / "mention_passages.csv"))
    how = HOW + f"names in {passages} annotated passages, span and entity"
    return [
        ("mention-precision", f"{right / len(found):.3f}", len(found), "ratio", how),
        ("mention-recall", f"{right / len(gold):.3f}", len(gold), "ratio", how),
    ]


def report(
    article: str,
    body: str,
    gold: list[dict[str, str]],
    found: list[Attribution],
    pairs: list[tuple[dict[str, str], Attribution]],
) -> None:
    """Print where annotation and rules differ."""
    for row in gold:
        if row not in [annotated for annotated, _ in pairs]:
            print("missed", article, row["source_start"], body[int(row["source_start"]) : int(row["verb_end"])])
    for one in found:
        if one not in [paired for _, paired in pairs]:
            print("false ", article, one.source_start, body[one.source_start : one.verb_end], one.kind, one.entity_id)
    for row, one in pairs:
        if row["entity_id"] != one.entity_id:
            print("entity", article, one.source_start, row["entity_id"], one.entity_id, one.kind)


def measure_attributions(show: bool = False) -> Rows:
    bodies = texts()
    annotated = rows_of(GOLD / "attributions.csv")
    measured = UNSEEN.copy()
    for part in ("dev", "test"):
        gold = [row for row in annotated if row["part"] == part]
        articles = sorted({row["article_id"] for row in gold})
        pairs, total = [], 0
        for article in articles:
            found = find_attributions(bodies[article])
            own = [row for row in gold if row["article_id"] == article]
            matched = pair(own, found)
            pairs += matched
            total += len(found)
            if show:
                report(article, bodies[article], own, found, matched)
        same = sum(row["entity_id"] == one.entity_id and row["kind"] == one.kind for row, one in pairs)
        anaphors = [(row, one) for row, one in pairs if row["kind"] == "anaphor"]
        resolved = sum(row["entity_id"] == one.entity_id for row, one in anaphors)
        how = (
            HOW
            + f"{len(articles)} articles, "
            + ("which the rules were tuned on" if part == "dev" else "annotated last")
        )
        measured += [
            (f"{part}-precision", f"{len(pairs) / total:.3f}", total, "ratio", how + ", source and verb"),
            (f"{part}-recall", f"{len(pairs) / len(gold):.3f}", len(gold), "ratio", how + ", source and verb"),
            (
                f"{part}-entity",
                f"{same / len(pairs):.3f}",
                len(pairs),
                "ratio",
                how + ", kind and entity of those found",
            ),
        ]
        if anaphors:
            measured.append(
                (f"{part}-anaphor", f"{resolved / len(anaphors):.3f}", len(anaphors), "ratio", how + ", antecedents")
            )
    return measured


def write(path: Path, rows: Rows) -> None:
    path.parent.mkdir(exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("measure", "value", "n", "unit", "how"))
        writer.writerows(rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", help="write the figures to data/quality")
    parser.add_argument("--show", action="store_true", help="list what was missed and what is false")
    arguments = parser.parse_args()
    names, attributions = measure_mentions(), measure_attributions(arguments.show)
    if arguments.show:
        gold, found = mention_sets()
        for row in sorted(gold - found):
            print("missed name", *row)
        for row in sorted(found - gold):
            print("false name ", *row)
    if arguments.write:
        write(DATA / "quality" / "entities.csv", names)
        write(DATA / "quality" / "attribution.csv", attributions)
    for name, value, n, _, how in (*names, *attributions):
        print(f"{name:18s} {value}  of {n:3d}  {how.removeprefix(HOW)}")


if __name__ == "__main__":
    main()
