"""The independent public data in ``data/external``: tables with the types of the codebook, and their sources."""

import json
from typing import Any

import pandas as pd

from wattbook.errors import InputError
from wattbook.paths import DATA

_FOLDER = "external/"
_DTYPES = {"string": "str", "integer": "Int64", "number": "float64", "boolean": "boolean"}


def _resources() -> dict[str, dict[str, Any]]:
    package = json.loads((DATA / "datapackage.json").read_text(encoding="utf-8"))
    return {found["name"]: found for found in package["resources"] if found["path"].startswith(_FOLDER)}


def names() -> list[str]:
    """Give the names of the tables, sorted."""
    return sorted(_resources())


def _resource(name: str) -> dict[str, Any]:
    resources = _resources()
    if name not in resources:
        raise InputError(name, f"no such table; there are {', '.join(sorted(resources))}")
    return resources[name]


def codebook(name: str) -> list[dict[str, Any]]:
    """Give the fields of a table as ``datapackage.json`` describes them: name, type, description, unit if it has one.

    Raises InputError for an unknown name.
    """
    fields: list[dict[str, Any]] = _resource(name)["schema"]["fields"]
    return fields


def load(name: str) -> pd.DataFrame:
    """Read ``data/external/<name>.csv`` with the types that ``datapackage.json`` gives its columns.

    Dates become timestamps, integers and truth values may be missing, an empty text stays an empty text.  Units are in
    the column names and in the codebook.  Raises InputError for an unknown name.
    """
    resource = _resource(name)
    fields: dict[str, str] = {field["name"]: field["type"] for field in resource["schema"]["fields"]}
    dates = [column for column, kind in fields.items() if kind == "date"]
    table = pd.read_csv(
        DATA / resource["path"],
        dtype={column: _DTYPES[kind] for column, kind in fields.items() if kind in _DTYPES},
        keep_default_na=False,
        na_values={column: [""] for column, kind in fields.items() if kind != "string"},
        encoding="utf-8",
    )
    for column in dates:
        table[column] = pd.to_datetime(table[column], format="%Y-%m-%d")
    return table


def source(name: str) -> dict[str, str]:
    """Give the row of ``sources.csv`` for a table: title, publisher, licence, copy used, period covered, remarks.

    Raises InputError for an unknown name.
    """
    _resource(name)
    rows = pd.read_csv(DATA / "external" / "sources.csv", dtype=str, keep_default_na=False).set_index("name")
    if name not in rows.index:
        raise InputError(name, "this table has no row in sources.csv")
    return {str(column): str(value) for column, value in rows.loc[name].items()}


def caption_source(name: str) -> str:
    """Give the source of a table as captions cite it, such as ``EIA Form 861, 2024 (public domain)``.

    Raises InputError for an unknown name.
    """
    found = source(name)
    return f"{found['title']} ({found['licence']})"
