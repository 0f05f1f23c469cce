"""The command line as a reader types it."""

import csv
import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from wattbook.cli import main
from wattbook.paths import DATA
from wattbook.samples import sample_path


def run(*arguments: str, text: str | bytes | None = None) -> Result:
    return CliRunner().invoke(main, arguments, input=text)


def test_tokens_are_json_lines_with_offsets() -> None:
    text = "寒武紀與Nvidia\n降價"
    lines = [json.loads(line) for line in run("tokens", "-", text=text).stdout.splitlines()]
    assert [set(line) for line in lines] == [{"text", "start", "end"}] * len(lines)
    assert [line["text"] for line in lines] == ["寒武紀", "與", "Nvidia", "降價"]
    assert all(text[line["start"] : line["end"]] == line["text"] for line in lines)


def test_quantities_are_json_lines(tmp_path: Path) -> None:
    file = tmp_path / "text.txt"
    file.write_text("出貨約60萬-80萬枚。", encoding="utf-8")
    (line,) = [json.loads(line) for line in run("quantities", str(file)).stdout.splitlines()]
    expected = {"low": 600000, "high": 800000, "unit": "item", "modifier": "about", "start": 3, "end": 11}
    assert {key: line[key] for key in expected} == expected


@pytest.mark.parametrize("command", ["tokens", "quantities"])
def test_offsets_count_carriage_returns(command: str) -> None:
    """The file is one string: a CRLF is two characters and stays two."""
    result = run(command, "-", text="電價\r\n漲了3%".encode())
    assert json.loads(result.stdout.splitlines()[-1])["end"] == 8


@pytest.mark.parametrize(
    ("arguments", "text", "said"),
    [
        (("tokens", "absent.txt"), None, "absent.txt: No such file"),
        (("quantities", "-"), b"\xe9\x9b\xbb\n\xff", "-:2: not valid UTF-8"),
        (("ingest", "absent"), None, "absent: no such folder"),
        (("cite", "sec-no-such-section"), None, "sec-no-such-section"),
        (("kwic", "電", "--corpus", "absent"), None, "absent: no such folder"),
        (("kwic", " ", "--corpus", "absent"), None, "TERM: is empty"),
        (("kwic", "電(", "--regex"), None, "TERM: is no regular expression"),
        (("ingest", str(sample_path().parent), "--workers", "1", "--out", str(DATA / "claims.csv")), None, "exists"),
    ],
)
def test_input_errors_are_one_line_and_exit_2(arguments: tuple[str, ...], text: bytes | None, said: str) -> None:
    result = run(*arguments, text=text)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.count("\n") == 1
    assert said in result.stderr


def test_ingest_names_file_and_line_and_writes_nothing(tmp_path: Path) -> None:
    corpus, out = tmp_path / "corpus", tmp_path / "out"
    corpus.mkdir()
    (corpus / "001_x.txt").write_text("#題\n只有標題\n", encoding="utf-8")
    result = run("ingest", str(corpus), "--out", str(out))
    assert result.exit_code == 2
    assert "001_x.txt:2: a title without a body" in result.stderr
    assert not out.exists()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (bytes(range(256)) * 20, "1: a NUL byte in the text"),
        (b"\x89PNG\r\n\x1a\n\xff\xfe", "1: not valid UTF-8"),
        ("#題\n標題\n內文很長\n".encode("big5"), "1: not valid UTF-8"),
        ("#題\n標題\n內文很長\n".encode("utf-16"), "1: a NUL byte in the text"),
        ("#題\n標題\n".encode() + "內文很長\n".encode("gb18030"), "3: not valid UTF-8"),
        (b"", "1: the first line must be '#' and the topic"),
        (None, "no .txt file in this folder"),
    ],
    ids=["binary", "image", "big5", "utf-16", "gb18030-body", "empty-file", "empty-folder"],
)
def test_odd_files_are_one_line_and_exit_2(tmp_path: Path, content: bytes | None, said: str) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    if content is not None:
        (corpus / "001_x.txt").write_bytes(content)
    for command in (("ingest", str(corpus), "--out", str(tmp_path / "out")), ("kwic", "電", "--corpus", str(corpus))):
        result = run(*command)
        assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (2, "", 1)
        assert said in result.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["corpus"]


def test_ingest_the_sample(tmp_path: Path) -> None:
    assert run("ingest", str(sample_path().parent), "--out", str(tmp_path), "--workers", "1").exit_code == 0
    names = {path.name for path in (DATA / "features").iterdir()}
    assert {path.name for path in tmp_path.iterdir()} == names


def test_audit_formats_agree() -> None:
    rows = json.loads(run("audit", "--format", "json").stdout)
    table = run("audit").stdout
    csv_lines = run("audit", "--format", "csv").stdout.splitlines()
    assert len(rows) == len(csv_lines) - 1 > 100
    listed = {(row["check_id"], row["verdict"]) for row in csv.DictReader(csv_lines)}
    assert listed == {(row["check_id"], row["verdict"]) for row in rows}
    assert all(row["check_id"] in table for row in rows)


def test_verify_needs_the_articles(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wattbook.cli.corpus_dir", lambda: None)
    result = run("verify")
    assert result.exit_code == 2
    assert "WATTBOOK_CORPUS" in result.stderr


@pytest.mark.corpus
def test_every_claim_verifies(corpus) -> None:
    result = run("verify")
    assert result.exit_code == 0, result.stderr
    assert "claims verified" in result.stdout


@pytest.mark.corpus
@pytest.mark.parametrize("planted", ["offset", "value", "unit"])
def test_a_planted_error_in_a_claim_is_found(
    corpus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, planted: str
) -> None:
    import pandas as pd

    claims = pd.read_csv(DATA / "claims.csv", dtype=str, keep_default_na=False)
    row = claims.index[claims["claim_id"] == "saidi-us-2024"][0]
    earlier = [str(int(claims.at[row, column]) - 1) for column in ("start", "end")]
    wrong = {"offset": (["start", "end"], earlier), "value": (["low", "high"], ["66.26"] * 2), "unit": ("unit", "hour")}
    columns, values = wrong[planted]
    claims.loc[row, columns] = values
    claims.to_csv(tmp_path / "claims.csv", index=False)
    shutil.copytree(DATA / "features", tmp_path / "features")
    monkeypatch.setattr("wattbook.ledger.DATA", tmp_path)
    result = run("verify")
    assert result.exit_code == 1
    assert "saidi-us-2024" in result.stderr


def test_kwic_on_the_sample() -> None:
    samples = ("--corpus", str(sample_path().parent), "--window", "3")
    arguments = ("kwic", "折旧(費用|年限)", "--regex", "--sort", "right", *samples)
    found = json.loads(run(*arguments, "--format", "json").stdout)
    assert {one["match"] for one in found} == {"折舊費用", "折舊年限"}
    assert all(len(one["left"]) <= 3 and one["end"] - one["start"] == 4 for one in found)
    table = run(*arguments).stdout.splitlines()
    assert [line.split(":")[0] for line in table] == [one["article_id"] for one in found]
    assert run("kwic", "核融合", *samples).stdout == ""


@pytest.mark.corpus
def test_kwic_shows_the_term_in_context(corpus) -> None:
    result = run("kwic", "折舊", "--window", "4")
    lines = result.stdout.splitlines()
    assert len(lines) > 10
    assert all("折舊" in line for line in lines)
    assert result.stdout.endswith("\n")
