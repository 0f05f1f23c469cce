from itertools import permutations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pytest import approx
from scipy import sparse, stats

from wattbook import textstats
from wattbook.errors import InputError


def counts_of(*rows: tuple[str, str, dict[str, int]]) -> pd.DataFrame:
    return pd.DataFrame(
        [(passage, article, token, n) for passage, article, tokens in rows for token, n in tokens.items()],
        columns=["passage_id", "article_id", "token", "count"],
    )


# Sizes 4, 2, 4; in all 電 4, 煤 3, 網 3: ten tokens.
TOY = counts_of(
    ("A-1", "A", {"電": 3, "網": 1}),
    ("A-2", "A", {"電": 1, "煤": 1}),
    ("B-1", "B", {"網": 2, "煤": 2}),
)


def by_feature(table: pd.DataFrame, feature: str) -> pd.Series:
    return table.set_index("feature").loc[feature]


# Reading


def write_features(folder, counts, passages="passage_id,article_id,start,end,tokens\np2,a2,0,1,2\np1,a1,0,1,3\n"):
    (folder / "token_counts.csv").write_text(counts, encoding="utf-8")
    (folder / "passages.csv").write_text(passages, encoding="utf-8")
    return folder


def test_load_counts_keeps_the_order_of_passages_and_words_that_look_like_missing_values(tmp_path):
    folder = write_features(tmp_path, "passage_id,token,count\np1,nan,1\np1,電,2\np2,NA,2\n")
    counts = textstats.load_counts(folder)
    assert counts.index.tolist() == [0, 1, 2]
    assert counts.to_dict("list") == {
        "passage_id": ["p2", "p1", "p1"],
        "article_id": ["a2", "a1", "a1"],
        "token": ["NA", "nan", "電"],
        "count": [2, 1, 2],
    }


def test_load_counts_names_an_unknown_passage(tmp_path):
    with pytest.raises(InputError, match=r"token_counts\.csv: passage p9 is not in"):
        textstats.load_counts(write_features(tmp_path, "passage_id,token,count\np9,電,1\n"))


def test_load_counts_names_a_missing_column(tmp_path):
    with pytest.raises(InputError, match="no column count"):
        textstats.load_counts(write_features(tmp_path, "passage_id,token\np1,電\n"))


def test_load_counts_names_a_missing_file(tmp_path):
    with pytest.raises(InputError, match=r"token_counts\.csv: no such file"):
        textstats.load_counts(tmp_path)


def test_load_collocations(tmp_path):
    (tmp_path / "collocations.csv").write_text("first,second,count,articles\nnull,電,3,2\n", encoding="utf-8")
    assert textstats.load_collocations(tmp_path).to_dict("records") == [
        {"first": "null", "second": "電", "count": 3, "articles": 2}
    ]


# Matrix and frequency


def test_matrix_by_passage_and_by_article():
    matrix, docs, terms = textstats.document_term_matrix(TOY, by="passage")
    assert (docs, terms) == (["A-1", "A-2", "B-1"], ["煤", "網", "電"])  # U+7164, U+7DB2, U+96FB
    assert matrix.toarray().tolist() == [[0, 1, 3], [1, 0, 1], [2, 2, 0]]
    matrix, docs, _ = textstats.document_term_matrix(TOY)
    assert docs == ["A", "B"]
    assert matrix.toarray().tolist() == [[1, 1, 4], [2, 2, 0]]


def test_documents_come_in_the_order_of_the_table():
    assert textstats.document_term_matrix(TOY.iloc[::-1], by="passage").docs == ["B-1", "A-2", "A-1"]


@pytest.mark.parametrize(
    ("counts", "by", "said"),
    [
        (TOY, "sentence", "sentence"),
        (TOY.iloc[:0], "article", "no counts"),
        (TOY.assign(count=0), "article", "above 0"),
    ],
)
def test_matrix_refuses(counts, by, said):
    with pytest.raises(ValueError, match=said):
        textstats.document_term_matrix(counts, by)


def test_frequency_per_million():
    table = textstats.frequency_per_million(textstats.document_term_matrix(TOY))
    # 電 4 of 10 tokens = 400,000 in a million, in one article; the two with 3 share rank 2.
    assert table.to_dict("records") == [
        {"feature": "電", "frequency": 4, "per_million": approx(400_000), "docfreq": 1, "rank": 1},
        {"feature": "煤", "frequency": 3, "per_million": approx(300_000), "docfreq": 2, "rank": 2},
        {"feature": "網", "frequency": 3, "per_million": approx(300_000), "docfreq": 2, "rank": 2},
    ]


def test_term_counts_of_all_and_of_some():
    dtm = textstats.document_term_matrix(TOY, by="passage")
    assert textstats.term_counts(dtm).to_dict() == {"煤": 3, "網": 3, "電": 4}
    assert textstats.term_counts(dtm, ["A-2", "B-1"]).to_dict() == {"煤": 3, "網": 2, "電": 1}
    with pytest.raises(KeyError):
        textstats.term_counts(dtm, ["C-1"])


# Keyness

TARGET = pd.Series({"電": 6, "網": 4})  # 10 tokens
REFERENCE = pd.Series({"電": 5, "網": 15})  # 20 tokens


def test_g2_by_hand():
    # Of 30 tokens 11 are 電. Expected: target 電 10*11/30 = 3.6667, reference 電 7.3333, target 網 6.3333, reference 網
    # 12.6667. 6 ln(6/3.6667) = 2.95486; 5 ln(5/7.3333) = -1.91496; 4 ln(4/6.3333) = -1.83813;
    # 15 ln(15/12.6667) = 2.53614. Sum 1.73791, twice that 3.47582. sqrt(3.47582) = 1.86435; the normal table gives
    # 0.0311 beyond it on one side, 0.0623 on both.
    table = textstats.keyness(TARGET, REFERENCE)
    assert by_feature(table, "電")["G2"] == approx(3.47582, abs=1e-5)
    assert by_feature(table, "電")["p"] == approx(0.0623, abs=1e-4)
    # With two words the table of the other is the same one turned round, and the target has too few of it.
    assert by_feature(table, "網")["G2"] == approx(-3.47582, abs=1e-5)


def test_log_odds_with_a_given_prior_by_hand():
    # Prior 1 each, 2 in all. Target: (6+1) / (10+2-6-1) = 7/5; reference: (5+1) / (20+2-5-1) = 6/16.
    # ln(1.4) - ln(0.375) = 0.33647 + 0.98083 = 1.31730. Variance 1/7 + 1/6 = 0.30952, root 0.55635; z = 2.36776.
    table = textstats.keyness(TARGET, REFERENCE, prior=pd.Series({"電": 1.0, "網": 1.0}))
    assert by_feature(table, "電")["log_odds"] == approx(1.31730, abs=1e-5)
    assert by_feature(table, "電")["z"] == approx(2.36776, abs=1e-5)


def test_log_odds_with_the_pooled_prior_by_hand():
    # Pooled 11 and 19 of 30, scaled to the smaller text's 10 tokens: 3.6667 and 6.3333.
    # (6+3.6667) / (20-9.6667) = 0.935484; (5+3.6667) / (30-8.6667) = 0.40625; ln(0.935484/0.40625) = 0.83410.
    # Variance 1/9.6667 + 1/8.6667 = 0.21883, root 0.46780; z = 1.78303.
    table = textstats.keyness(TARGET, REFERENCE)
    assert by_feature(table, "電")["log_odds"] == approx(0.83410, abs=1e-5)
    assert by_feature(table, "電")["z"] == approx(1.78303, abs=1e-5)


def test_log_ratio_by_hand():
    # (6/10) / (5/20) = 2.4, log2 of it 1.26303.
    assert by_feature(textstats.keyness(TARGET, REFERENCE), "電")["log_ratio"] == approx(1.26303, abs=1e-5)
    # A word that the reference lacks counts as half of one there: (8/10) / (0.5/20) = 32 = 2**5.
    table = textstats.keyness(pd.Series({"電": 8, "網": 2}), pd.Series({"網": 20}))
    assert by_feature(table, "電")["log_ratio"] == approx(5)
    assert by_feature(table, "電")[["n_target", "n_reference"]].tolist() == [8, 0]


def test_keyness_sorts_by_z_and_leaves_out_words_of_neither_text():
    table = textstats.keyness(pd.Series({"電": 6, "網": 4, "核": 0}), REFERENCE)
    assert table["feature"].tolist() == ["電", "網"]


@settings(max_examples=25)
@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), min_size=2, max_size=6))
def test_swapping_the_texts_swaps_every_sign(pairs):
    target = pd.Series({str(i): a for i, (a, _) in enumerate(pairs)})
    reference = pd.Series({str(i): b for i, (_, b) in enumerate(pairs)})
    if not target.sum() or not reference.sum() or ((target + reference) > 0).sum() < 2:
        return
    there = textstats.keyness(target, reference).set_index("feature").sort_index()
    back = textstats.keyness(reference, target).set_index("feature").sort_index()
    assert there["z"].tolist() == approx((-back["z"]).tolist(), abs=1e-9)
    assert there["log_ratio"].tolist() == approx((-back["log_ratio"]).tolist(), abs=1e-9)
    assert there["p"].tolist() == approx(back["p"].tolist(), abs=1e-9)


@pytest.mark.parametrize(
    ("target", "reference", "prior", "said"),
    [
        (pd.Series({"電": 0}), REFERENCE, None, "at least one token"),
        (pd.Series({"電": 1}), pd.Series({"電": 2}), None, "two different terms"),
        (pd.Series({"電": -1, "網": 3}), REFERENCE, None, "negative"),
        (TARGET, REFERENCE, pd.Series({"電": 1.0}), "prior"),
        (TARGET, REFERENCE, pd.Series({"電": 1.0, "網": 0.0}), "prior"),
    ],
)
def test_keyness_refuses(target, reference, prior, said):
    with pytest.raises(ValueError, match=said):
        textstats.keyness(target, reference, prior)


@settings(max_examples=25)
@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), min_size=2, max_size=5))
def test_g2_and_p_are_those_of_scipy(pairs):
    target = pd.Series({str(i): a for i, (a, _) in enumerate(pairs)})
    reference = pd.Series({str(i): b for i, (_, b) in enumerate(pairs)})
    if not target.sum() or not reference.sum() or ((target + reference) > 0).sum() < 2:
        return
    for row in textstats.keyness(target, reference).itertuples():
        cells = [
            [row.n_target, row.n_reference],
            [target.sum() - row.n_target, reference.sum() - row.n_reference],
        ]
        peer = stats.chi2_contingency(cells, correction=False, lambda_="log-likelihood")
        assert abs(row.G2) == approx(peer.statistic, abs=1e-8)
        assert row.p == approx(peer.pvalue, abs=1e-6)


def test_a_prior_weighs_with_all_its_words():
    # A third word that neither text has adds 2 to the prior's size, 4 in all: 7 / (10+4-7) = 1 against
    # 6 / (20+4-6) = 1/3; ln 3 = 1.09861.
    table = textstats.keyness(TARGET, REFERENCE, prior=pd.Series({"電": 1.0, "網": 1.0, "核": 2.0}))
    assert by_feature(table, "電")["log_odds"] == approx(1.09861, abs=1e-5)


SIDES = counts_of(
    ("T1", "A", {"電": 4, "的": 4}),
    ("T2", "A", {"電": 1, "的": 7}),
    ("R1", "B", {"電": 1, "的": 7}),
    ("R2", "B", {"電": 2, "的": 5, "核": 1}),
)


def test_interval_of_the_log_ratio_by_hand():
    dtm = textstats.document_term_matrix(SIDES, by="passage")
    row, core = textstats.keyness_intervals(dtm, ["T1", "T2"], ["電", "核"]).to_dict("records")
    # 5/16 against 3/16: log2(5/3). Two passages a side: the widened interval is the whole range. Most: T1 twice, R1
    # twice, (1/2)/(1/8) = 4; least: T2 twice, R2 twice, (1/8)/(1/4) = 1/2.
    assert (row["n_target"], row["n_reference"]) == (5, 3)
    assert row["log_ratio"] == approx(0.73697, abs=1e-5)
    assert (row["low"], row["high"]) == (approx(-1), approx(2))
    # 核 is not in the target: half a word there. Half a word against 2 (R2 twice) is 1/4, against none 1.
    assert (core["log_ratio"], core["low"], core["high"]) == (approx(-1), approx(-2), approx(0))


def test_interval_of_the_log_ratio_needs_two_passages():
    dtm = textstats.document_term_matrix(SIDES, by="passage")
    (row,) = textstats.keyness_intervals(dtm, ["T1"], ["電"]).to_dict("records")
    assert row["log_ratio"] == approx(1.58496, abs=1e-5)  # 1/2 against 4/24: log2(3)
    assert pd.isna(row["low"]) and pd.isna(row["high"])
    with pytest.raises(ValueError, match="both sides"):
        textstats.keyness_intervals(dtm, dtm.docs, ["電"])
    with pytest.raises(KeyError):
        textstats.keyness_intervals(dtm, ["T9"], ["電"])


def test_intervals_are_widened_as_student_widens():
    # Five things: t(0.975, 4) = 2.7764 from the table, times sqrt(5/4) = 3.1042; below -3.1042 lies 0.00095.
    assert textstats._interval_levels(5) == (approx(0.00095, abs=1e-5), approx(0.99905, abs=1e-5))
    # Many: the plain 2.5 and 97.5 percent.
    assert textstats._interval_levels(100_000)[0] == approx(0.025, abs=1e-5)


# tf-idf and similarity


def test_tfidf_by_hand():
    weighted = textstats.tfidf(textstats.document_term_matrix(TOY))
    # 電 is in one of two articles: 4 * log10(2/1) = 1.20412; 煤 and 網 are in both: log10(1) = 0.
    assert weighted.matrix.toarray().tolist() == [[0, 0, approx(1.20412, abs=1e-5)], [0, 0, 0]]
    assert textstats.top_features(weighted).to_dict("records") == [
        {"document": "A", "feature": "電", "weight": approx(1.20412, abs=1e-5), "rank": 1}
    ]


def test_top_features_cuts_and_breaks_ties_by_code_point():
    table = textstats.top_features(textstats.document_term_matrix(TOY), n=2)
    assert table[["document", "feature", "weight", "rank"]].to_numpy().tolist() == [
        ["A", "電", 4, 1],
        ["A", "煤", 1, 2],
        ["B", "煤", 2, 1],
        ["B", "網", 2, 2],
    ]


def test_top_features_leaves_out_zeros_that_are_stored():
    stored = sparse.csr_array(([0.0, 2.0], ([0, 0], [0, 1])), shape=(1, 2))
    table = textstats.top_features(textstats.DocumentTerms(stored, ["A"], ["電", "網"]))
    assert table["feature"].tolist() == ["網"]


def test_similarity_by_hand():
    counts = counts_of(
        ("1", "x", {"電": 1, "網": 1}),
        ("2", "y", {"電": 1}),
        ("3", "z", {"煤": 1}),
    )
    table = textstats.similarity(textstats.document_term_matrix(counts))
    # Of three articles 電 is in two: log10(1.5) = 0.176091; 網 in one: log10(3) = 0.477121.
    # x = (0.176091, 0.477121), y = (0.176091, 0): cosine 0.176091 / sqrt(0.031008 + 0.227645) = 0.346241.
    assert table.loc["x", "y"] == approx(0.346241, abs=1e-6)
    assert table.loc["y", "x"] == table.loc["x", "y"]
    assert table.loc["x", "z"] == 0
    assert [table.loc[doc, doc] for doc in "xyz"] == [1, 1, 1]


def test_an_article_is_exactly_like_itself():
    # With these counts the square of the vector's length is not exactly its product with itself in floating point.
    counts = counts_of(("1", "x", {"電": 2, "網": 5}), ("2", "y", {"電": 1}), ("3", "z", {"煤": 1}))
    table = textstats.similarity(textstats.document_term_matrix(counts))
    assert [table.loc[doc, doc] for doc in "xyz"] == [1, 1, 1]


def test_an_article_without_direction_has_no_similarity():
    table = textstats.similarity(textstats.document_term_matrix(TOY))
    assert table.loc["A", "A"] == 1
    assert table["B"].isna().all()
    assert table.loc["B"].isna().all()


def test_near_duplicates_by_hand():
    table = textstats.near_duplicates(textstats.document_term_matrix(TOY, by="passage"), at_least=0.4)
    # A-1 電3 網1 and A-2 電1 煤1 share one token: 1 / (4+2-1) and 1/2. A-2 and B-1 網2 煤2 share one 煤: the same.
    # A-1 and B-1 share one 網: 1/4 of the smaller, below the bound.
    assert table.to_dict("records") == [
        {"first": "A-1", "second": "A-2", "resemblance": approx(0.2), "containment": 0.5},
        {"first": "A-2", "second": "B-1", "resemblance": approx(0.2), "containment": 0.5},
    ]


def test_a_copy_is_a_near_duplicate_with_all_its_counts():
    counts = counts_of(("1", "x", {"電": 3, "網": 2}), ("2", "y", {"電": 3, "網": 2}), ("3", "z", {"電": 1, "網": 9}))
    best, second, third = textstats.near_duplicates(
        textstats.document_term_matrix(counts, by="passage"), at_least=0
    ).to_dict("records")
    assert (best["first"], best["second"], best["resemblance"], best["containment"]) == ("1", "2", 1, 1)
    # With the third, one 電 and two 網 in common: 3 of 5 and of 10: 3 / 12.
    assert {one["resemblance"] for one in (second, third)} == {0.25}


# Collocations and co-occurrence


def test_collocations_by_hand():
    pairs = pd.DataFrame(
        [("電", "價", 5, 2), ("電", "網", 10, 3)],
        columns=["first", "second", "count", "articles"],
    )
    unigrams = pd.Series({"電": 20, "網": 40, "價": 60, "的": 880})  # 1,000 tokens
    best, other = textstats.collocations(pairs, unigrams).to_dict("records")
    assert (best["collocation"], best["count"], best["articles"]) == ("電 網", 10, 3)
    # 2*10 / (20+40) = 1/3: 14 - log2(3) = 14 - 1.58496.
    assert best["log_dice"] == approx(12.41504, abs=1e-5)
    # 10*1000 / (20*40) = 12.5 and log2(12.5) = 3.64386.
    assert best["pmi"] == approx(3.64386, abs=1e-5)
    # Expected 20*40/1000 = 0.8: (10 - 0.8) / sqrt(10) = 9.2 / 3.16228 = 2.90929.
    assert best["t_score"] == approx(2.90929, abs=1e-5)
    # 2*5 / (20+60) = 1/8: 14 - 3 = 11, so it comes second.
    assert (other["collocation"], other["log_dice"]) == ("電 價", approx(11))


@pytest.mark.parametrize(
    ("count", "unigrams", "said"),
    [
        (2, {"電": 5}, "no count for 網"),
        (6, {"電": 5, "網": 9}, "no more often"),
        (0, {"電": 5, "網": 9}, "at least once"),
    ],
)
def test_collocations_refuse(count, unigrams, said):
    pairs = pd.DataFrame([("電", "網", count, 1)], columns=["first", "second", "count", "articles"])
    with pytest.raises(ValueError, match=said):
        textstats.collocations(pairs, pd.Series(unigrams))


def test_cooccurrence_by_passage_by_hand():
    graph = textstats.cooccurrence(TOY, ["電", "網", "煤", "鈾"])
    # Each of the three is in two passages and meets each other one in one: 14 + log2(2*1 / (2+2)) = 13.
    assert dict(graph.nodes(data="docfreq")) == {"電": 2, "網": 2, "煤": 2, "鈾": 0}
    assert {frozenset(edge) for edge in graph.edges} == {frozenset("電網"), frozenset("電煤"), frozenset("網煤")}
    assert all(data == {"weight": 1, "log_dice": approx(13)} for _, _, data in graph.edges(data=True))


def test_cooccurrence_by_article_by_hand():
    graph = textstats.cooccurrence(TOY, ["電", "網", "煤"], window="article")
    # 網 and 煤 are in both articles: 14 + log2(2*2 / 4) = 14. 電 is in one: 14 + log2(2*1 / 3) = 13.41504.
    assert graph.edges["網", "煤"] == {"weight": 2, "log_dice": approx(14)}
    assert graph.edges["電", "網"] == {"weight": 1, "log_dice": approx(13.41504, abs=1e-5)}


def test_cooccurrence_of_unknown_terms_is_a_graph_without_edges():
    graph = textstats.cooccurrence(TOY, ["鈾", "鈽"])
    assert (graph.number_of_nodes(), graph.number_of_edges()) == (2, 0)


def test_cooccurrence_refuses_a_repeated_term():
    with pytest.raises(ValueError, match="twice"):
        textstats.cooccurrence(TOY, ["電", "電"])


# Dispersion


def test_dispersion_by_hand():
    row = by_feature(textstats.dispersion(textstats.document_term_matrix(TOY, by="passage")), "電")
    # s = .4 .2 .4 and v = 3/4 1/4 0: (.35 + .05 + .40) / 2 = .4; the smallest part is .2: .4 / .8 = .5.
    assert row["DP"] == approx(0.4)
    assert row["DPnorm"] == approx(0.5)
    # p = 3/4 1/2 0, mean 5/12; squared deviations 16/144 + 1/144 + 25/144 = 42/144, a third of it 0.097222,
    # root 0.311805; over the mean 0.748331; over sqrt(2) 0.529150; 1 less that 0.470850.
    assert row["D"] == approx(0.470850, abs=1e-6)
    assert (row["frequency"], row["docfreq"]) == (4, 2)


def test_dispersion_over_five_parts_of_unequal_size():
    # Parts of 9, 10, 10, 10, 11 tokens with 1, 2, 3, 4, 5 of the word.
    # s = .18 .20 .20 .20 .22; v = 1/15 … 5/15: .11333 + .06667 + 0 + .06667 + .11333 = .36, half .18; / .82 = .21951.
    # p = .11111 .2 .3 .4 .45455, mean .29313; mean squared deviation .015865, root .125958; / mean .42970; / 2 .21485.
    parts = zip("abcde", (9, 10, 10, 10, 11), range(1, 6), strict=True)
    counts = counts_of(*((p, "A", {"電": n, "的": size - n}) for p, size, n in parts))
    row = by_feature(textstats.dispersion(textstats.document_term_matrix(counts, by="passage")), "電")
    assert row["DP"] == approx(0.18)
    assert row["DPnorm"] == approx(0.21951, abs=1e-5)
    assert row["D"] == approx(0.78515, abs=1e-5)


def test_dispersion_at_both_ends():
    counts = counts_of(("1", "A", {"電": 1, "網": 2, "的": 1}), ("2", "A", {"電": 1, "的": 3}))
    table = textstats.dispersion(textstats.document_term_matrix(counts, by="passage"))
    # Half of two equal parts each: even. All in one of two equal parts: (.5 + .5) / 2 = .5, / (1 - .5) = 1.
    assert by_feature(table, "電")[["DP", "DPnorm", "D"]].tolist() == approx([0, 0, 1])
    assert by_feature(table, "網")[["DP", "DPnorm", "D"]].tolist() == approx([0.5, 1, 0])


def test_dispersion_by_chance_by_hand():
    counts = counts_of(("1", "A", {"電": 10}), ("2", "A", {"電": 10}))
    table = textstats.dispersion_by_chance(textstats.document_term_matrix(counts, by="passage"), [1, 2, 100_000])
    # One occurrence is in one of two equal parts: DPnorm 1. Two are in one part (1) or one in each (0). Many are even.
    assert table.iloc[0].tolist() == [1, 1, 1, 1]
    assert table.loc[1, ["low", "high"]].tolist() == [0, 1]
    assert table.loc[2, "high"] < 0.02


def test_dispersion_by_chance_refuses():
    dtm = textstats.document_term_matrix(TOY)
    with pytest.raises(ValueError, match="at least 1"):
        textstats.dispersion_by_chance(dtm, [0])
    with pytest.raises(ValueError, match="two parts"):
        textstats.dispersion_by_chance(textstats.document_term_matrix(TOY[TOY["article_id"] == "A"]), [1])


def test_dispersion_needs_two_parts():
    with pytest.raises(ValueError, match="two parts"):
        textstats.dispersion(textstats.document_term_matrix(TOY[TOY["article_id"] == "A"]))


# Growth and density


def test_heaps_by_hand():
    # 4 tokens, 電 and 網 new; A-2: 2 more, 煤 new; B-1: 4 more, nothing new.
    assert textstats.heaps(TOY).to_numpy().tolist() == [["A-1", 4, 2], ["A-2", 6, 3], ["B-1", 10, 3]]


def test_fit_heaps_finds_the_law_that_made_the_curve():
    # types = 2 * tokens ** 0.5: 4 -> 4, 16 -> 8, 100 -> 20.
    assert textstats.fit_heaps(pd.DataFrame({"tokens": [4, 16, 100], "types": [4, 8, 20]})) == approx((2, 0.5))
    with pytest.raises(ValueError, match="two"):
        textstats.fit_heaps(pd.DataFrame({"tokens": [4], "types": [4]}))


def test_every_order_of_the_passages_is_followed_to_the_same_end():
    drawn = textstats.heaps_orders(TOY, orders=60)
    curves = {tuple(zip(one["tokens"], one["types"], strict=True)) for _, one in drawn.groupby("order")}
    passages = [rows for _, rows in TOY.groupby("passage_id")]
    by_hand = {
        tuple(textstats.heaps(pd.concat(order))[["tokens", "types"]].itertuples(index=False, name=None))
        for order in permutations(passages)
    }
    # 電 and 網 first: 4 tokens and 2 types, and so on for the six orders, of which some look alike.
    assert ((4, 2), (6, 3), (10, 3)) in by_hand
    assert curves == by_hand


def test_whole_articles_can_be_shuffled():
    drawn = textstats.heaps_orders(TOY, by="article", orders=20)
    assert set(drawn.groupby("order")["tokens"].first()) == {6, 4}
    assert drawn.equals(textstats.heaps_orders(TOY, by="article", orders=20))


def test_expected_types_by_hand():
    # A has 電 4, 網 1, 煤 1. Two of six tokens miss 電 in C(2,2) = 1 of C(6,2) = 15 draws, 網 and 煤 in C(5,2) = 10:
    # (14 + 5 + 5) / 15 = 1.6. Of B's 網 2, 煤 2 two tokens miss each in 1 of 6 draws: 10 / 6.
    dtm = textstats.document_term_matrix(TOY)
    assert textstats.expected_types(dtm, 2).to_dict() == approx({"A": 1.6, "B": 5 / 3})
    assert textstats.expected_types(dtm, 1).to_dict() == approx({"A": 1, "B": 1})
    whole = textstats.expected_types(dtm, 6)
    assert whole["A"] == approx(3)
    assert pd.isna(whole["B"])
    with pytest.raises(ValueError, match="at least one"):
        textstats.expected_types(dtm, 0)


def test_lexical_density_by_hand():
    # Without 網: A has 5 of 6 tokens left, B 2 of 4. Types: A 3 of 6 tokens, B 2 of 4. Four of A's six tokens always
    # have 電 and miss 網 and 煤 in C(5,4) = 5 of C(6,4) = 15 draws each: 1 + 2/3 + 2/3.
    assert textstats.lexical_density(TOY, {"網"}).to_dict("records") == [
        {
            "document": "A",
            "tokens": 6,
            "types": 3,
            "TTR": 0.5,
            "expected_types": approx(7 / 3),
            "lexical_density": approx(5 / 6),
        },
        {
            "document": "B",
            "tokens": 4,
            "types": 2,
            "TTR": 0.5,
            "expected_types": approx(2),
            "lexical_density": approx(0.5),
        },
    ]


# Categories

LEXICON = pd.DataFrame({"category": ["energy", "energy", "grid", "grid"], "term": ["電", "煤", "網", "鈾"]})


def test_category_rates_by_hand():
    table = textstats.category_rates(TOY, LEXICON).set_index(["document", "category"])
    # A: 電 4 + 煤 1 = 5 of 6 tokens. Its passages have 3 of 4 and 2 of 2; two drawn with replacement give
    # 6/8 = 750 (chance 1/4), 5/6 (1/2) or 4/4 = 1000 (1/4): the middle 95% reach from 750 to 1000.
    energy = table.loc[("A", "energy")]
    assert (energy["count"], energy["tokens"], energy["rate"]) == (5, 6, approx(833.3333, abs=1e-3))
    assert (energy["low"], energy["high"]) == (approx(750), approx(1000))
    # 網: 1 of 4 and 0 of 2; drawn 2/8 = 250, 1/6, or 0.
    grid = table.loc[("A", "grid")]
    assert (grid["rate"], grid["low"], grid["high"]) == (approx(166.6667, abs=1e-3), 0, approx(250))
    # B is one passage: 2 of 4 in each category, and nothing to draw from.
    assert table.loc["B"]["rate"].tolist() == [500, 500]
    assert table.loc["B"][["low", "high"]].isna().all(axis=None)


def test_category_rates_of_the_whole_corpus():
    table = textstats.category_rates(TOY, LEXICON, by="corpus")
    assert table[["document", "category", "count", "tokens", "rate"]].to_numpy().tolist() == [
        ["corpus", "energy", 7, 10, 700],
        ["corpus", "grid", 3, 10, 300],
    ]
    assert (table["low"] < table["rate"]).all() and (table["rate"] < table["high"]).all()


def test_what_was_never_counted_is_bounded_by_the_rule_of_three():
    counts = counts_of(*((str(i), "A", {"的": 10}) for i in range(6)))
    (row,) = textstats.category_rates(counts, LEXICON.iloc[:1]).to_dict("records")
    # 0 of 60 tokens: up to 3 in 60, 50 in a thousand.
    assert (row["rate"], row["low"], row["high"]) == (0, 0, 50)


def test_rates_of_other_things_than_words():
    hits = pd.DataFrame({"number": [3.0, 1.0], "name": [0.0, 2.0]}, index=["p1", "p2"])
    table = textstats.passage_rates(hits, pd.Series({"p2": 10, "p1": 30}), pd.Series({"p1": "A", "p2": "A"}))
    # 4 numbers in 40 words, from 2*1/20 (p2 twice) and 3/30 alike: 100; names 2 in 40, from none to 200.
    assert table[["category", "count", "rate", "low", "high"]].to_numpy().tolist() == [
        ["number", 4, 100, 100, 100],
        ["name", 2, 50, 0, 200],
    ]


def test_passages_that_agree_leave_no_interval():
    counts = counts_of(*((str(i), "A", {"電": 1, "的": 3}) for i in range(5)))
    (row,) = textstats.category_rates(counts, LEXICON.iloc[:1], seed=7).to_dict("records")
    assert (row["low"], row["rate"], row["high"]) == (250, 250, 250)


def test_the_seed_fixes_the_interval():
    counts = counts_of(*((str(i), "A", {"電": i, "的": 50 - 3 * i}) for i in range(1, 12)))
    first, again, other = (
        textstats.category_rates(counts, LEXICON.iloc[:1], resamples=200, seed=seed) for seed in (1, 1, 2)
    )
    assert first.equals(again)
    assert not first.equals(other)


@pytest.mark.parametrize(
    ("lexicon", "by", "said"),
    [
        (LEXICON.iloc[:0], "article", "empty"),
        (pd.concat([LEXICON, LEXICON.iloc[:1]]), "article", "twice"),
        (LEXICON, "topic", "topic"),
    ],
)
def test_category_rates_refuse(lexicon, by, said):
    with pytest.raises(ValueError, match=said):
        textstats.category_rates(TOY, lexicon, by)
