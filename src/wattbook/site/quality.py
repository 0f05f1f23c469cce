"""The tables of the methods page that say how well something is found, from the files of data/quality."""

import csv
from collections.abc import Callable
from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from wattbook.paths import DATA

FOLDER = DATA / "quality"

_GOLDS = {"segmentation_treebank": "treebank", "segmentation": "our own"}
_WAYS = {
    "wattbook": "this book's engine",
    "wattbook-without-its-dictionary": "the same, without the dictionary",
    "jieba-on-t2s": "jieba on the folded text",
    "plain-jieba": "plain jieba",
}
_SUITE = {
    "NumberModel": "numbers",
    "PercentModel": "percentages",
    "OrdinalModel": "ordinals",
    "CurrencyModel": "currencies",
    "DimensionModel": "dimensions",
    "AgeModel": "ages",
    "TemperatureModel": "temperatures",
    "all": "all seven models",
}
_ANNOTATION = {
    "precision-before": "annotation, before the last tuning: found that is right",
    "recall-before": "annotation, before the last tuning: marked that is found",
    "precision": "annotation: found that is right (precision)",
    "recall": "annotation: marked that is found (recall)",
    "modifier": "annotation: hedge right, of those found",
}
_NAMES = {
    "mention-precision": "names found that are right (precision)",
    "mention-recall": "annotated names that are found (recall)",
}
_PARTS = {
    "once": "three articles, before their errors were read",
    "last": "two further articles, before their errors were read",
    "dev": "seven articles that the rules were tuned on, now",
    "test": "the two further articles, now",
}
_SIDES = {
    "precision": "found that are right (precision)",
    "recall": "annotated that are found (recall)",
    "entity": "right source, of those found",
    "anaphor": "right antecedent of an anaphor",
}

Rows = list[list[str]]


def figures(name: str) -> dict[str, dict[str, str]]:
    """Give the rows of a file of data/quality by their measure."""
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        return {row["measure"]: row for row in csv.DictReader(lines)}


def percent(row: dict[str, str]) -> str:
    """Write a share of one as a percentage with one decimal."""
    return f"{float(row['value']):.1%}"


def _segmentation() -> Rows:
    rows = [["Gold", "Cut by", "Standard", "Precision", "Recall", "F1", "95% interval of F1"]]
    for name, gold in _GOLDS.items():
        found = figures(name)
        for standard, suffix in (("as cut", ""), ("mapped to the treebank's", "-gsd")):
            for way, said in _WAYS.items():
                value = {m: found[f"{m}-{way}{suffix}"]["value"] for m in ("precision", "recall", "f1")}
                ends = " to ".join(found[f"f1_{end}-{way}{suffix}"]["value"] for end in ("low", "high"))
                rows.append([gold, said, standard, *value.values(), ends])
    return rows


def _quantities() -> Rows:
    found = figures("quantities")
    rows = [["Measured on", "Figure", "Of"]]
    rows += [[f"suite: {said}", *_figure(found[f"suite-{model}"])] for model, said in _SUITE.items()]
    rows += [[said, *_figure(found[f"annotation-{key}"])] for key, said in _ANNOTATION.items()]
    for key, said in {"articles": "the fifteen articles", "samples": "the sample articles"}.items():
        row = found[f"speed-{key}"]
        rows.append([f"speed beside the suite's package, {said}", f"{float(row['value']):.0f} times", row["n"]])
    return rows


def _figure(row: dict[str, str]) -> list[str]:
    return [percent(row), row["n"]]


def _entities() -> Rows:
    found = figures("entities")
    return [["Measured", "Share", "Of"], *([said, *_figure(found[key])] for key, said in _NAMES.items())]


def _attribution() -> Rows:
    rows = [["Measured on", "What", "Share", "Of"]]
    found = figures("attribution")
    for part, where in _PARTS.items():
        rows += [
            [where, what, *_figure(found[f"{part}-{side}"])]
            for side, what in _SIDES.items()
            if f"{part}-{side}" in found
        ]
    return rows


TABLES: dict[str, Callable[[], Rows]] = {
    "segmentation": _segmentation,
    "quantities": _quantities,
    "entities": _entities,
    "attribution": _attribution,
}


class Quality(SphinxDirective):
    """``{quality} segmentation`` (or another of `TABLES`): a table with a name and a caption."""

    required_arguments = 1
    option_spec: ClassVar[dict[str, Any]] = {
        "name": directives.unchanged_required,
        "caption": directives.unchanged_required,
    }

    def run(self) -> list[nodes.Node]:
        """Give the table."""
        name = self.arguments[0]
        if name not in TABLES:
            raise self.error(f"no table {name!r}; there are {', '.join(TABLES)}")
        self.env.note_dependency(str(FOLDER / f"{name}.csv"))
        lines = [
            f"```{{list-table}} {self.options['caption']}",
            f":name: {self.options['name']}",
            ":header-rows: 1",
            "",
        ]
        for row in TABLES[name]():
            lines += [f"{'*' if i == 0 else ' '} - {cell}" for i, cell in enumerate(row)]
        return self.parse_text_to_nodes("\n".join([*lines, "```"]))


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the directive."""
    app.add_directive("quality", Quality)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
