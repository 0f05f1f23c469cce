"""Phrasings of business Chinese in both scripts, written for these tests and read by hand."""

import pytest

from wattbook.quantities import find_quantities

Row = tuple[str, float, float, str, str]


def rows(text: str) -> list[Row]:
    return [(q.surface, q.low, q.high, q.unit, q.modifier) for q in find_quantities(text)]


def one(surface: str, low: float, unit: str, modifier: str = "exact", high: float | None = None) -> Row:
    return surface, low, low if high is None else high, unit, modifier


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "公司去年营收达3.2万亿元,净利润同比下滑12.5个百分点。",
            [one("3.2万亿元", 3.2e12, "CNY"), one("12.5个百分点", 12.5, "percentage_point")],
        ),
        (
            "台积电第三季营收新台币7,597亿元,季增6.7%。",
            [one("新台币7,597亿元", 7.597e11, "TWD"), one("6.7%", 6.7, "percent")],
        ),
        (
            "目标价由新台币1,500元上调至1,700元。",
            [one("新台币1,500元", 1500, "TWD"), one("1,700元", 1700, "TWD")],
        ),
        ("(單位:新台幣,下同)營收為1,250億元。", [one("1,250億元", 1.25e11, "TWD")]),
        ("新台幣升值。中國廠商報價3,000元。", [one("3,000元", 3000, "CNY")]),
        ("全年资本支出上调至380亿至420亿美元之间。", [one("380亿至420亿美元", 3.8e10, "USD", high=4.2e10)]),
        ("央行降息25个基点,利率降至4.75%-5.00%区间。", [
            one("25个基点", 25, "basis_point"), one("4.75%-5.00%", 4.75, "percent", high=5),
        ]),
        ("聯準會升息一碼,累計升息21碼。", [one("一碼", 25, "basis_point"), one("21碼", 525, "basis_point")]),
        ("密碼有6碼。", []),
        ("公司裁员逾千人,约占员工总数的百分之八。", [
            one("千人", 1000, "person", "over"), one("百分之八", 8, "percent", "about"),
        ]),
        ("年发电量约90亿度,室温25度。", [one("90亿度", 9e12, "Wh", "about"), one("25度", 25, "degree")]),
        ("冷卻水溫維持在攝氏25至30度。", [one("攝氏25至30度", 25, "degC", high=30)]),
        ("油价跌破每桶60美元关口。", [one("每桶60美元", 60, "USD/barrel", "under")]),
        ("每GW造价约500亿至600亿美元。", [one("500亿至600亿美元", 50, "USD/W", "about", high=60)]),
        ("每千瓦建置成本高達一萬二千美元。", [one("一萬二千美元", 12, "USD/W")]),
        ("每股盈餘上看2.5美元。", [one("2.5美元", 2.5, "USD/share")]),
        ("美元兑日元报155.32。", [one("155.32", 155.32, "JPY/USD")]),
        ("欧元兑美元升至1.1625。", [one("1.1625", 1.1625, "USD/EUR")]),
        ("人民币兑美元中间价报7.0789。", [one("7.0789", 7.0789, "CNY/USD")]),
        ("人民幣兌美元升值,公司匯損3億元。", [one("3億元", 3e8, "CNY")]),
        ("港股收盘报25,935.41点,涨0.58%。", [
            one("25,935.41点", 25935.41, "index_point"), one("0.58%", 0.58, "percent"),
        ]),
        ("模型参数规模达1.8万亿。", [one("1.8万亿", 1.8e12, "parameter")]),
        ("用户数达3亿。", [one("3亿", 3e8, "item")]),
        ("全球人口已突破80亿。", [one("80亿", 8e9, "person", "over")]),
        ("去年出货量达1.2亿,营收达9.5亿。", [one("1.2亿", 1.2e8, "item"), one("9.5亿", 9.5e8, "currency_unspecified")]),
        ("三大法人合計賣超256.7億元。", [one("256.7億元", 2.567e10, "CNY")]),
        ("誤差在正負3個百分點以內。", [one("3個百分點", 3, "percentage_point", "at_most")]),
        ("毛利同比-5.3%。", [one("-5.3%", -5.3, "percent")]),
        ("功耗500W-700W。", [one("500W-700W", 500, "W", high=700)]),
        ("售價HK$1,299 起。", [one("HK$1,299", 1299, "HKD", "at_least")]),
        ("營收為USD 3.5 billion。", [one("USD 3.5 billion", 3.5e9, "USD")]),
        ("增长百分之三至百分之五。", [one("百分之三至百分之五", 3, "percent", high=5)]),
        ("約佔百分之三十到四十。", [one("百分之三十到四十", 30, "percent", "about", high=40)]),
        ("百餘家企業、千餘名代表。", [one("百餘家", 100, "item", "over"), one("千餘名", 1000, "person", "over")]),
        ("一年半以来,股价翻了三倍,营收翻番。", [
            one("一年半", 1.5, "year"), one("三倍", 3, "ratio"), one("翻番", 2, "ratio"),
        ]),
        ("兩年內電價已漲2成5,良率七成五。", [
            one("兩年", 2, "year"), one("2成5", 25, "percent"), one("七成五", 75, "percent"),
        ]),
        ("約2/3的產能、平均的1/3。", [one("2/3", 2 / 3, "ratio", "about"), one("1/3", 1 / 3, "ratio")]),
        ("三分之一強的企業。", [one("三分之一", 1 / 3, "ratio", "over")]),
        ("HBM堆疊由8層增加到12層。", [one("8層", 8, "item"), one("12層", 12, "item")]),
        ("占地1,100英亩,厂房2公顷。", [one("1,100英亩", 1100, "acre"), one("2公顷", 20_000, "m2")]),
        ("大概有二三十家供应商,几十万颗芯片。", [
            one("二三十家", 20, "item", "about", high=30), one("几十万颗", 2e5, "item", "about", high=9e5),
        ]),
        ("三亿五千万美元的订单,两千万台设备。", [one("三亿五千万美元", 3.5e8, "USD"), one("两千万台", 2e7, "item")]),
    ],
)  # fmt: skip
def test_rows(text: str, expected: list[Row]) -> None:
    found = rows(text)
    assert [(r[0], *r[3:]) for r in found] == [(r[0], *r[3:]) for r in expected]
    for got, want in zip(found, expected, strict=True):
        assert got[1:3] == pytest.approx(want[1:3], rel=1e-9)


@pytest.mark.parametrize(
    "text",
    [
        "他一手打造了这家公司,三番两次拒绝收购。",
        "四面八方的资金,五花八门的产品。",
        "一带一路与十四五规划",
        "双方再三讨论,二话不说就签约",
        "万一失败,千万不要怪他",
        "半导体、半成品、半路杀出",
        "三星、六福、七匹狼、九号公司",
        "A股、B轮融资、5G、4K、3D",
        "Wi-Fi 7、USB4、DDR5、HBM3E、PCIe 5.0",
        "iPhone 16 Pro、Llama 3.1 405B、Qwen2.5-72B、GPT-4o",
        "RTX 4090D、MI300X、TPU v5p、昇腾910B",
        "波音737、空客A320、F-35战机",
        "2025年11月3日上午9时30分",
        "2024/25财年、FY2026 Q1、3Q25、2H25",
        "第3代、第十二届、前三名、前十大客户",
        "科创50、沪深300、纳斯达克100、日经225",
        "301条款、232调查",
        "Tier 1供应商、L4级",
        "二氧化碳、三氟化氮",
        "二期工程、一线城市、三期临床",
        "一季度、下半年、三季报",
        "90后、00后创业者",
        "两千零二十五年",
        "2025年前九個月",
        "成千上万的用户",
        "上世纪八十年代",
    ],
)
def test_nothing_is_measured(text: str) -> None:
    assert rows(text) == []
