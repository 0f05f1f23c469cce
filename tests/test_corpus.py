"""Article files: what is read, what is tolerated, what is refused and where."""

import re
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wattbook.corpus import read_corpus, read_file, stream_file
from wattbook.errors import InputError
from wattbook.samples import sample_path

GOOD = "#電力\n甲地停電\n甲地昨晚停電三小時,原因不明。 (範例報)\n乙地復電\n乙地今晨復電,電價不變。(範例報)"


def write(folder: Path, content: str | bytes, name: str = "000_x.txt") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def test_reads_titles_bodies_and_sources(tmp_path: Path) -> None:
    first, second = read_file(write(tmp_path, GOOD))
    assert (first.id, first.position, first.topic, first.title) == ("000-01", 1, "電力", "甲地停電")
    assert first.body == "甲地昨晚停電三小時,原因不明。 (範例報)"
    assert first.source == "範例報"
    assert first.prose == "甲地昨晚停電三小時,原因不明。"
    assert (second.id, second.prose) == ("000-02", "乙地今晨復電,電價不變。")


@pytest.mark.parametrize(
    "variant",
    [
        GOOD + "\n",
        "\ufeff" + GOOD,
        GOOD.replace("\n", "\r\n"),
        GOOD.replace("\n乙", "\n\n\n乙"),
        GOOD.replace("\n甲地昨", "\n  \n甲地昨"),
    ],
    ids=["last newline", "BOM", "CRLF", "blank lines between articles", "blank line in an article"],
)
def test_tolerates(tmp_path: Path, variant: str) -> None:
    assert read_file(write(tmp_path, variant)) == read_file(write(tmp_path, GOOD))


def test_a_line_separator_inside_a_body_does_not_end_it(tmp_path: Path) -> None:
    (article,) = read_file(write(tmp_path, "#題\n標題\n前半\u2028後半。(報)"))
    assert article.body == "前半\u2028後半。(報)"


def test_a_body_without_source_has_none(tmp_path: Path) -> None:
    (article,) = read_file(write(tmp_path, "#題\n標題\n沒有來源的正文。"))
    assert article.source is None
    assert article.prose == article.body


@pytest.mark.parametrize(
    ("content", "line", "what"),
    [
        ("甲地停電\n正文。(報)", 1, "topic"),
        ("", 1, "topic"),
        ("#\n甲\n正文。(報)", 1, "topic"),
        ("#題\n", 1, "no article"),
        (GOOD + "\n丙地停電", 6, "title without a body"),
        ("#題\n甲地停電\n\n乙地復電\n乙地今晨復電,電價不變。(範例報)", 2, "title without a body"),
        ("#題\n甲地停電\n(範例報)", 3, "empty body"),
        (b"#\xe9\xa1\x8c\n\xe7\x94\xb2\n\xff\xfe", 3, "UTF-8"),
        (b"\xef\xbb\xbf#\xe9\xa1\x8c\n\xff", 2, "UTF-8"),
        ("#題\n甲地停電\n正\0文。(報)", 3, "NUL"),
    ],
)
def test_refuses_and_names_the_line(tmp_path: Path, content: str | bytes, line: int, what: str) -> None:
    path = write(tmp_path, content)
    with pytest.raises(InputError) as error:
        read_file(path)
    assert error.value.where == f"{path}:{line}"
    assert what in error.value.what


def test_articles_come_one_by_one(tmp_path: Path) -> None:
    """The first article is there before a later fault is met."""
    articles = stream_file(write(tmp_path, GOOD + "\n丙地停電"))
    assert [next(articles).position, next(articles).position] == [1, 2]
    with pytest.raises(InputError, match="without a body"):
        next(articles)


@given(
    st.lists(st.tuples(st.text("電網 。()（）\u2028", min_size=1), st.text("電網 。()（）\r", min_size=1)), min_size=1),
    st.sampled_from(["\n", "\r\n", "\n \n"]),
)
def test_lines_take_turns(pairs: list[tuple[str, str]], end: str) -> None:
    """Whatever the lines hold: title and body alternate, or the fault is named with its line."""
    with TemporaryDirectory() as folder:
        path = write(Path(folder), end.join(["#題", *(line for pair in pairs for line in pair)]))
        lines = [line.strip() for pair in pairs for line in pair if line.strip()]
        try:
            articles = read_file(path)
        except InputError as error:
            assert re.fullmatch(r".*:[0-9]+", error.where)
            assert len(lines) % 2 or not lines or "empty body" in error.what
            return
        assert [line for article in articles for line in (article.title, article.body)] == lines
        for article in articles:
            assert article.body.startswith(article.prose)
            assert (article.source is None) == (article.prose == article.body)


def test_a_long_body_takes_no_longer_per_character(tmp_path: Path) -> None:
    """White space and brackets in a body are no reason to look at it again and again."""
    started = time.process_time()
    read_file(write(tmp_path, f"#題\n標題\n電{' ' * 300_000}(甲){'(' * 300_000}。(報)"))
    assert time.process_time() - started < 2


def test_a_corpus_is_its_files_by_name(tmp_path: Path) -> None:
    write(tmp_path, GOOD, "002_b.txt")
    write(tmp_path, GOOD, "001_a.txt")
    assert [a.id for a in read_corpus(tmp_path)] == ["001-01", "001-02", "002-01", "002-02"]


def test_two_files_may_not_share_ids(tmp_path: Path) -> None:
    write(tmp_path, GOOD, "001_a.txt")
    write(tmp_path, GOOD, "001_b.txt")
    with pytest.raises(InputError, match=r"001_a\.txt"):
        read_corpus(tmp_path)


def test_a_folder_without_articles_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"no \.txt file"):
        read_corpus(tmp_path)
    with pytest.raises(InputError, match="no such folder"):
        read_corpus(tmp_path / "absent")


def test_the_sample_is_in_the_format() -> None:
    articles = read_file(sample_path())
    assert len(articles) == 3
    assert all(article.source for article in articles)


@pytest.mark.corpus
def test_the_fifteen_articles(corpus) -> None:
    assert [article.id for article in corpus] == [f"000-{n:02d}" for n in range(1, 8)] + [
        f"003-{n:02d}" for n in range(1, 9)
    ]
    assert [article.id for article in corpus if article.source is None] == ["000-05"]
