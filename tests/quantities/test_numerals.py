"""Values of numerals, computed by hand."""

import ast
import re
from pathlib import Path

import pytest

from wattbook import quantities
from wattbook.quantities import find_numbers, find_ordinals, numerals
from wattbook.quantities.numerals import fold
from wattbook.script import to_simplified_converter


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("七", 7),
        ("十二", 12),
        ("二十", 20),
        ("兩百", 200),
        ("三百零六", 306),
        ("三百六", 360),
        ("一萬八", 18_000),
        ("四千零二十萬", 40_200_000),
        ("六億零九", 600_000_009),
        ("1億2000萬", 120_000_000),
        ("3萬5000", 35_000),
        ("1,234.5億", 123_450_000_000),
        ("２３．５萬", 235_000),
        ("８，６００", 8_600),
        ("2兆3億", 2_000_300_000_000),
        ("八萬億", 8e12),
        ("0億", 0),
        ("0 億", 0),
        ("1.3 兆", 1.3e12),
        ("一點二五", 1.25),
        ("三點四億", 340_000_000),
        ("負六", -6),
        ("五分之二", 0.4),
        ("二又四分之一", 2.25),
        ("7/8", 0.875),
        ("十多萬", 100_000),
        ("五十打", 600),
        ("12k", 12_000),
        ("3^2", 9),
        ("1.5e3", 1_500),
        ("两万", 20_000),
    ],
)
def test_value(text: str, value: float) -> None:
    found = find_numbers(text)
    assert [(n.start, n.end) for n in found] == [(0, len(text))]
    assert found[0].value == pytest.approx(value, rel=1e-12)


@pytest.mark.parametrize("text", ["一切", "一起", "半導體", "陸地", "收拾", "四川", "萬", "數百", "H200", "兩兩"])
def test_not_a_number(text: str) -> None:
    assert find_numbers(text) == []


def test_list_is_not_one_number() -> None:
    assert [n.value for n in find_numbers("1, 20, 300")] == [1, 20, 300]
    assert [n.value for n in find_numbers("12,34")] == [12, 34]
    assert [n.value for n in find_numbers("10.20.30")] == [10, 20, 30]


def test_year_before_a_comma_is_not_grouped() -> None:
    assert [n.value for n in find_numbers("2024,300")] == [2024, 300]


def test_ordinals_include_their_marker() -> None:
    found = find_ordinals("第三季優於第 12 名,三家公司")
    assert [(n.start, n.end, n.value) for n in found] == [(0, 2, 3), (5, 9, 12)]


def test_fold_keeps_length() -> None:
    text = "１２％、两万亿－3，４５６，臺灣　"
    assert len(fold(text)) == len(text)


def test_every_character_of_the_rules_is_known_in_simplified_script() -> None:
    sources = [path.read_text(encoding="utf-8") for path in Path(quantities.__file__).parent.glob("*.py")]
    strings = {
        node.value
        for source in sources
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    rules = set(re.findall("[\u4e00-\u9fff]", "".join(strings - {numerals._SIMPLIFIED})))
    convert = to_simplified_converter().convert
    simplified = {character: convert(character) for character in rules}
    # Not where the rules use the Simplified form itself, in another sense (只, 里).
    unknown = {s for c, s in simplified.items() if s not in rules and fold(s) != fold(c)}
    assert unknown == set()
