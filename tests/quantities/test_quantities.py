"""Quantities in sentences written for these tests; every expected value is computed by hand."""

import math

import pytest

from wattbook.quantities import Quantity, find_quantities


def only(text: str) -> Quantity:
    found = find_quantities(text)
    assert len(found) == 1, found
    return found[0]


def rows(text: str) -> list[tuple[str, float, float, str, str]]:
    return [(q.surface, q.low, q.high, q.unit, q.modifier) for q in find_quantities(text)]


@pytest.mark.parametrize(
    ("printed", "low", "high", "unit"),
    [
        # The design's own examples.
        ("4,230億美元", 423e9, 423e9, "USD"),
        ("945太瓦時", 945e12, 945e12, "Wh"),
        ("16.01美分/千瓦時", 0.1601, 0.1601, "USD/kWh"),
        ("60萬-80萬枚", 600_000, 800_000, "item"),
        ("百萬張", 1e6, 1e6, "item"),
        ("1.3兆美元", 1.3e12, 1.3e12, "USD"),
        ("6兆瓦", 6e6, 6e6, "W"),
        ("四分之一", 0.25, 0.25, "ratio"),
        ("6倍", 6, 6, "ratio"),
        ("3至5年", 3, 5, "year"),
        ("翻倍", 2, 2, "ratio"),
        ("3,800億元", 380e9, 380e9, "CNY"),
        ("1688新台幣", 1688, 1688, "TWD"),
        # Money.
        ("75億加元", 7.5e9, 7.5e9, "CAD"),
        ("2億港元", 2e8, 2e8, "HKD"),
        ("9歐元", 9, 9, "EUR"),
        ("300億日圓", 3e10, 3e10, "JPY"),
        ("2.5兆元新台幣", 2.5e12, 2.5e12, "TWD"),
        ("8億元人民幣", 8e8, 8e8, "CNY"),
        ("63美分", 0.63, 0.63, "USD"),
        ("$20", 20, 20, "USD"),
        ("NT$1,200", 1200, 1200, "TWD"),
        ("$3B", 3e9, 3e9, "USD"),
        ("5,000 億美元", 5e11, 5e11, "USD"),
        ("一兆美元", 1e12, 1e12, "USD"),
        ("2萬多億美元", 2e12, 2e12, "USD"),
        ("五元三毛", 5.3, 5.3, "CNY"),
        # Rates.
        ("300億美元/ 吉瓦", 30, 30, "USD/W"),
        ("40美元/MWh", 0.04, 0.04, "USD/kWh"),
        ("每股23.28 美元", 23.28, 23.28, "USD/share"),
        ("每桶61.9美元", 61.9, 61.9, "USD/barrel"),
        ("每盎司4209.3美元", 4209.3, 4209.3, "USD/oz"),
        ("每噸11485美元", 11485, 11485, "USD/t"),
        ("1361萬桶/日", 13.61e6, 13.61e6, "barrel/day"),
        ("每秒4.8TB", 4.8e12, 4.8e12, "byte/s"),
        ("3.35TB/s", 3.35e12, 3.35e12, "byte/s"),
        # Shares of a whole.
        ("25%", 25, 25, "percent"),
        ("25％", 25, 25, "percent"),
        ("20%—25%", 20, 25, "percent"),
        ("65%到70%", 65, 70, "percent"),
        ("三成", 30, 30, "percent"),
        ("百分之四", 4, 4, "percent"),
        ("2.5個百分點", 2.5, 2.5, "percentage_point"),
        ("57.3個基點", 57.3, 57.3, "basis_point"),
        ("半數", 0.5, 0.5, "ratio"),
        ("一半", 0.5, 0.5, "ratio"),
        ("千分之二", 0.002, 0.002, "ratio"),
        ("10-15 倍", 10, 15, "ratio"),
        ("一倍半", 1.5, 1.5, "ratio"),
        # Power, energy, voltage, computing, length.
        ("2GW", 2e9, 2e9, "W"),
        ("6 吉瓦", 6e9, 6e9, "W"),
        ("100瓦", 100, 100, "W"),
        ("3千瓦", 3000, 3000, "W"),
        ("10億度電", 1e12, 1e12, "Wh"),
        ("345kV", 345e3, 345e3, "V"),
        ("989 TFLOPS", 989e12, 989e12, "FLOPS"),
        ("300 PFLOPS", 300e15, 300e15, "FLOPS"),
        ("260TOPS", 260e12, 260e12, "OPS"),
        ("141GB", 141e9, 141e9, "byte"),
        ("7nm", 7e-9, 7e-9, "m"),
        ("7奈米", 7e-9, 7e-9, "m"),
        ("120公里", 120_000, 120_000, "m"),
        ("440億英里", 44e9, 44e9, "mile"),
        # Time.
        ("2—3年", 2, 3, "year"),
        ("兩年半", 2.5, 2.5, "year"),
        ("半年", 0.5, 0.5, "year"),
        ("28個季度", 28, 28, "quarter"),
        ("18至48個月", 18, 48, "month"),
        ("6個-12個月", 6, 12, "month"),
        ("三個半月", 3.5, 3.5, "month"),
        ("128周", 128, 128, "week"),
        ("43天", 43, 43, "day"),
        ("八小時", 8, 8, "hour"),
        ("662.6分鐘", 662.6, 662.6, "minute"),
        ("90秒", 90, 90, "second"),
        # Counts.
        ("5 座", 5, 5, "item"),
        ("40~50萬張", 400_000, 500_000, "item"),
        ("25萬到33萬顆", 250_000, 330_000, "item"),
        ("20億至50億美元", 2e9, 5e9, "USD"),
        ("500人", 500, 500, "person"),
        ("三位", 3, 3, "person"),
        ("1.6億股", 1.6e8, 1.6e8, "share"),
        ("70B參數", 70e9, 70e9, "parameter"),
        ("兆參數", 1e12, 1e12, "parameter"),
        ("兩代", 2, 2, "generation"),
        ("2萬桶", 20_000, 20_000, "barrel"),
        ("16.35億蒲式耳", 1.635e9, 1.635e9, "bushel"),
    ],
)
def test_unit_and_value(printed: str, low: float, high: float, unit: str) -> None:
    text = f"報告寫的是{printed}。"
    q = only(text)
    assert q.surface == printed
    assert (q.start, q.end) == (5, 5 + len(printed))
    assert q.low == pytest.approx(low, rel=1e-9)
    assert q.high == pytest.approx(high, rel=1e-9)
    assert (q.unit, q.flag) == (unit, "")


@pytest.mark.parametrize(
    ("text", "modifier"),
    [
        ("共有6家", "exact"),
        ("約6家", "about"),
        ("近6億元", "about"),
        ("接近6%", "about"),
        ("大約是 6%", "about"),
        ("6%左右", "about"),
        ("6萬張等級", "about"),
        ("超過6%", "over"),
        ("逾6%", "over"),
        ("突破了6%", "over"),
        ("600多家", "over"),
        ("三年多", "over"),
        ("不足6%", "under"),
        ("不到6%", "under"),
        ("低於6%", "under"),
        ("6%以上", "at_least"),
        ("至少6%", "at_least"),
        ("至少可達6%", "at_least"),
        ("上百億元", "at_least"),
        ("最多6%", "at_most"),
        ("至多6%", "at_most"),
        ("不超過6%", "at_most"),
        ("沒有突破6%", "at_most"),
        ("6%以下", "at_most"),
        ("大概是去年同期的三成", "exact"),
        ("約為去年同期的三成", "about"),
        ("不到購入價的一半", "under"),
        ("合約6年", "exact"),
        ("最近6年", "exact"),
        ("近6年來", "exact"),
        ("還要等近6年", "about"),
        ("普遍高於6家同業", "exact"),
    ],
)
def test_modifier(text: str, modifier: str) -> None:
    assert only(text).modifier == modifier


def test_leading_modifier_outside_trailing_outside_classifier_inside() -> None:
    assert only("工廠約有40~50萬顆左右的庫存").surface == "40~50萬顆"
    assert only("數字是超過10多個,不含其他").surface == "10多個"


@pytest.mark.parametrize(
    "text",
    [
        "2025年8月30日公布",
        "會議在12 月8 日舉行",
        "2024年-2025年與2026-2027 年",
        "2025/26年度的預估",
        "25年上半年交貨",
        "上個世紀90年代與19世紀",
        "二〇二五年開工",
        "民國114年",
        "周三與星期五",
        "下午3點30分開會",
        "1715 GMT收盤",
        "第三季財報的第一名",
        "跌出前六十名",
        "第10次演練",
        "三季度與四季度",
        "H200比H100/200系列快",
        "GPT-4與QwQ-32B",
        "思元590晶片",
        "x86架構的iPhone17",
        "Model 3與RTX 5090",
        "2H26與Q4'26與CY25-26",
        "1017規則與79號文",
        "從42街走到23街",
        "滬深300成分股",
        "這是一家公司的一種說法",
        "一石三鳥的七巨頭",
        "靠六條腿走路",
        "上半年優於下半年",
        "半導體零件",
        "有一天會實現",
        "下一代與新一代",
        "版本2.0",
        "數據與指數",
        "買了成千上萬套",
    ],
)
def test_not_a_quantity(text: str) -> None:
    assert find_quantities(text) == []


def test_one_is_a_number_only_where_it_measures() -> None:
    assert only("過去一年的支出").surface == "一年"
    assert only("領先對手整整一代").unit == "generation"
    assert only("增加了近一倍").low == 1
    assert only("一小時後").unit == "hour"


def test_glued_digits_are_flagged_not_guessed() -> None:
    q = only("公司付了7000000120000,000元給對方")
    assert (q.surface, q.unit, q.flag) == ("7000000120000,000元", "CNY", "damaged")
    assert math.isnan(q.low)
    assert math.isnan(q.high)


def test_garbled_unit_is_flagged() -> None:
    q = only("公布的 900 億美中繼資料")
    assert (q.surface, q.low, q.unit, q.flag) == ("900 億美", 90e9, "USD", "unit")


def test_range_through_a_gloss() -> None:
    assert rows("需要8吉瓦(GW)到 11 吉瓦的容量") == [("8吉瓦(GW)到 11 吉瓦", 8e9, 11e9, "W", "exact")]
    falling = find_quantities("需要80吉瓦(GW)到 11 吉瓦的容量")
    assert [(q.low, q.flag) for q in falling] == [(80e9, "order"), (11e9, "order")]


def test_falling_range_is_one_row() -> None:
    q = only("另外350 萬到 250 萬塊")
    assert (q.low, q.high) == (2.5e6, 3.5e6)


def test_change_to_a_level_is_not_a_range() -> None:
    assert [row[1] for row in rows("職缺增加1.2萬個至767萬個")] == [12_000, 7_670_000]
    assert [row[3] for row in rows("殖利率上漲1.4個基點至4.186%")] == ["basis_point", "percent"]


def test_vague_scales_are_flagged() -> None:
    q = only("砸下數百億美元")
    assert (q.surface, q.low, q.high, q.flag) == ("數百億美元", 2e10, 9e10, "vague")
    q = only("過了十幾年")
    assert (q.low, q.high, q.flag) == (11, 19, "vague")


def test_bare_scale_takes_its_unit_from_the_words_around() -> None:
    assert only("公司市值突破了3000億").unit == "currency_unspecified"
    assert only("全年出貨量約60~70萬").unit == "item"
    assert rows("出貨 600 萬 GPU") == [("600 萬", 6e6, 6e6, "item", "exact")]


def test_index_points_and_exchange_rates() -> None:
    assert rows("加權指數上漲30.58點,收報23576.4點") == [
        ("30.58點", 30.58, 30.58, "index_point", "exact"),
        ("23576.4點", 23576.4, 23576.4, "index_point", "exact"),
    ]
    assert only("景氣指數回落至正10").surface == "正10"
    assert [row[3] for row in rows("美元兌日元升至157日元附近,尾盤報156.86。")] == ["JPY/USD", "JPY/USD"]
    assert only("美元兌歐元走弱,報1.1625美元").unit == "USD/EUR"
    assert only("每杯157日元").unit == "JPY"
    assert find_quantities("他提出三點聲明") == []


def test_total_processing_performance() -> None:
    q = only("晶片的總算力(TPP)降至約2,368")
    assert (q.surface, q.low, q.unit, q.modifier) == ("2,368", 2368, "TPP", "about")


def test_age_and_surge_are_told_apart() -> None:
    assert only("十個月大的嬰兒").surface == "十個月大"
    assert only("股價三個月大漲").surface == "三個月"


def test_list_keeps_every_member() -> None:
    assert [row[1] for row in rows("分別為25 倍/ 19 倍,以及386%、258%")] == [25, 19, 386, 258]


def test_offsets_are_into_the_original_text() -> None:
    text = "😀产能约２５万颗,电费３％"
    for q in find_quantities(text):
        assert text[q.start : q.end] == q.surface
    assert [(q.surface, q.low) for q in find_quantities(text)] == [("２５万颗", 250_000), ("３％", 3)]
