"""The files around the code agree with each other and with what they describe."""

import csv
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import opencc
import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import Version

import wattbook
from wattbook.cli import main
from wattbook.corpus import read_file
from wattbook.paths import ROOT
from wattbook.samples import sample_path

PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
CFF: dict[str, Any] = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
ENVIRONMENT: dict[str, Any] = yaml.safe_load((ROOT / "environment.yml").read_text("utf-8"))
README = (ROOT / "README.md").read_text("utf-8")
OWN = (ROOT / "book" / "add_your_own.md").read_text("utf-8")
GUIDES = [
    ROOT / name
    for name in (
        "README.md",
        "book/how_to_rerun.md",
        "book/how_to_tweak.md",
        "book/how_to_cite.md",
        "book/add_your_own.md",
    )
]


LOCK = (ROOT / "requirements.lock").read_text("utf-8")
ENTRIES = LOCK.replace("\\\n", " ").splitlines()


def locked(name: str) -> list[Requirement]:
    """Give the lock's entries for a package: one, or one for each Python version or system that needs its own."""
    pins = (Requirement(entry.split("--hash")[0]) for entry in ENTRIES)
    return [pin for pin in pins if canonicalize_name(pin.name) == canonicalize_name(name)]


def test_every_lock_entry_is_pinned_and_hashed_and_names_no_address() -> None:
    assert ENTRIES
    for entry in ENTRIES:
        name, *hashes = re.split(r"\s+--hash=", entry.strip())
        assert re.fullmatch(r"[a-z0-9.-]+==[^\s;]+( ; .+)?", name.strip()), name
        assert hashes, name
        assert all(re.fullmatch(r"sha256:[0-9a-f]{64}\s*", one) for one in hashes), name
    assert not re.search(r"://|index|find-links|@", LOCK)


@pytest.mark.parametrize(
    "declared",
    [*PROJECT["dependencies"], *(one for extra in PROJECT["optional-dependencies"].values() for one in extra)],
)
def test_lock_satisfies_every_declared_dependency(declared: str) -> None:
    wanted = Requirement(declared)
    pins = locked(wanted.name)
    assert pins, f"{wanted.name} is not in the lock"
    for pin in pins:
        (exact,) = pin.specifier
        assert wanted.specifier.contains(exact.version), f"{declared} but {pin} is locked"


def test_python_range_is_the_same_everywhere() -> None:
    conda = next(one for one in ENVIRONMENT["dependencies"] if isinstance(one, str) and one.startswith("python "))
    accepted = SpecifierSet(PROJECT["requires-python"])
    assert SpecifierSet(conda.removeprefix("python ")) == accepted
    classified = {one.rsplit(" ", 1)[1] for one in PROJECT["classifiers"] if re.search(r":: 3\.\d+$", one)}
    assert classified == {f"3.{minor}" for minor in range(30) if accepted.contains(f"3.{minor}.0")}


def test_conda_environment_takes_every_package_from_the_lock() -> None:
    assert ENVIRONMENT["name"] == PROJECT["name"]
    assert ENVIRONMENT["channels"] == ["conda-forge"]
    rest = [one for one in ENVIRONMENT["dependencies"] if not str(one).startswith("python ")]
    assert rest == ["pip", {"pip": ["-r requirements.lock"]}]


def test_one_version_and_date_everywhere() -> None:
    top = re.search(r"^## (\S+) \((\S+)\)$", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)
    assert top
    package = json.loads((ROOT / "data" / "datapackage.json").read_text("utf-8"))
    assert {PROJECT["version"], str(CFF["version"]), wattbook.__version__, package["version"]} == {top[1]}
    assert top[2] == CFF["date-released"].isoformat()
    assert str(Version(top[1])) == top[1]


CFF_KEYS = {
    "abstract",
    "authors",
    "cff-version",
    "commit",
    "contact",
    "date-released",
    "doi",
    "identifiers",
    "keywords",
    "license",
    "license-url",
    "message",
    "preferred-citation",
    "references",
    "repository",
    "repository-artifact",
    "repository-code",
    "title",
    "type",
    "url",
    "version",
}


def test_citation_file_has_only_what_the_format_knows() -> None:
    assert set(CFF) <= CFF_KEYS
    assert {"cff-version", "message", "title", "authors", "version", "date-released", "abstract"} <= set(CFF)
    assert CFF["cff-version"] == "1.2.0"
    assert CFF["type"] in {"software", "dataset"}
    assert CFF["authors"] == PROJECT["authors"]
    assert len(CFF["keywords"]) == len(set(CFF["keywords"]))


def test_licences() -> None:
    code, content = ((ROOT / name).read_text("utf-8") for name in PROJECT["license-files"])
    assert code.startswith("MIT License")
    assert PROJECT["license"] == CFF["license"] == "MIT"
    assert CFF["preferred-citation"]["license"] == "CC-BY-4.0"
    assert "https://creativecommons.org/licenses/by/4.0/" in content
    for holder in (code, content):
        assert f"Copyright (c) {CFF['date-released'].year} {CFF['authors'][0]['name']}" in holder
    assert "data/external/" in content


def test_readme_names_the_two_commands_and_what_it_shows() -> None:
    blocks = re.findall(r"^```sh\n(.*?)^```", README, re.DOTALL | re.MULTILINE)
    assert [line.split("#")[0].strip() for line in blocks[0].splitlines()] == ["make book", "make test"]
    for target in re.findall(r"\]\(([^)#]+)\)", README):
        assert (ROOT / target).is_file(), f"README.md links to {target}"


@pytest.mark.parametrize("guide", GUIDES, ids=lambda path: path.name)
def test_commands_in_the_guides_exist(guide: Path) -> None:
    text = guide.read_text("utf-8")
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    code = "\n".join(
        re.findall(r"`([^`\n]+)`", text) + re.findall(r"^```sh\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    )
    made, called = (set(re.findall(rf"\b{tool} ([a-z]+)", code)) for tool in ("make", "wattbook"))
    assert called, "a guide that names no command"
    assert made <= targets
    assert called <= set(main.commands)


@pytest.mark.parametrize("guide", GUIDES, ids=lambda path: path.name)
def test_files_named_in_the_guides_exist(guide: Path) -> None:
    named = set(
        re.findall(
            r"`((?:data|src|tests|notebooks|book)/[\w./-]*|[A-Z]+\.\w+|environment\.yml)`", guide.read_text("utf-8")
        )
    )
    assert [name for name in named if not (ROOT / name).exists()] == []


@pytest.mark.parametrize(
    ("path", "ignored"),
    [
        ("_build/html/index.html", True),
        (".venv/bin/python", True),
        ("src/wattbook/__pycache__/cite.cpython-311.pyc", True),
        ("src/wattbook.egg-info/PKG-INFO", True),
        ("notebooks/.ipynb_checkpoints/00_corpus-checkpoint.ipynb", True),
        ("my_data/claims.csv", True),
        ("src/wattbook/site/build.py", False),
        ("data/claims.csv", False),
        ("book/_static/screenshot.png", False),
        (".ci/run", False),
    ],
)
def test_git_ignores_what_is_made_and_nothing_else(tmp_path: Path, path: str, ignored: bool) -> None:
    shutil.copy(ROOT / ".gitignore", tmp_path)
    subprocess.run(["git", "init", "--quiet"], cwd=tmp_path, check=True)
    done = subprocess.run(["git", "check-ignore", "--quiet", path], cwd=tmp_path, check=False)
    assert done.returncode == (0 if ignored else 1)


@pytest.mark.parametrize("path", ["notebooks/00_corpus.ipynb", "data/claims.csv", "src/wattbook/samples/sample.txt"])
def test_git_keeps_line_ends(tmp_path: Path, path: str) -> None:
    shutil.copy(ROOT / ".gitattributes", tmp_path)
    subprocess.run(["git", "init", "--quiet"], cwd=tmp_path, check=True)
    shown = subprocess.run(
        ["git", "check-attr", "text", "eol", "--", path], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert [line.rsplit(": ", 1)[1] for line in shown.stdout.splitlines()] == ["set", "lf"]


# The sample articles and the walk-through on them.


def test_samples_are_labelled_fiction_of_the_stated_size() -> None:
    articles = read_file(sample_path())
    assert [article.id for article in articles] == ["sample-01", "sample-02", "sample-03"]
    for article in articles:
        assert article.title.startswith("【虛構範例】")
        assert "虛構" in article.body[:30]
        assert article.source
        assert article.source.startswith("範例")
        assert 350 <= len(article.body) <= 600


def test_error_messages_in_the_guide_are_those_of_the_code() -> None:
    table = OWN[OWN.index("(sec-own-errors)=") : OWN.index("(sec-own-rights)=")]
    messages = re.findall(r"^\| `(.+?)` \|", table, re.MULTILINE)
    assert messages
    code = (ROOT / "src" / "wattbook" / "corpus.py").read_text("utf-8")
    assert [message for message in messages if message not in code] == []


def run(*arguments: str, data: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", "from wattbook.cli import main; main()", *arguments],
        env=os.environ | {"WATTBOOK_DATA": str(data)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_walk_through_does_what_the_page_says(tmp_path: Path) -> None:
    data = tmp_path / "my_data"
    shutil.copytree(ROOT / "data", data)
    samples = str(sample_path().parent)
    done = run("ingest", samples, "--out", str(data / "features"), data=data)
    assert (done.returncode, done.stdout) == (0, f"3 articles -> {data / 'features'}\n")
    for name in re.findall(r"^\| `(\w+\.csv)` \|", OWN, re.MULTILINE):
        assert (data / "features" / name).stat().st_size, name

    for mode, name, text in re.findall(r"^cat (>>?) my_data/(\S+) <<'END'\n(.*?)^END$", OWN, re.DOTALL | re.MULTILINE):
        with (data / name).open("a" if mode == ">>" else "w", encoding="utf-8") as file:
            file.write(text)
    with (data / "claims.csv").open(encoding="utf-8", newline="") as file:
        claims = list(csv.DictReader(file))
    with (data / "features" / "quantities.csv").open(encoding="utf-8", newline="") as file:
        found = {
            (row["article_id"], row["start"], row["end"], row["surface"], row["unit"]) for row in csv.DictReader(file)
        }
    assert len(claims) == 3
    assert {(row["article_id"], row["start"], row["end"], row["printed"], row["unit"]) for row in claims} <= found

    done = run("verify", "--corpus", samples, data=data)
    assert (done.returncode, done.stdout, done.stderr) == (0, "3 claims verified\n", "")
    done = run("audit", "--format", "json", data=data)
    assert [(row["check_id"], row["verdict"]) for row in json.loads(done.stdout)] == [("j7-fee-adds-up", "consistent")]

    original = (data / "claims.csv").read_text("utf-8")
    for fee, verdict in (("2000", "rounding"), ("3000", "inconsistent")):
        assert re.search(rf"At `{fee}` the verdict is `{verdict}`", OWN)
        (data / "claims.csv").write_text(original.replace(",1500,1500,", f",{fee},{fee},"), "utf-8")
        done = run("audit", "--format", "json", data=data)
        assert [row["verdict"] for row in json.loads(done.stdout)] == [verdict]
        done = run("verify", "--corpus", samples, data=data)
        assert done.returncode == 1
        assert "j7-fee" in done.stderr


# The glossary.

# Brands that mainland usage writes with a character which the general conversion table would change.
KEPT = {"昇腾"}


def test_glossary_has_ninety_terms_in_both_scripts() -> None:
    text = (ROOT / "book" / "glossary.md").read_text("utf-8")
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in text.splitlines()
        if line.startswith("| ") and not line.startswith("| English")
    ]
    assert len(rows) >= 90
    assert all(len(row) == 4 and all(row) for row in rows)
    english = [row[0].lower() for row in rows]
    assert len(english) == len(set(english))
    simplified = opencc.OpenCC("t2s")
    assert [row[2] for row in rows if simplified.convert(row[2]) != row[2] and row[2] not in KEPT] == []
    traditional = {row[1] for row in rows}
    assert {"折舊費用", "輝達", "燃氣渦輪機", "性能密度"} <= traditional
