"""The data folder and its codebook, each against the other."""

import csv
import json
import re
import tomllib

import pytest
from frictionless import Package

from wattbook.paths import DATA, ROOT

PACKAGE = json.loads((DATA / "datapackage.json").read_text(encoding="utf-8"))
RESOURCES = {resource["path"]: resource for resource in PACKAGE["resources"]}
TABLES = sorted(path for path in RESOURCES if path.endswith(".csv"))
ABOUT_THE_FOLDER = {"README.md", "datapackage.json"}


def files() -> set[str]:
    found = {path.relative_to(DATA).as_posix() for path in DATA.rglob("*") if path.is_file()}
    return found - ABOUT_THE_FOLDER


def header(path: str) -> list[str]:
    with (DATA / path).open(encoding="utf-8", newline="") as lines:
        return next(csv.reader(lines))


def test_every_file_is_described():
    assert files() - set(RESOURCES) == set()


def test_every_description_has_its_file():
    assert set(RESOURCES) - files() == set()


@pytest.mark.parametrize("path", TABLES)
def test_columns_and_descriptions_agree(path):
    assert header(path) == [field["name"] for field in RESOURCES[path]["schema"]["fields"]]


@pytest.mark.parametrize("path", TABLES)
def test_rows_keep_the_schema(path):
    package = Package(str(DATA / "datapackage.json"))
    report = package.get_resource(RESOURCES[path]["name"]).validate()
    errors = [error for task in report.tasks for error in task.errors]
    assert report.valid, "\n".join(error.message for error in errors[:20])


def test_the_package_itself_is_valid():
    assert Package.validate_descriptor(PACKAGE, basepath=str(DATA)).valid


@pytest.mark.parametrize("path", sorted(RESOURCES))
def test_each_file_says_what_it_is_and_whose(path):
    resource = RESOURCES[path]
    assert resource["title"]
    assert resource["description"].endswith(".")
    assert resource["sources"][0]["title"]
    assert resource["licenses"][0]["name"]


@pytest.mark.parametrize("path", TABLES)
def test_each_column_says_what_it_holds(path):
    for field in RESOURCES[path]["schema"]["fields"]:
        assert field["description"].endswith("."), field["name"]


@pytest.mark.parametrize("path", [path for path in TABLES if path.startswith("external/")])
def test_each_public_number_has_a_unit(path):
    for field in RESOURCES[path]["schema"]["fields"]:
        if field["type"] == "number":
            assert field["unit"], field["name"]


def test_unit_suffixes_mean_their_units():
    suffixes = {
        "usd": "USD",
        "w": "W",
        "wh": "Wh",
        "minutes": "minute",
        "percent": "percent",
        "years": "year",
        "byte": "byte",
        "per_s": "byte/s",
        "flops": "FLOPS",
        "usd_per_kwh": "USD/kWh",
        "usd_per_hour": "USD/hour",
    }
    for path in TABLES:
        for field in RESOURCES[path]["schema"]["fields"]:
            for suffix, unit in suffixes.items():
                if re.search(rf"(^|_){suffix}$", field["name"]) and field["type"] == "number":
                    assert field["unit"] == unit, (path, field["name"])


def test_public_data_stay_small():
    assert sum(path.stat().st_size for path in (DATA / "external").iterdir()) < 1_500_000


def test_version_is_that_of_the_package():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert PACKAGE["version"] == project["version"]


def test_sources_name_every_public_table():
    with (DATA / "external" / "sources.csv").open(encoding="utf-8", newline="") as lines:
        named = [row["name"] for row in csv.DictReader(lines)]
    tables = {path.removeprefix("external/").removesuffix(".csv") for path in TABLES if path.startswith("external/")}
    assert sorted(named) == sorted(tables - {"sources"})


def test_licences_agree_with_sources():
    meaning = {"public domain": "other-pd", "CC BY 4.0": "CC-BY-4.0", "MIT": "MIT", "figures quoted": "other-open"}
    with (DATA / "external" / "sources.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            resource = RESOURCES[f"external/{row['name']}.csv"]
            assert resource["licenses"][0]["name"] == meaning[row["licence"]], row["name"]


def test_foreign_keys_point_at_primary_keys():
    keys = {resource["name"]: resource.get("schema", {}).get("primaryKey") for resource in PACKAGE["resources"]}
    for resource in PACKAGE["resources"]:
        for link in resource.get("schema", {}).get("foreignKeys", []):
            target = link["reference"]["resource"] or resource["name"]
            assert keys[target] == link["reference"]["fields"], resource["name"]
