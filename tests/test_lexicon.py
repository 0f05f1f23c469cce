import re

import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from wattbook import lexicon
from wattbook.corpus import read_corpus
from wattbook.lexicon import Mention, entity, find_mentions, fold
from wattbook.paths import corpus_dir

TYPES = {
    "agency",
    "bank",
    "chip",
    "company",
    "country",
    "event",
    "fund",
    "institute",
    "law",
    "media",
    "model",
    "person",
    "product",
}
DICTIONARY_CATEGORIES = {
    "agency",
    "ai",
    "chip",
    "company",
    "finance",
    "general",
    "institution",
    "law",
    "market",
    "media",
    "person",
    "place",
    "politics",
    "power",
    "product",
    "semiconductor",
    "trade",
}
THEMES = {"grid", "capex", "h200", "chipshare", "depreciation", "market"}
STANCE = {
    "hedge",
    "booster",
    "risk",
    "opportunity",
    "metaphor_tiger",
    "metaphor_body",
    "metaphor_oil",
    "metaphor_warm_water",
    "metaphor_addiction",
    "metaphor_war",
    "metaphor_bubble",
    "metaphor_race",
}
# Characters that OpenCC t2s changes and that a term in Traditional script therefore never has in their other form.
SIMPLIFIED_ONLY = set("电网资华为达发电厂变压输储链证报费损债权经营净润贷银")


def found(text: str) -> list[tuple[str, str]]:
    return [(mention.entity_id, text[mention.start : mention.end]) for mention in find_mentions(text)]


# --- finding names -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("輝達與微軟簽約", [("nvidia", "輝達"), ("microsoft", "微軟")]),
        ("英伟达与微软签约", [("nvidia", "英伟达"), ("microsoft", "微软")]),
        ("NVIDIA and nvidia", [("nvidia", "NVIDIA"), ("nvidia", "nvidia")]),
        ("Ｎｖｉｄｉａ的財報", [("nvidia", "Ｎｖｉｄｉａ")]),
        ("奧特曼、奧爾特曼、薩姆·奧爾特曼", [("sam-altman", t) for t in ("奧特曼", "奧爾特曼", "薩姆·奧爾特曼")]),
        ("昇騰又寫作升騰,簡體是昇腾", [("ascend", "昇騰"), ("ascend", "升騰"), ("ascend", "昇腾")]),
        ("Google屬於Alphabet", [("google", "Google"), ("alphabet", "Alphabet")]),
        ("沒有名字的一句話", []),
        ("", []),
    ],
)
def test_names_are_found_in_both_scripts_and_any_case(text: str, expected: list[tuple[str, str]]) -> None:
    assert found(text) == expected


def test_a_mention_carries_offsets_and_the_listed_alias() -> None:
    assert find_mentions("昨天,薩提亞•納德拉說") == [Mention("satya-nadella", 3, 10, "薩提亞·納德拉")]


def test_the_alias_is_the_spelling_in_the_text_where_that_is_listed() -> None:
    mentions = find_mentions("台積電、台积电、臺積電與昇騰、Nvidia、nVIDIA")
    assert [one.alias for one in mentions] == ["台積電", "台积电", "臺積電", "昇騰", "Nvidia", "NVIDIA"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("H200不是H20", [("h200", "H200"), ("h20", "H20")]),
        ("AMDX、xAMD、2AMD、AMD2、ÉAMD", []),
        ("買AMD晶片", [("amd", "AMD")]),
        ("(AMD)/AMD-AMD.", [("amd", "AMD")] * 3),
        ("179號文與79號文", [("document-79", "79號文")]),
        ("metamorphosis", []),
        ("ＡＭＤＸ", []),
    ],
)
def test_a_latin_name_never_matches_inside_a_longer_word(text: str, expected: list[tuple[str, str]]) -> None:
    assert found(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("北京東邊很冷", [("beijing", "北京")]),
        ("京東在賣伺服器", [("jd-com", "京東")]),
        ("中國移動和中國", [("china-mobile", "中國移動"), ("china", "中國")]),
        ("瑞銀財富管理投資總監辦公室與瑞銀", [("ubs-cio", "瑞銀財富管理投資總監辦公室"), ("ubs", "瑞銀")]),
        ("船過日本海去日本", [("japan", "日本")]),
        ("他說美國優先", []),
        ("新任商務部長去商務部", [("us-commerce", "商務部")]),
        ("Vera Rubin之前是Rubin", [("rubin", "Vera Rubin"), ("rubin", "Rubin")]),
    ],
)
def test_the_longest_name_wins_and_longer_terms_shield_their_parts(text: str, expected: list[tuple[str, str]]) -> None:
    assert found(text) == expected


def test_a_term_shields_a_name_in_its_middle_and_at_its_start(monkeypatch: pytest.MonkeyPatch) -> None:
    aliases = pd.DataFrame({"entity_id": ["a", "a", "b", "c"], "alias": ["乙丙", "乙", "丙丁戊己", "丁"]})
    terms = pd.DataFrame({"term": ["甲乙丙丁", "乙丙戊", "丙丁", "子丑丁"], "gloss_en": "", "category": ""})
    monkeypatch.setattr(lexicon, "load_aliases", lambda: aliases)
    monkeypatch.setattr(lexicon, "load_dictionary", lambda: terms)
    lexicon._trie.cache_clear()
    try:
        assert found("甲乙丙丁") == []  # in the middle of a term
        assert found("子丑丁") == []  # at the end of a term that started two characters before
        assert found("乙丙戊") == []  # at the start of a term: its shorter alias is shielded too
        assert found("乙丙丁") == [("a", "乙丙")]  # a term that only overlaps shields nothing
        assert found("乙丁") == [("a", "乙"), ("c", "丁")]
        assert found("丙丁戊己") == [("b", "丙丁戊己")]  # a term inside a name shields nothing
        assert found("甲乙丙丁戊己乙") == [("b", "丙丁戊己"), ("a", "乙")]  # the name reaches beyond the term
    finally:
        lexicon._trie.cache_clear()


# --- properties ----------------------------------------------------------------------------------------------------

ALIASES = sorted(lexicon.load_aliases()["alias"])
ANY_CHARACTER = st.characters(min_codepoint=0, max_codepoint=0x10FFFF, categories=None)
MIXED = st.lists(st.one_of(st.sampled_from(ALIASES), st.text(ANY_CHARACTER, max_size=4)), max_size=12).map("".join)


@settings(max_examples=300, deadline=None)
@example("\x00輝達\ud800İ輝達")
@example("㍿①½ﬁ")
@given(MIXED)
def test_mentions_are_ordered_apart_and_reproduced_by_their_offsets(text: str) -> None:
    owner = dict(zip(lexicon.load_aliases()["alias"], lexicon.load_aliases()["entity_id"], strict=True))
    reached = 0
    for mention in find_mentions(text):
        assert reached <= mention.start < mention.end <= len(text)
        reached = mention.end
        assert fold(text[mention.start : mention.end]) == fold(mention.alias)
        assert owner[mention.alias] == mention.entity_id


@settings(deadline=None)
@given(st.text(ANY_CHARACTER), st.text(ANY_CHARACTER))
def test_folding_keeps_length_and_works_piece_by_piece(left: str, right: str) -> None:
    assert len(fold(left)) == len(left)
    assert fold(left + right) == fold(left) + fold(right)


def test_every_alias_is_found_where_it_stands_alone() -> None:
    for entity_id, alias in lexicon.load_aliases().itertuples(index=False):
        hits = [(m.entity_id, m.start, m.end) for m in find_mentions(f"。{alias}。")]
        assert hits == [(entity_id, 1, 1 + len(alias))]


@settings(deadline=None)
@given(st.text(st.characters(categories=["Lu", "Ll", "Nd"], max_codepoint=0x24F), min_size=1, max_size=3))
def test_a_latin_name_with_a_letter_or_digit_on_it_is_another_word(extra: str) -> None:
    assert all(mention.entity_id != "cambricon" for mention in find_mentions(f"{extra}Cambricon"))
    assert all(mention.entity_id != "cambricon" for mention in find_mentions(f"Cambricon{extra}"))


# --- entity records ------------------------------------------------------------------------------------------------


def test_entity_gives_the_record() -> None:
    record = entity("google")
    assert (record.name_en, record.type, record.parent_id, record.wikidata) == ("Google", "company", "alphabet", "Q95")


def test_an_unknown_id_is_named() -> None:
    with pytest.raises(KeyError, match="no-such-firm"):
        entity("no-such-firm")


# --- the lists themselves ------------------------------------------------------------------------------------------

TABLES = {
    "dictionary": (lexicon.load_dictionary, ["term", "gloss_en", "category"], []),
    "entities": (
        lexicon.load_entities,
        ["entity_id", "name_en", "name_zh", "type", "parent_id", "wikidata"],
        ["name_zh", "parent_id", "wikidata"],
    ),
    "aliases": (lexicon.load_aliases, ["entity_id", "alias"], []),
    "themes": (lexicon.load_themes, ["theme", "term"], []),
    "stance": (lexicon.load_stance, ["category", "term", "gloss_en"], []),
    "synonyms": (lexicon.load_synonyms, ["group_id", "term"], []),
}


@pytest.mark.parametrize("name", TABLES)
def test_tables_have_their_columns_no_gaps_and_no_stray_space(name: str) -> None:
    load, columns, may_be_empty = TABLES[name]
    table = load()
    assert list(table.columns) == columns
    assert not table.duplicated().any()
    for column in columns:
        values = table[column]
        assert all(isinstance(value, str) and value == value.strip() for value in values)
        if column not in may_be_empty:
            assert (values != "").all(), f"{name}.{column} has an empty cell"


def test_entity_ids_are_unique_slugs_with_known_types() -> None:
    table = lexicon.load_entities()
    assert table["entity_id"].is_unique
    assert table["entity_id"].str.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*").all()
    assert set(table["type"]) == TYPES
    assert list(table["entity_id"]) == sorted(table["entity_id"])


def test_every_parent_exists_and_no_line_of_parents_is_a_ring() -> None:
    for entity_id in lexicon.load_entities()["entity_id"]:
        line = [entity_id]
        while parent := entity(line[-1]).parent_id:
            assert parent not in line, f"{entity_id}: parents form a ring"
            line.append(parent)


def test_wikidata_ids_are_q_numbers_given_once() -> None:
    given_ids = lexicon.load_entities()["wikidata"].loc[lambda ids: ids != ""]
    assert given_ids.str.fullmatch(r"Q[1-9]\d*").all()
    assert given_ids.is_unique


def test_every_entity_has_an_alias_and_every_alias_an_entity() -> None:
    assert set(lexicon.load_aliases()["entity_id"]) == set(lexicon.load_entities()["entity_id"])


def test_an_alias_belongs_to_one_entity_in_every_script_and_case() -> None:
    owners: dict[str, str] = {}
    for entity_id, alias in lexicon.load_aliases().itertuples(index=False):
        assert owners.setdefault(fold(alias), entity_id) == entity_id, f"{alias} names two entities"
    assert lexicon.load_aliases()["alias"].is_unique


def test_the_dictionary_is_large_sorted_traditional_and_has_no_duplicates() -> None:
    table = lexicon.load_dictionary()
    assert len(table) >= 250
    assert table["term"].is_unique
    assert set(table["category"]) == DICTIONARY_CATEGORIES
    assert table["term"].str.fullmatch(r"[\u4e00-\u9fff]{2,}").all()
    assert not [term for term in table["term"] if set(term) & SIMPLIFIED_ONLY]
    assert table["gloss_en"].str.match(r"[A-Za-z0-9]").all()
    rows = list(table[["category", "term"]].itertuples(index=False, name=None))
    assert rows == sorted(rows)


def test_names_in_the_dictionary_resolve_to_the_entity_they_gloss() -> None:
    table = lexicon.load_dictionary()
    names = table[table["category"].isin(["company", "agency", "media", "place"])]
    for row in names.itertuples():
        if row.term == "日本海":  # in the dictionary to shield 日本
            continue
        (mention,) = find_mentions(str(row.term))
        assert entity(mention.entity_id).name_en == row.gloss_en


def test_theme_terms_are_dictionary_terms_fifteen_to_thirty_a_theme() -> None:
    table = lexicon.load_themes()
    assert set(table["theme"]) == THEMES
    assert table.groupby("theme").size().between(15, 30).all()
    assert set(table["term"]) <= set(lexicon.load_dictionary()["term"])
    assert table["term"].is_unique


def test_stance_categories_are_the_agreed_ones_and_a_term_has_one() -> None:
    table = lexicon.load_stance()
    assert set(table["category"]) == STANCE
    assert table["term"].is_unique
    assert table["term"].str.fullmatch(r"[\u4e00-\u9fff]{2,}").all()


def test_search_groups_join_at_least_two_terms_and_share_none() -> None:
    table = lexicon.load_synonyms()
    sizes = table.groupby("group_id").size()
    assert len(sizes) >= 60
    assert (sizes >= 2).all()
    assert table["term"].str.lower().is_unique


@pytest.mark.parametrize(
    "terms",
    [
        ("輝達", "英伟达", "英偉達", "Nvidia", "NVDA"),
        ("折舊年限", "使用壽命", "使用年限", "useful life"),
        ("資本支出", "資本開支", "capex", "capital expenditure"),
        ("電網", "电网", "grid", "power grid"),
    ],
)
def test_readers_words_for_one_thing_are_one_group(terms: tuple[str, ...]) -> None:
    table = lexicon.load_synonyms()
    assert table[table["term"].isin(terms)]["group_id"].nunique() == 1
    assert set(terms) <= set(table["term"])


def test_stopwords_are_short_traditional_function_words_outside_the_dictionary() -> None:
    words = lexicon.load_stopwords()
    assert len(words) >= 150
    assert {"的", "與", "因為"} <= words
    assert all(re.fullmatch(r"[\u4e00-\u9fff]{1,5}", word) for word in words)
    assert not words & set(lexicon.load_dictionary()["term"])


# --- against the articles ------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def article_texts() -> list[str]:
    folder = corpus_dir()
    if folder is None:
        pytest.skip("no corpus folder: set WATTBOOK_CORPUS or put the articles in ../shared/corpus")
    return [f"{article.title}\n{article.body}" for article in read_corpus(folder)]


# Right forms of words that the articles print only in another form.
VARIANTS = {"儲能系統", "大語言模型"}


@pytest.mark.corpus
def test_listed_terms_occur_in_the_articles(article_texts: list[str]) -> None:
    text = "\n".join(article_texts)
    assert {term for term in lexicon.load_dictionary()["term"] if term not in text} == VARIANTS
    assert [term for term in lexicon.load_stance()["term"] if term not in text] == []


@pytest.mark.corpus
def test_every_article_names_entities_and_the_chips_are_told_apart(article_texts: list[str]) -> None:
    for text in article_texts:
        assert len({mention.entity_id for mention in find_mentions(text)}) >= 5
    h20 = [m for text in article_texts for m in find_mentions(text) if m.entity_id == "h20"]
    assert len(h20) == len(re.findall(r"(?<![A-Za-z0-9])H20(?![A-Za-z0-9])", "\n".join(article_texts)))
