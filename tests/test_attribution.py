"""Who says what: the patterns on sentences of our own, properties, the word lists, the committed figures."""

import csv
import importlib
import time
from collections.abc import Iterator
from types import ModuleType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wattbook import lexicon
from wattbook.attribution import Attribution, find_attributions
from wattbook.lexicon import entity
from wattbook.paths import DATA, ROOT


def found(text: str) -> list[tuple[str, str, str, str]]:
    """Give kind, entity, source and verb of each attribution."""
    return [
        (one.kind, one.entity_id, text[one.source_start : one.source_end], one.verb) for one in find_attributions(text)
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("輝達表示,需求很強。", [("named", "nvidia", "輝達", "表示")]),
        ("英伟达表示,需求很强。", [("named", "nvidia", "英伟达", "表示")]),
        ("高盛則認為風險不大。", [("named", "goldman-sachs", "高盛", "認為")]),
        ("執行長黃仁勳週二在台北的論壇上指出,缺電是事實。", [("named", "jensen-huang", "黃仁勳", "指出")]),
        ("輝達執行長黃仁勳說,缺電是事實。", [("named", "jensen-huang", "黃仁勳", "說")]),
        ("「電不夠用。」微軟寫道。", [("named", "microsoft", "微軟", "寫道")]),
        ("摩根士丹利在給路透記者的郵件中強調,訂單仍多。", [("named", "morgan-stanley", "摩根士丹利", "強調")]),
        ("美國能源資訊署(EIA)的報告顯示,用電量上升。", [("named", "us-eia", "美國能源資訊署", "顯示")]),
        ("哈佛大學前官員說,情況不妙。", [("named", "harvard", "哈佛大學", "說")]),
        ("學者的報告顯示,效率提高。", [("unnamed", "", "學者", "顯示")]),
        ("聯準會官員警告,通膨可能再起。", [("named", "federal-reserve", "聯準會", "警告")]),
        ("Meta公司稱,年限已延長。", [("named", "meta", "Meta", "稱")]),
        ("瑞銀將今年的支出預測上調至4,000億美元。", [("named", "ubs", "瑞銀", "預測上調")]),
        ("高盛發布研究報告,預測明年成長兩成。", [("named", "goldman-sachs", "高盛", "預測")]),
        ("輝達對此予以否認。", [("named", "nvidia", "輝達", "否認")]),
    ],
)
def test_a_name_before_a_reporting_verb_is_its_source(text: str, expected: list[tuple[str, str, str, str]]) -> None:
    assert found(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("據路透報導,談判破裂。", [("named", "reuters", "路透", "報導")]),
        ("根據高盛估算,缺口達三成。", [("named", "goldman-sachs", "高盛", "估算")]),
        ("根據EIA公佈的月度資料,電價上漲。", [("named", "us-eia", "EIA", "根據")]),
        ("據知情人士透露,會談在週五。", [("unnamed", "unnamed-sources", "知情人士", "透露")]),
        ("據報導,會談在週五。", [("unnamed", "", "", "報導")]),
        ("據CNBC報導,黃仁勳表示需求強勁。",
         [("named", "cnbc", "CNBC", "報導"), ("named", "jensen-huang", "黃仁勳", "表示")]),
        ("路透援引官員的話報導,協議已簽。",
         [("named", "reuters", "路透", "報導"), ("unnamed", "", "官員", "援引")]),
    ],
)  # fmt: skip
def test_frames_and_quoted_sources(text: str, expected: list[tuple[str, str, str, str]]) -> None:
    assert found(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("業內人士指出,電價會漲。", [("unnamed", "unnamed-sources", "業內人士", "指出")]),
        ("多數分析師認為,這只是開始。", [("unnamed", "analysts", "分析師", "認為")]),
        ("市場普遍預計,央行將降息。", [("unnamed", "", "市場", "預計")]),
        ("有資料顯示,車流減少。", [("unnamed", "", "資料", "顯示")]),
        ("庫克昨天談到印度。他表示,投資會增加。", [("anaphor", "tim-cook", "他", "表示")]),
        ("瑞銀指出,支出上升。該機構預測,明年再增一成。",
         [("named", "ubs", "瑞銀", "指出"), ("anaphor", "ubs", "該機構", "預測")]),
        ("微軟擴建機房。華爾街日報表示不看好。該公司稱,電力充足。",
         [("named", "wsj", "華爾街日報", "表示"), ("anaphor", "microsoft", "該公司", "稱")]),
        ("他說,今天很冷。", [("anaphor", "", "他", "說")]),
    ],
)  # fmt: skip
def test_sources_without_a_name_and_named_before(text: str, expected: list[tuple[str, str, str, str]]) -> None:
    assert found(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "輝達的晶片被稱為超級晶片。",  # a name for a thing
        "微軟的說法不可信。",  # a noun
        "這份數據、證據與收據都在。",  # 據 inside a word
        "根據合約,輝達須在五月交貨。",  # a ground, not a source
        "台積電的客戶很多,股價大漲。",
        "如果投資者認為太貴,就會賣出。",  # a condition
        "顯示卡的銷量下滑,輝達股價下跌。",
        "新晶片預計明年上市。",  # nobody expects
        "輝達披露的數字很大。",  # a relative clause
        "其他人沒有說話。",
        "輝達的營收高於市場預期。",  # a noun
        "輝達投資人也被提醒注意風險。",  # the one reminded
        "我們對輝達說再見。",  # the one spoken to
        "",
    ],
)
def test_what_reports_nothing_is_left_alone(text: str) -> None:
    assert found(text) == []


def test_offsets_and_the_verb_as_listed() -> None:
    (one,) = find_attributions("昨天,高盛進一步预测,股市會漲。")
    assert one == Attribution("named", "goldman-sachs", 3, 5, "預測", 8, 10)


def test_one_source_phrase_counts_once() -> None:
    assert found("輝達表示需求強,並指出供應不足。") == [("named", "nvidia", "輝達", "表示")]


PIECES = st.sampled_from([*lexicon.load_reporting_verbs()["verb"], *lexicon.load_source_nouns()["noun"], "據", "根據",
                          "輝達", "黃仁勳", "在", "中", ",", "。", "(", ")", "的", "\ud800", "4,230", " "])  # fmt: skip


@settings(deadline=None, max_examples=200)
@given(st.one_of(st.text(st.characters(categories=None)), st.lists(PIECES, max_size=30).map("".join)))
def test_any_text_gives_ordered_spans_inside_it(text: str) -> None:
    last = -1
    seen = set()
    for one in find_attributions(text):
        assert 0 <= one.source_start <= one.source_end <= len(text)
        assert 0 <= one.verb_start < one.verb_end <= len(text)
        assert one.source_start >= last
        last = one.source_start
        assert (one.source_start, one.source_end) not in seen
        seen.add((one.source_start, one.source_end))
        assert not one.entity_id or entity(one.entity_id)


@pytest.mark.parametrize("unit", ["輝達表示,", "據", "他說", "在", "(", "援引", "報告", "黃仁勳,"])
def test_time_grows_linearly_with_the_text(unit: str) -> None:
    def seconds(repeats: int) -> float:
        text = unit * repeats
        took = []
        for _ in range(3):
            start = time.process_time()
            find_attributions(text)
            took.append(time.process_time() - start)
        return min(took)

    seconds(10)
    small, large = seconds(1000), seconds(8000)
    assert large < 40 * small + 0.2


# --- the word lists and the figures --------------------------------------------------------------------------------


def test_verbs_and_nouns_are_traditional_and_given_once() -> None:
    for table, column in ((lexicon.load_reporting_verbs(), "verb"), (lexicon.load_source_nouns(), "noun")):
        assert table[column].is_unique
        assert table[column].str.fullmatch(r"[\u4e00-\u9fff]+").all()
        assert (table["gloss_en"] != "").all()
        assert table[column].map(lexicon.fold).is_unique


def test_shields_hold_a_name_and_hide_it() -> None:
    names = {lexicon.fold(alias) for alias in lexicon.load_aliases()["alias"]}
    for row in lexicon.load_shields().itertuples():
        assert row.holds in row.term
        assert lexicon.fold(str(row.holds)) in names
        assert lexicon.find_mentions(f"。{row.term}。") == []


@pytest.fixture(scope="module")
def benchmark() -> Iterator[ModuleType]:
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(ROOT / "benchmarks")
        yield importlib.import_module("attribution")


@pytest.mark.corpus
def test_the_committed_figures_are_those_of_these_rules(benchmark: ModuleType, corpus) -> None:
    names, attributions = benchmark.measure_mentions(), benchmark.measure_attributions()
    for name, measured in (("entities", names), ("attribution", attributions)):
        with (DATA / "quality" / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
            assert [tuple(row) for row in csv.reader(lines)][1:] == [tuple(map(str, row)) for row in measured]
    figures = {row[0]: float(row[1]) for row in (*names, *attributions)}
    assert min(figures["mention-precision"], figures["mention-recall"]) >= 0.95
    assert min(figures["dev-precision"], figures["dev-recall"]) >= 0.93


def test_pairs_need_source_and_verb(benchmark: ModuleType) -> None:
    gold = [{"source_start": "0", "source_end": "2", "verb_start": "2", "verb_end": "4"}]
    right = Attribution("named", "nvidia", 1, 2, "表示", 3, 4)
    assert len(benchmark.pair(gold, [right, right])) == 1
    assert benchmark.pair(gold, [right._replace(verb_start=9, verb_end=11)]) == []
    assert benchmark.pair(gold, [right._replace(source_start=2, source_end=2)]) == []
