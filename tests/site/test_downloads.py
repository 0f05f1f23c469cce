"""The files to take away: complete, typed, described, and the same bytes each time."""

import csv
import hashlib
import io
import json
import os
import subprocess
import sys

import pytest
from frictionless import Package
from pyarrow import parquet

from wattbook.audit import RESULT_COLUMNS, run_audit
from wattbook.features import COLUMNS
from wattbook.ledger import all_claims, format_value, load_claims
from wattbook.paths import DATA
from wattbook.site.downloads import files, links, size, tables


def read_csv(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(files()[name].decode("utf-8"), newline="")))


def test_each_table_is_there_in_each_format() -> None:
    names = ["ledger", "audit", *COLUMNS]
    assert list(tables()) == names
    both = {f"{name}.{ending}" for name in names for ending in ("csv", "parquet")}
    more = {f"{name}.{ending}" for name in ("ledger", "audit") for ending in ("json", "js")}
    assert set(files()) == both | more | {"datapackage.json"}


def test_features_are_the_files_of_the_data_folder() -> None:
    for name in COLUMNS:
        assert files()[f"{name}.csv"] == (DATA / "features" / f"{name}.csv").read_bytes()


def test_the_ledger_adds_to_the_claims_and_changes_none() -> None:
    rows, claims = read_csv("ledger.csv"), all_claims()
    with (DATA / "claims.csv").open(encoding="utf-8", newline="") as file:
        kept = list(csv.DictReader(file))
    assert [{key: row[key] for key in kept[0]} for row in rows] == kept
    first = next(row for row in rows if row["claim_id"] == "saidi-us-2024")
    assert first["value"] == format_value(claims["saidi-us-2024"]) == "662.6 minutes"
    assert (first["least"], first["most"]) == ("662.55", "662.65")
    assert "saidi-us-2024-eia861" in first["checks"].split()
    lower = next(row for row in rows if row["modifier"] == "over")
    assert (float(lower["least"]), lower["most"]) == (float(lower["low"]), "inf")


def test_the_audit_is_that_of_the_command() -> None:
    rows, results = read_csv("audit.csv"), run_audit()
    assert [[row["check_id"], row["verdict"], row["working"]] for row in rows] == results[
        ["check_id", "verdict", "working"]
    ].values.tolist()
    assert list(rows[0]) == [*RESULT_COLUMNS, "claims"]
    assert set(rows[0]["claims"].split()) <= set(load_claims()["claim_id"])
    assert all(bool(row["right"]) == bool(row["right_value"]) for row in rows)


@pytest.mark.parametrize("name", ["ledger", "audit"])
def test_json_holds_the_numbers_as_numbers(name: str) -> None:
    rows, objects = read_csv(f"{name}.csv"), json.loads(files()[f"{name}.json"])
    kinds = {column.name: column.type for column in tables()[name].columns}
    assert len(rows) == len(objects)
    for row, found in zip(rows, objects, strict=True):
        assert row.keys() == found.keys()
        for column, text in row.items():
            if kinds[column] == "string":
                assert found[column] == text
            else:
                assert found[column] == (None if text in ("", "inf", "-inf") else float(text))


@pytest.mark.parametrize("name", list(tables()))
def test_parquet_holds_the_same_with_types(name: str) -> None:
    table, rows = parquet.read_table(io.BytesIO(files()[f"{name}.parquet"])), read_csv(f"{name}.csv")
    types = {"string": "string", "integer": "int64", "number": "double", "boolean": "bool"}
    for column in tables()[name].columns:
        field = table.schema.field(column.name)
        assert str(field.type) == types[column.type]
        assert field.metadata[b"description"].decode() == column.description != ""
        values, texts = table[column.name].to_pylist(), [row[column.name] for row in rows]
        if column.type == "string":
            assert values == texts
        else:
            assert values == [None if text == "" else float(text) for text in texts]
    assert table.schema.metadata[b"licence"] == b"CC-BY-4.0"


def test_the_package_of_the_downloads_is_valid(tmp_path) -> None:
    for name, content in files().items():
        (tmp_path / name).write_bytes(content)
    package = Package(str(tmp_path / "datapackage.json"))
    assert [resource.name for resource in package.resources] == list(tables())
    report = package.validate()
    errors = [error.message for task in report.tasks for error in task.errors]
    assert report.valid, errors[:10]


def test_another_process_writes_the_same_bytes() -> None:
    code = (
        "import hashlib, json; from wattbook.site.downloads import files;"
        "print(json.dumps({n: hashlib.sha256(c).hexdigest() for n, c in files().items()}))"
    )
    environment = os.environ | {"PYTHONHASHSEED": "7", "TZ": "Asia/Taipei"}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == {name: hashlib.sha256(content).hexdigest() for name, content in files().items()}


def test_the_script_holds_the_csv() -> None:
    text = files()["ledger.js"].decode("utf-8")
    table = json.loads(text.removeprefix("window.wattbookTable=").removesuffix(";\n"))
    assert [dict(zip(table["columns"], row, strict=True)) for row in table["rows"]] == read_csv("ledger.csv")
    assert [table["columns"][i] for i in table["numbers"]] == ["low", "high", "start", "end", "least", "most"]


def test_links_say_how_large_the_files_are() -> None:
    assert [size(b"x" * n) for n in (50, 3_140, 9_960, 351_700, 1_240_000)] == [
        "0.1 kB",
        "3.1 kB",
        "10.0 kB",
        "352 kB",
        "1.2 MB",
    ]
    html = links("ledger", "../_static")
    for ending in ("csv", "json", "parquet"):
        assert f'href="../_static/data/ledger.{ending}" download' in html
    assert f"({size(files()['ledger.parquet'])})" in html
    assert "JSON" not in links("mentions", "_static")
