"""Sphinx extension: the ledger, the audit and the features as files to take away.

Each table is written as CSV and Parquet, ledger and audit as JSON too, into ``_static/data`` of the built book, with a
data package that says what every column holds.  The same data give the same bytes.
"""

import csv
import io
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
from docutils import nodes
from pyarrow import parquet
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from wattbook.audit import RESULT_COLUMNS, run_audit
from wattbook.features import COLUMNS as FEATURES
from wattbook.ledger import all_claims, format_value
from wattbook.paths import DATA
from wattbook.relations import check_sources

FOLDER = "data"
_ARROW = {"string": pa.string(), "integer": pa.int64(), "number": pa.float64(), "boolean": pa.bool_()}


@dataclass(frozen=True)
class Column:
    """A column: its name, its type (string, integer, number, boolean) and what it holds."""

    name: str
    type: str
    description: str


_LEDGER_ADDED = (
    Column("value", "string", "The number as this book writes it, with modifier and unit."),
    Column("least", "number", "Lower end of the range that the printed number stands for, in the unit; -inf for none."),
    Column("most", "number", "Upper end of that range, in the unit; inf for none."),
    Column("checks", "string", "Ids of the checks that draw on the claim, with spaces between."),
)
_AUDIT = (
    Column("check_id", "string", "Stable name of the check."),
    Column("theme", "string", "Chapter theme the check belongs to."),
    Column("kind", "string", "What sort of relation is checked."),
    Column("left", "string", "Expression that is computed; claims and facts in braces."),
    Column("right", "string", "Expression that it is held against; empty where nothing is printed to compare."),
    Column("left_value", "number", "Result of the left side from the numbers as printed, in the unit."),
    Column("left_low", "number", "Lower end of the left side's range, in the unit; -inf for none."),
    Column("left_high", "number", "Upper end of the left side's range, in the unit; inf for none."),
    Column("right_value", "number", "Result of the right side from the numbers as printed, in the unit."),
    Column("right_low", "number", "Lower end of the right side's range, in the unit; -inf for none."),
    Column("right_high", "number", "Upper end of the right side's range, in the unit; inf for none."),
    Column("unit", "string", "Canonical unit of the results."),
    Column("verdict", "string", "consistent, rounding, inconsistent, contested or derived, as computed."),
    Column("working", "string", "The sum with its numbers put in."),
    Column("comment_en", "string", "What the check means, in plain words."),
    Column("claims", "string", "Ids of the claims that the check draws on, with spaces between."),
)


@dataclass(frozen=True)
class Table:
    """A table to take away: every cell as text, the columns with the types that the text stands for."""

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: list[list[str]]

    def csv(self) -> bytes:
        """Write the table as CSV: UTF-8, a header, LF line ends."""
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow([column.name for column in self.columns])
        writer.writerows(self.rows)
        return out.getvalue().encode()

    def json(self) -> bytes:
        """Write the table as a list of objects; an empty or infinite number is null, for JSON has no infinity."""
        readers = [_from_text(column.type) for column in self.columns]
        names = [column.name for column in self.columns]
        objects = [
            {
                name: None if value in (float("inf"), float("-inf")) else value
                for name, value in zip(
                    names, (read(cell) for read, cell in zip(readers, row, strict=True)), strict=True
                )
            }
            for row in self.rows
        ]
        return (json.dumps(objects, ensure_ascii=False, indent=1) + "\n").encode()

    def parquet(self) -> bytes:
        """Write the table as Parquet, each column with its type and its description."""
        fields = [
            pa.field(column.name, _ARROW[column.type], metadata={"description": column.description})
            for column in self.columns
        ]
        cells = zip(*self.rows, strict=True) if self.rows else ([] for _ in self.columns)
        arrays = [
            pa.array([_from_text(column.type)(cell) for cell in values], type=_ARROW[column.type])
            for column, values in zip(self.columns, cells, strict=True)
        ]
        package = json.loads((DATA / "datapackage.json").read_text(encoding="utf-8"))
        about = {"title": self.title, "version": package["version"], "licence": package["licenses"][0]["name"]}
        out = io.BytesIO()
        parquet.write_table(pa.table(arrays, schema=pa.schema(fields, metadata=about)), out, compression="zstd")
        return out.getvalue()

    def script(self) -> bytes:
        """Write the table as a script, which the explorer can load from a disk as well as from a server."""
        table = {
            "columns": [column.name for column in self.columns],
            "numbers": [i for i, column in enumerate(self.columns) if column.type in ("integer", "number")],
            "rows": self.rows,
        }
        text = json.dumps(table, ensure_ascii=False, separators=(",", ":"))
        return f"window.wattbookTable={text};\n".encode()

    def schema(self) -> dict[str, Any]:
        """Give the Frictionless schema of the CSV file."""
        columns = [vars(column) for column in self.columns]
        return {"fields": columns, "missingValues": [""]}


def _from_text(kind: str) -> Callable[[str], Any]:
    match kind:
        case "integer":
            return lambda text: int(text) if text else None
        case "number":
            return lambda text: float(text) if text else None
        case "boolean":
            return lambda text: text == "true" if text else None
    return str


def _number(value: float) -> str:
    # A missing value is not equal to itself.
    return f"{value:.12g}" if value == value else ""


def _resources() -> dict[str, dict[str, Any]]:
    package = json.loads((DATA / "datapackage.json").read_text(encoding="utf-8"))
    return {resource["path"]: resource for resource in package["resources"]}


def _read(path: str) -> tuple[tuple[Column, ...], list[list[str]]]:
    with (DATA / path).open(encoding="utf-8", newline="") as lines:
        rows = list(csv.reader(lines))
    fields = {field["name"]: field for field in _resources()[path]["schema"]["fields"]}
    return tuple(Column(name, fields[name]["type"], fields[name]["description"]) for name in rows[0]), rows[1:]


def _joined(drawn: pd.DataFrame, by: str, what: str) -> dict[str, str]:
    pairs = drawn[[by, what]].drop_duplicates()
    return {str(key): " ".join(ids) for key, ids in pairs.groupby(by, sort=False)[what]}


def _ledger() -> Table:
    columns, rows = _read("claims.csv")
    claims = all_claims()
    checks = _joined(check_sources().query("kind == 'claim'"), "source_id", "check_id")
    at = [column.name for column in columns].index("claim_id")
    added = [
        [format_value(c), _number(c.interval.low), _number(c.interval.high), checks.get(c.claim_id, "")]
        for c in (claims[row[at]] for row in rows)
    ]
    whole = [row + more for row, more in zip(rows, added, strict=True)]
    return Table("ledger", "Claims ledger", columns + _LEDGER_ADDED, whole)


def _audit() -> Table:
    results = run_audit()
    claims = _joined(check_sources(results).query("kind == 'claim'"), "check_id", "source_id")
    rows = [
        [
            *(_number(row[name]) if isinstance(row[name], float) else str(row[name]) for name in RESULT_COLUMNS),
            claims.get(str(row["check_id"]), ""),
        ]
        for row in results.to_dict("records")
    ]
    return Table("audit", "Audit", _AUDIT, rows)


def _features() -> Iterator[Table]:
    for name in FEATURES:
        path = f"features/{name}.csv"
        yield Table(name, _resources()[path]["title"], *_read(path))


@cache
def tables() -> dict[str, Table]:
    """Give the tables by name: ledger, audit, and the features in their order."""
    return {table.name: table for table in (_ledger(), _audit(), *_features())}


@cache
def files() -> dict[str, bytes]:
    """Give the content of every file by its name."""
    found = {}
    for table in tables().values():
        found[f"{table.name}.csv"] = table.csv()
        if table.name in ("ledger", "audit"):
            found[f"{table.name}.json"] = table.json()
            found[f"{table.name}.js"] = table.script()
        found[f"{table.name}.parquet"] = table.parquet()
    return found | {"datapackage.json": _package()}


def _package() -> bytes:
    package = json.loads((DATA / "datapackage.json").read_text(encoding="utf-8"))
    resources = [
        {
            "name": table.name,
            "path": f"{table.name}.csv",
            "profile": "tabular-data-resource",
            "title": table.title,
            "format": "csv",
            "mediatype": "text/csv",
            "encoding": "utf-8",
            "schema": table.schema(),
        }
        for table in tables().values()
    ]
    kept = {key: package[key] for key in ("profile", "name", "title", "version", "licenses", "contributors")}
    return (json.dumps(kept | {"resources": resources}, ensure_ascii=False, indent=1) + "\n").encode()


def size(content: bytes) -> str:
    """Write a file's size: "3.1 kB", "352 kB", "1.2 MB"."""
    kilobytes = len(content) / 1000
    if kilobytes >= 1000:
        return f"{kilobytes / 1000:.1f} MB"
    return f"{kilobytes:.0f} kB" if kilobytes >= 10 else f"{kilobytes:.1f} kB"


_FORMS = (("csv", "CSV"), ("json", "JSON"), ("parquet", "Parquet"))


def links(table: str, static: str) -> str:
    """Give the HTML of a table's downloads; ``static`` is the path from the page to ``_static``."""
    return " · ".join(
        f'<a href="{static}/{FOLDER}/{table}.{ending}" download>{name}</a> ({size(files()[f"{table}.{ending}"])})'
        for ending, name in _FORMS
        if f"{table}.{ending}" in files()
    )


class Downloads(SphinxDirective):
    """``{downloads}``: the tables with their files and sizes, and what the computed columns hold."""

    def run(self) -> list[nodes.Node]:
        """Give a table of the files, then a list of the columns that no file of ``data/`` has."""
        for resource in _resources():
            self.env.note_dependency(str(DATA / resource))
        static = "../" * self.env.docname.count("/") + "_static"
        rows = "".join(
            f"<tr><td>{table.title}</td><td>{len(table.rows):,}</td><td>{links(table.name, static)}</td></tr>"
            for table in tables().values()
        )
        head = "<thead><tr><th>Table</th><th>Rows</th><th>Files</th></tr></thead>"
        files_table = f'<table class="table wb-downloads">{head}<tbody>{rows}</tbody></table>'
        described = f'<a href="{static}/{FOLDER}/datapackage.json" download>datapackage.json</a>'
        package = f"<p>{described} describes the CSV files, column by column.</p>"
        lists = []
        for title, columns in (("ledger", _LEDGER_ADDED), ("audit", _AUDIT)):
            lines = [f"Columns of the {title} that are computed:" if title == "ledger" else "Columns of the audit:", ""]
            lines += [
                "```{list-table}",
                ":header-rows: 1",
                ":widths: 25 12 63",
                "",
                "* - column",
                "  - type",
                "  - meaning",
            ]
            for column in columns:
                lines += [f"* - `{column.name}`", f"  - {column.type}", f"  - {column.description}"]
            lists += self.parse_text_to_nodes("\n".join([*lines, "```", ""]))
        return [nodes.raw("", files_table + package, format="html"), *lists]


def _forget(app: Sphinx) -> None:
    tables.cache_clear()
    files.cache_clear()


def _write(app: Sphinx, exception: Exception | None) -> None:
    if exception or app.builder.name != "html":
        return
    folder = Path(app.outdir) / "_static" / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files().items():
        (folder / name).write_bytes(content)


def setup(app: Sphinx) -> dict[str, Any]:
    """Connect the extension."""
    app.add_directive("downloads", Downloads)
    app.connect("builder-inited", _forget)
    app.connect("build-finished", _write)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
