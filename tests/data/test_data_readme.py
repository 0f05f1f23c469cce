"""The table of files in data/README.md against the folder and the codebook."""

import json
import re

from wattbook.paths import DATA, ROOT

ROWS = [
    [cell.strip() for cell in line.strip("|").split(" | ")]
    for line in (DATA / "README.md").read_text(encoding="utf-8").splitlines()
    if line.startswith("| `")
]
NAMED = [re.fullmatch(r"`([^`]+)`", row[0].strip("| "))[1] for row in ROWS]


def test_every_file_has_one_line():
    found = sorted(path.relative_to(DATA).as_posix() for path in DATA.rglob("*") if path.is_file())
    assert sorted([*NAMED, "README.md"]) == found


def test_lines_repeat_the_codebook():
    package = json.loads((DATA / "datapackage.json").read_text(encoding="utf-8"))
    titles = {resource["path"]: resource["title"] for resource in package["resources"]}
    said = {name: row[1] for name, row in zip(NAMED, ROWS, strict=True) if name != "datapackage.json"}
    assert said == titles


def test_each_line_names_source_licence_and_chapters():
    for row in ROWS:
        assert len(row) == 5, row
        assert all(row), row
        named = re.findall(r"`([^`]+)`", row[4])
        assert named or row[4].endswith("(no chapter)"), row[0]
        assert all(re.fullmatch(r"0[0-6]_[a-z0-9_]+", chapter) for chapter in named), row[0]


def test_the_chapters_of_public_data_are_those_that_load_it():
    """Facts to look up and the list of sources reach the chapters through the audit and the captions."""
    code = {
        path.stem: "".join(
            "".join(cell["source"])
            for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]
            if cell["cell_type"] == "code"
        )
        for path in (ROOT / "notebooks").glob("*.ipynb")
    }
    for name, row in zip(NAMED, ROWS, strict=True):
        found = re.fullmatch(r"external/(\w+)\.csv", name)
        if found and found[1] not in ("lookup_facts", "sources"):
            loading = {stem for stem, text in code.items() if re.search(rf"[\"']{found[1]}[\"']", text)}
            assert set(re.findall(r"`([^`]+)`", row[4])) == loading, name
