"""Text statistics from counts alone: frequency, keyness, tf-idf, collocations, dispersion, co-occurrence, growth.

Everything starts from how often each token occurs in each passage (data/features/token_counts.csv), so it can be
computed without the articles' texts.  Columns are named as quanteda names them where it has the same statistic
(`feature`, `frequency`, `docfreq`, `n_target`, `n_reference`, `G2`, `collocation`).
"""

from collections.abc import Collection, Iterable, Sequence
from itertools import combinations
from pathlib import Path
from typing import Literal, NamedTuple, TypeAlias

import networkx as nx
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse, special

from wattbook.errors import InputError
from wattbook.paths import DATA

Unit: TypeAlias = Literal["article", "passage"]
_ID = {"article": "article_id", "passage": "passage_id"}


class DocumentTerms(NamedTuple):
    """A document-term matrix: row i belongs to ``docs[i]``, column j to ``terms[j]``."""

    matrix: sparse.csr_array
    docs: list[str]
    terms: list[str]


def _read(path: Path, columns: Collection[str]) -> pd.DataFrame:
    if not path.is_file():
        raise InputError(str(path), "no such file; `wattbook ingest` writes it")
    # Tokens such as "nan" or "null" are words here, not missing values.
    text = dict.fromkeys(("passage_id", "article_id", "token", "first", "second"), str)
    table = pd.read_csv(path, keep_default_na=False, dtype=text)
    missing = [column for column in columns if column not in table.columns]
    if missing:
        raise InputError(str(path), f"no column {', '.join(missing)}")
    return table


def load_counts(features: Path | None = None) -> pd.DataFrame:
    """Read the token counts of every passage.

    Takes the folder of the feature files (the project's own without it).  Gives a table passage_id, article_id, token,
    count, in the order of passages.csv.  Raises InputError where a file or column is missing or a passage is
    unknown.
    """
    folder = features or DATA / "features"
    counts = _read(folder / "token_counts.csv", ("passage_id", "token", "count"))
    passages = _read(folder / "passages.csv", ("passage_id", "article_id"))
    merged = passages[["passage_id", "article_id"]].merge(counts, on="passage_id", how="right")
    unknown = merged.loc[merged["article_id"].isna(), "passage_id"]
    if len(unknown):
        raise InputError(str(folder / "token_counts.csv"), f"passage {unknown.iloc[0]} is not in passages.csv")
    order = pd.Series(range(len(passages)), index=passages["passage_id"])
    merged = merged.sort_values("passage_id", key=lambda ids: ids.map(order), kind="stable", ignore_index=True)
    return merged[["passage_id", "article_id", "token", "count"]]


def load_collocations(features: Path | None = None) -> pd.DataFrame:
    """Read the counts of two-word sequences: first, second, count, articles.  Folder and errors as `load_counts`."""
    folder = features or DATA / "features"
    return _read(folder / "collocations.csv", ("first", "second", "count", "articles"))


def document_term_matrix(counts: pd.DataFrame, by: Unit = "article") -> DocumentTerms:
    """Arrange counts as a matrix.

    Takes a table as `load_counts` gives it, and what a document is to be.  Gives the sparse matrix of counts, the
    documents in the order in which they come, and the terms sorted by code point.
    Raises ValueError for an empty table, a count that is not above 0, or another unit.
    """
    if by not in _ID:
        raise ValueError(f"by must be 'article' or 'passage', not {by!r}")
    if counts.empty:
        raise ValueError("there are no counts")
    if (counts["count"] <= 0).any():
        raise ValueError("every count must be above 0")
    rows, docs = pd.factorize(counts[_ID[by]])
    columns, terms = pd.factorize(counts["token"], sort=True)
    # Building from coordinates adds up a token's counts over the passages of one article.
    matrix = sparse.coo_array((counts["count"].to_numpy(), (rows, columns)), shape=(len(docs), len(terms)))
    return DocumentTerms(matrix.tocsr(), list(docs), list(terms))


def _column_sums(matrix: sparse.csr_array) -> NDArray[np.float64]:
    return np.asarray(matrix.sum(axis=0), dtype=np.float64).ravel()


def _row_sums(matrix: sparse.csr_array) -> NDArray[np.float64]:
    return np.asarray(matrix.sum(axis=1), dtype=np.float64).ravel()


def term_counts(dtm: DocumentTerms, docs: Iterable[str] | None = None) -> pd.Series:
    """Add up the counts of each term over some documents, or all: a Series by term, what `keyness` compares.

    Raises KeyError for a document that is not in the matrix.
    """
    at = {doc: row for row, doc in enumerate(dtm.docs)}
    rows = list(at.values()) if docs is None else [at[doc] for doc in docs]
    return pd.Series(_column_sums(dtm.matrix[rows]), index=pd.Index(dtm.terms, name="feature"), name="frequency")


def frequency_per_million(dtm: DocumentTerms) -> pd.DataFrame:
    """Tell how often each term occurs.

    Gives feature, frequency (times in all), per_million (times per million tokens of all documents), docfreq (documents
    that have it) and rank (1 for the most frequent, ties sharing the better rank), most frequent first.
    """
    frequency = _column_sums(dtm.matrix)
    table = pd.DataFrame(
        {
            "feature": dtm.terms,
            "frequency": frequency.astype(int),
            "per_million": frequency / frequency.sum() * 1e6,
            "docfreq": _column_sums(dtm.matrix > 0).astype(int),
        }
    )
    table["rank"] = table["frequency"].rank(method="min", ascending=False).astype(int)
    return table.sort_values(["frequency", "feature"], ascending=[False, True], ignore_index=True)


def _x_log_ratio(x: NDArray[np.float64], expected: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give x * ln(x / expected), 0 where x is 0: its limit."""
    return x * np.log(np.where(x > 0, x, 1.0) / np.where(x > 0, expected, 1.0))


def keyness(target: pd.Series, reference: pd.Series, prior: pd.Series | None = None) -> pd.DataFrame:
    """Compare how often terms occur in two texts.

    Takes two Series of counts by term (a term missing in one counts 0 there) and a prior: a Series of pseudo-counts
    above 0 for every term (terms that neither text has count for its size).  Without one, the prior is the two texts
    pooled, scaled down to as many tokens as the smaller has, so that it weighs as much as that text and swapping the
    texts only swaps signs.

    Gives feature, n_target, n_reference and

    - z: the log-odds ratio under an informative Dirichlet prior over its standard deviation (Monroe, Colaresi and
      Quinn 2008, equations 16, 20 and 22; `monroe2008`), and log_odds, that ratio itself (natural logarithm);
    - G2: the log-likelihood ratio of the two-by-two table (Dunning 1993, `dunning1993`), below 0 where the target has
      less than expected, and p, its probability under chi-square with one degree of freedom;
    - log_ratio: the binary logarithm of the ratio of relative frequencies, a count of 0 taken as 0.5 (Hardie 2014,
      `hardie2014`).

    Rows run from the highest z to the lowest.  Raises ValueError for an empty text, fewer than two terms, a
    negative count, or a prior that lacks a term or is not above 0.
    """
    table = pd.DataFrame({"n_target": target, "n_reference": reference}).fillna(0.0)
    table = table[(table != 0).any(axis=1)]
    if (table < 0).any(axis=None):
        raise ValueError("counts must not be negative")
    y1, y2 = table["n_target"].to_numpy(np.float64), table["n_reference"].to_numpy(np.float64)
    n1, n2 = y1.sum(), y2.sum()
    if not n1 or not n2:
        raise ValueError("both texts must have at least one token")
    if len(table) < 2:
        raise ValueError("odds need at least two different terms")
    if prior is None:
        alpha = (y1 + y2) * min(n1, n2) / (n1 + n2)
        a0 = alpha.sum()
    else:
        alpha = prior.reindex(table.index).to_numpy(np.float64)
        a0 = float(prior.sum())
        if not (alpha > 0).all() or (prior < 0).any():
            raise ValueError("the prior must be above 0 for every term")
    log_odds = np.log((y1 + alpha) / (n1 + a0 - y1 - alpha)) - np.log((y2 + alpha) / (n2 + a0 - y2 - alpha))
    deviation = np.sqrt(1 / (y1 + alpha) + 1 / (y2 + alpha))

    n = n1 + n2
    with_term, without = y1 + y2, n - y1 - y2
    cells = ((y1, n1, with_term), (y2, n2, with_term), (n1 - y1, n1, without), (n2 - y2, n2, without))
    # Rounding can leave a hair below 0 where both texts agree.
    g2 = np.maximum(2 * sum(_x_log_ratio(x, size * margin / n) for x, size, margin in cells), 0.0)

    table["z"] = log_odds / deviation
    table["log_odds"] = log_odds
    table["G2"] = np.where(y1 * n >= n1 * with_term, g2, -g2)
    table["p"] = special.chdtrc(1, g2)
    table["log_ratio"] = np.log2(np.where(y1 > 0, y1, 0.5) / n1) - np.log2(np.where(y2 > 0, y2, 0.5) / n2)
    table[["n_target", "n_reference"]] = table[["n_target", "n_reference"]].astype(int)
    table = table.rename_axis("feature").reset_index()
    return table.sort_values(["z", "feature"], ascending=[False, True], ignore_index=True)


def _interval_levels(n: int) -> tuple[float, float]:
    """Give the two levels of an expanded percentile interval of 95% for a bootstrap over n drawn things.

    A plain percentile interval is too narrow where n is small; Hesterberg 2015 (`hesterberg2015`) widens
    it as Student's t widens a normal one: to the levels +-sqrt(n / (n - 1)) t(0.975, n - 1) on the normal scale.
    """
    level = float(special.ndtr(-np.sqrt(n / (n - 1)) * special.stdtrit(n - 1, 0.975)))
    return level, 1 - level


def keyness_intervals(
    dtm: DocumentTerms, target: Iterable[str], features: Sequence[str], *, resamples: int = 2000, seed: int = 0
) -> pd.DataFrame:
    """Tell how far the log ratio of terms depends on which passages were counted.

    Takes a matrix by passage, the passages of the target (all others are the reference) and the terms.  The words of a
    passage come together, so a test that takes each word for a draw of its own is far too sure (Lijffijt and others
    2016, `lijffijt2016`): here whole passages are drawn with replacement, those of each side by themselves, from a
    generator seeded with ``seed``; the interval is an expanded percentile one (`hesterberg2015`).

    Gives feature, n_target, n_reference, log_ratio (as `keyness`, a count of 0 taken as 0.5), low and high, in the
    order asked for.  A side of one passage has no spread: the interval is missing.  Raises KeyError for an unknown
    passage or term and ValueError for an empty side.
    """
    at = {doc: row for row, doc in enumerate(dtm.docs)}
    column = {term: j for j, term in enumerate(dtm.terms)}
    chosen = {at[doc] for doc in target}
    sides = [sorted(chosen), [row for row in at.values() if row not in chosen]]
    if not all(sides):
        raise ValueError("both sides must have at least one passage")
    counts = dtm.matrix[:, [column[term] for term in features]].toarray().astype(np.float64)
    sizes = _row_sums(dtm.matrix)
    generator = np.random.default_rng(seed)
    observed: list[NDArray[np.float64]] = []
    drawn: list[NDArray[np.float64]] = []
    for rows in sides:
        weights = generator.multinomial(len(rows), np.full(len(rows), 1 / len(rows)), size=resamples)
        for ones, into in ((np.ones((1, len(rows))), observed), (weights, drawn)):
            hits, tokens = ones @ counts[rows], (ones @ sizes[rows])[:, None]
            into.append(np.log2(np.where(hits > 0, hits, 0.5) / tokens))
    low = high = np.full(len(features), np.nan)
    smaller = min(map(len, sides))
    if smaller > 1:
        low, high = np.quantile(drawn[0] - drawn[1], _interval_levels(smaller), axis=0)
    return pd.DataFrame(
        {
            "feature": list(features),
            "n_target": counts[sides[0]].sum(axis=0).astype(int),
            "n_reference": counts[sides[1]].sum(axis=0).astype(int),
            "log_ratio": (observed[0] - observed[1])[0],
            "low": low,
            "high": high,
        }
    )


def tfidf(dtm: DocumentTerms) -> DocumentTerms:
    """Weight counts by how few documents have the term.

    Gives the matrix of count * log10(documents / documents with the term) (Salton and Buckley 1988, `salton1988`; the
    default of quanteda's dfm_tfidf): a term that every document has weighs 0.
    """
    idf = np.log10(len(dtm.docs) / _column_sums(dtm.matrix > 0))
    return DocumentTerms((dtm.matrix @ sparse.diags_array(idf)).tocsr(), dtm.docs, dtm.terms)


def top_features(dtm: DocumentTerms, n: int = 10) -> pd.DataFrame:
    """Give the n heaviest terms of each document: document, feature, weight, rank; ties by code point, no zeros."""
    entries = dtm.matrix.tocoo()
    table = pd.DataFrame({"row": entries.row, "feature": entries.col, "weight": entries.data.astype(np.float64)})
    table = table[table["weight"] > 0].sort_values(["row", "weight", "feature"], ascending=[True, False, True])
    table["rank"] = table.groupby("row").cumcount() + 1
    table = table[table["rank"] <= n].reset_index(drop=True)
    table.insert(0, "document", [dtm.docs[row] for row in table.pop("row")])
    table["feature"] = [dtm.terms[column] for column in table["feature"]]
    return table


def collocations(pairs: pd.DataFrame, unigrams: pd.Series) -> pd.DataFrame:
    """Measure how strongly the words of two-word sequences attract each other.

    Takes a table first, second, count, articles and a Series with the count of every token (`term_counts`).  With f(x),
    f(y) and f(xy) the counts of the words and of the pair and N the number of tokens, gives the table's columns,
    collocation (both words, a space between), and

    - log_dice = 14 + log2(2 f(xy) / (f(x) + f(y))), at most 14 (Rychlý 2008, `rychly2008`);
    - pmi = log2(f(xy) N / (f(x) f(y))) (Church and Hanks 1990, `church1990`);
    - t_score = (f(xy) - f(x) f(y) / N) / sqrt(f(xy)) (Church, Gale, Hanks and Hindle 1991, `church1991`);

    highest log_dice first.  ``collocations.csv`` has only pairs seen at least twice, next to each other with no mark
    between, a repeated sentence once.  So nothing is known of a pair that is not there; a pair that made the list by
    chance is overrated, most of all by pmi, which two sightings of two rare words can drive to its top; and f(x) counts
    places that f(xy) leaves out, which rates every pair a little low.

    Raises ValueError for a word without a count, or a pair counted more often than either of its words.
    """
    missing = (set(pairs["first"]) | set(pairs["second"])) - set(unigrams.index)
    if missing:
        raise ValueError(f"no count for {min(missing)}")
    fx = unigrams.loc[pairs["first"]].to_numpy(np.float64)
    fy = unigrams.loc[pairs["second"]].to_numpy(np.float64)
    fxy = pairs["count"].to_numpy(np.float64)
    if (fxy <= 0).any() or (fxy > np.minimum(fx, fy)).any():
        raise ValueError("a pair must occur at least once, and no more often than either of its words")
    n = float(unigrams.sum())
    table = pairs.copy()
    table.insert(0, "collocation", pairs["first"] + " " + pairs["second"])
    table["log_dice"] = 14 + np.log2(2 * fxy / (fx + fy))
    table["pmi"] = np.log2(fxy * n / (fx * fy))
    table["t_score"] = (fxy - fx * fy / n) / np.sqrt(fxy)
    return table.sort_values(["log_dice", "collocation"], ascending=[False, True], ignore_index=True)


def cooccurrence(counts: pd.DataFrame, terms: Sequence[str], window: Unit = "passage") -> "nx.Graph[str]":
    """Link terms that occur in the same window.

    Takes a table as `load_counts` gives it, the terms, and what counts as together.  Gives a graph with a node per
    term (attribute ``docfreq``: windows that have it) and an edge per pair seen together (``weight``: windows that have
    both; ``log_dice`` = 14 + log2(2 weight / (docfreq + docfreq)), `rychly2008`).  A term that never occurs is a node
    without edges.  Raises ValueError for repeated terms, and as `document_term_matrix`.
    """
    if len(set(terms)) < len(terms):
        raise ValueError("a term is named twice")
    dtm = document_term_matrix(counts, by=window)
    at = {term: column for column, term in enumerate(dtm.terms)}
    present = [term for term in terms if term in at]
    seen = (dtm.matrix[:, [at[term] for term in present]] > 0).astype(np.int64)
    together = (seen.T @ seen).toarray()
    graph: nx.Graph[str] = nx.Graph()
    graph.add_nodes_from(terms, docfreq=0)
    for i, term in enumerate(present):
        graph.nodes[term]["docfreq"] = int(together[i, i])
    for i, j in combinations(range(len(present)), 2):
        if together[i, j]:
            dice = 14 + float(np.log2(2 * together[i, j] / (together[i, i] + together[j, j])))
            graph.add_edge(present[i], present[j], weight=int(together[i, j]), log_dice=dice)
    return graph


def dispersion(dtm: DocumentTerms) -> pd.DataFrame:
    """Tell how evenly each term is spread over the documents (the parts).

    With s the share of each part in all tokens, v the share of each part in the term's occurrences, and p the
    term's relative frequency in each of n parts, gives feature, frequency, docfreq (parts that have it) and

    - DP = sum |v - s| / 2: 0 for a term spread exactly as the tokens are (Gries 2008, `gries2008`);
    - DPnorm = DP / (1 - min s), from 0 to 1 (Lijffijt and Gries 2012, `lijffijt2012`);
    - D = 1 - sd(p) / mean(p) / sqrt(n - 1), with the population's standard deviation: 1 for an even spread, 0 for a
      term in one part only (Juilland and Chang-Rodríguez 1964, `juilland1964`; relative frequencies because the parts
      differ in size, as in `gries2008`).

    Most frequent first.  Raises ValueError for fewer than two parts.
    """
    parts = len(dtm.docs)
    if parts < 2:
        raise ValueError("dispersion needs at least two parts")
    frequency = _column_sums(dtm.matrix)
    sizes = _row_sums(dtm.matrix)
    s = sizes / sizes.sum()
    entries = dtm.matrix.tocoo()
    v = entries.data / frequency[entries.col]
    # A part without the term adds its share s, and all shares add up to 1: only parts that have it need a correction.
    correction = np.bincount(entries.col, np.abs(v - s[entries.row]) - s[entries.row], minlength=len(dtm.terms))
    dp = np.clip((1 + correction) / 2, 0.0, 1.0)
    p = entries.data / sizes[entries.row]
    mean = np.bincount(entries.col, p, minlength=len(dtm.terms)) / parts
    # As above: the squared deviations of the parts without the term are mean**2 each.
    squares = np.bincount(entries.col, (p - mean[entries.col]) ** 2 - mean[entries.col] ** 2, minlength=len(dtm.terms))
    deviation = np.sqrt(np.maximum(squares / parts + mean**2, 0.0))
    table = pd.DataFrame(
        {
            "feature": dtm.terms,
            "frequency": frequency.astype(int),
            "docfreq": _column_sums(dtm.matrix > 0).astype(int),
            "DP": dp,
            "DPnorm": dp / (1 - s.min()),
            "D": 1 - deviation / mean / np.sqrt(parts - 1),
        }
    )
    return table.sort_values(["frequency", "feature"], ascending=[False, True], ignore_index=True)


def dispersion_by_chance(
    dtm: DocumentTerms, frequencies: Iterable[int], *, resamples: int = 2000, seed: int = 0
) -> pd.DataFrame:
    """Tell what DPnorm words of these frequencies would have if each occurrence fell into a part by its size alone.

    A rare word cannot be in every part, so its DP is high without any clustering: this is what to compare it with.
    Gives frequency, low, median, high: the middle 95% of ``resamples`` multinomial draws, from a generator seeded with
    ``seed``.  Raises ValueError for fewer than two parts or a frequency below 1.
    """
    if len(dtm.docs) < 2:
        raise ValueError("dispersion needs at least two parts")
    sizes = _row_sums(dtm.matrix)
    s = sizes / sizes.sum()
    generator = np.random.default_rng(seed)
    rows = []
    for frequency in frequencies:
        if frequency < 1:
            raise ValueError("a frequency must be at least 1")
        v = generator.multinomial(frequency, s, size=resamples) / frequency
        norm = np.abs(v - s).sum(axis=1) / 2 / (1 - s.min())
        rows.append((frequency, *np.quantile(norm, [0.025, 0.5, 0.975])))
    return pd.DataFrame(rows, columns=["frequency", "low", "median", "high"])


def similarity(dtm: DocumentTerms) -> pd.DataFrame:
    """Give the cosine of every two documents' tf-idf vectors: a square table, 1 on its diagonal.

    A document all of whose terms are in every document has no direction; its row and column are missing values.
    """
    weights = tfidf(dtm).matrix
    product = (weights @ weights.T).toarray()
    length = np.sqrt(product.diagonal())
    length[length == 0] = np.nan
    cosine = product / np.outer(length, length)
    np.fill_diagonal(cosine, np.where(np.isnan(length), np.nan, 1.0))
    return pd.DataFrame(cosine, index=dtm.docs, columns=dtm.docs)


def near_duplicates(dtm: DocumentTerms, at_least: float = 0.5) -> pd.DataFrame:
    """Find documents that are made of the same words.

    With min the tokens that two documents share, counted as often as both have them, gives for each pair first, second
    (in the order of the matrix), resemblance = min / (size + size - min) and containment = min / the smaller size
    (Broder 1997, `broder1997`, on words with their counts in the place of runs of words, since order is not kept).
    Only pairs with a containment of ``at_least``, highest first.
    """
    most = int(dtm.matrix.max())
    # min(a, b) is the number of k from 1 up that neither a nor b is below.
    levels = ((dtm.matrix >= k).astype(np.int64) for k in range(1, most + 1))
    shared = sum((level @ level.T for level in levels), sparse.csr_array((len(dtm.docs),) * 2, dtype=np.int64))
    pairs = sparse.triu(shared, k=1).tocoo()
    sizes = _row_sums(dtm.matrix)
    a, b = sizes[pairs.row], sizes[pairs.col]
    table = pd.DataFrame(
        {
            "first": [dtm.docs[i] for i in pairs.row],
            "second": [dtm.docs[j] for j in pairs.col],
            "resemblance": pairs.data / (a + b - pairs.data),
            "containment": pairs.data / np.minimum(a, b),
        }
    )
    table = table[table["containment"] >= at_least]
    return table.sort_values(["containment", "first", "second"], ascending=[False, True, True], ignore_index=True)


def heaps(counts: pd.DataFrame) -> pd.DataFrame:
    """Follow the growth of the vocabulary, passage by passage in their order (Heaps 1978, `heaps1978`).

    Gives passage_id, tokens (read so far) and types (different ones among them).
    """
    first_seen = counts.drop_duplicates("token")
    tokens = counts.groupby("passage_id", sort=False)["count"].sum()
    types = first_seen.groupby("passage_id", sort=False).size().reindex(tokens.index, fill_value=0)
    return pd.DataFrame({"tokens": tokens.cumsum(), "types": types.cumsum()}).reset_index()


def heaps_orders(counts: pd.DataFrame, *, by: Unit = "passage", orders: int = 200, seed: int = 0) -> pd.DataFrame:
    """Follow the growth of the vocabulary in many random orders of the passages, or of whole articles.

    The curve of `heaps` is that of one order, and so is a fit to it.  Gives order (0 up), tokens and types, a row per
    order and document, from a generator seeded with ``seed``.
    """
    dtm = document_term_matrix(counts, by)
    sizes = _row_sums(dtm.matrix).astype(int)
    columns = dtm.matrix.tocsc()
    generator = np.random.default_rng(seed)
    curves = []
    for order in range(orders):
        shuffled = generator.permutation(len(dtm.docs))
        place = np.empty(len(dtm.docs), dtype=int)
        place[shuffled] = np.arange(len(dtm.docs))
        first_seen = np.minimum.reduceat(place[columns.indices], columns.indptr[:-1])
        types = np.bincount(first_seen, minlength=len(dtm.docs)).cumsum()
        curves.append(pd.DataFrame({"order": order, "tokens": sizes[shuffled].cumsum(), "types": types}))
    return pd.concat(curves, ignore_index=True)


def fit_heaps(curve: pd.DataFrame) -> tuple[float, float]:
    """Fit Heaps' law, types = k * tokens ** beta, by least squares on logarithms; give (k, beta).

    Takes what `heaps` gives, or one order of `heaps_orders`.  The points of a curve add up and so are not independent:
    the usual error of a regression says nothing here, while the spread over orders says how far the order matters.
    Raises ValueError for fewer than two points.
    """
    if len(curve) < 2:
        raise ValueError("a fit needs at least two passages")
    beta, log_k = np.polyfit(np.log(curve["tokens"]), np.log(curve["types"]), 1)
    return float(np.exp(log_k)), float(beta)


def expected_types(dtm: DocumentTerms, size: int) -> pd.Series:
    """Tell how many different words ``size`` tokens drawn from each document have on average.

    Types grow with length, so documents are compared at one size.  A word that occurs f times among N tokens is missed
    by n of them with probability C(N - f, n) / C(N, n) (Hurlbert 1971, `hurlbert1971`).  Gives a Series by document;
    missing where a document is smaller.  Raises ValueError for a size below 1.
    """
    if size < 1:
        raise ValueError("a sample needs at least one token")
    entries = dtm.matrix.tocoo()
    total = _row_sums(dtm.matrix)
    n, left = total[entries.row], total[entries.row] - entries.data
    with np.errstate(invalid="ignore"):
        log_missed = (
            special.gammaln(left + 1)
            - special.gammaln(left - size + 1)
            - special.gammaln(n + 1)
            + special.gammaln(n - size + 1)
        )
    seen = 1 - np.where(left >= size, np.exp(np.where(left >= size, log_missed, 0.0)), 0.0)
    types = np.bincount(entries.row, seen, minlength=len(dtm.docs))
    return pd.Series(np.where(total >= size, types, np.nan), index=pd.Index(dtm.docs, name="document"))


def lexical_density(counts: pd.DataFrame, stopwords: Collection[str], by: Unit = "article") -> pd.DataFrame:
    """Tell how much of each document is content words (Ure 1971, `ure1971`).

    Takes a table as `load_counts` gives it, the function words, and what a document is.  Gives document, tokens,
    types, TTR (types / tokens, which falls with length), expected_types (in a sample as large as the smallest document,
    see `expected_types`) and lexical_density: the share of tokens that are not function words.
    """
    dtm = document_term_matrix(counts, by)
    content = np.array([term not in stopwords for term in dtm.terms], dtype=np.float64)
    tokens, types = _row_sums(dtm.matrix), _row_sums(dtm.matrix > 0)
    return pd.DataFrame(
        {
            "document": dtm.docs,
            "tokens": tokens.astype(int),
            "types": types.astype(int),
            "TTR": types / tokens,
            "expected_types": expected_types(dtm, int(tokens.min())).to_numpy(),
            "lexical_density": (dtm.matrix @ content) / tokens,
        }
    )


def passage_rates(
    hits: pd.DataFrame, tokens: pd.Series, documents: pd.Series, *, resamples: int = 2000, seed: int = 0
) -> pd.DataFrame:
    """Tell how often things occur per 1,000 tokens of each document, with an interval.

    Takes three tables indexed by passage: what was counted in it (a column per category), its tokens, and its document.
    The interval is an expanded percentile bootstrap of 95% (Efron and Tibshirani 1993, `efron1993`; Hesterberg 2015,
    `hesterberg2015`): the document's passages are drawn with replacement ``resamples`` times, from a generator seeded
    with ``seed``.  Passages of one article are alike, so for a document of several articles it is too narrow.  Where
    nothing was counted there is nothing to draw; ``high`` is then 3 per ``tokens``, the rule of three (Hanley and
    Lippman-Hand 1983, `hanley1983`).

    Gives document, category, count, tokens, rate, low, high; documents and categories in their order.  A document of
    one passage has no spread to draw from: its interval is missing.
    """
    counted, size = hits.to_numpy(np.float64), tokens.loc[hits.index].to_numpy(np.float64)
    owners = documents.loc[hits.index].to_numpy()
    generator = np.random.default_rng(seed)
    rows = []
    for document in dict.fromkeys(owners):
        mine = np.flatnonzero(owners == document)
        count, total = counted[mine].sum(axis=0), size[mine].sum()
        low = high = np.full(counted.shape[1], np.nan)
        if len(mine) > 1:
            drawn = generator.choice(mine, size=(resamples, len(mine)))
            rates = 1000 * counted[drawn].sum(axis=1) / size[drawn].sum(axis=1)[:, None]
            low, high = np.quantile(rates, _interval_levels(len(mine)), axis=0)
            high = np.where(count > 0, high, 3000 / total)
        for i, category in enumerate(hits.columns):
            rows.append((document, category, int(count[i]), int(total), 1000 * count[i] / total, low[i], high[i]))
    return pd.DataFrame(rows, columns=["document", "category", "count", "tokens", "rate", "low", "high"])


def category_rates(
    counts: pd.DataFrame,
    lexicon: pd.DataFrame,
    by: Literal["article", "corpus"] = "article",
    *,
    resamples: int = 2000,
    seed: int = 0,
) -> pd.DataFrame:
    """Tell how often the words of each category occur per 1,000 tokens, with an interval.

    Takes a table as `load_counts` gives it, a lexicon (columns category, term; a term is one token), and whether to
    count each article or all together.  Gives what `passage_rates` gives, categories in the lexicon's order.
    Raises ValueError for an empty lexicon, a term listed twice in one category, or another ``by``.
    """
    if by not in ("article", "corpus"):
        raise ValueError(f"by must be 'article' or 'corpus', not {by!r}")
    if lexicon.empty:
        raise ValueError("the lexicon is empty")
    if lexicon.duplicated(["category", "term"]).any():
        raise ValueError("a term stands twice in one category")
    dtm = document_term_matrix(counts, by="passage")
    categories = list(lexicon["category"].unique())
    at = {term: column for column, term in enumerate(dtm.terms)}
    member = np.zeros((len(dtm.terms), len(categories)))
    for category, term in zip(lexicon["category"], lexicon["term"], strict=True):
        if term in at:
            member[at[term], categories.index(category)] = 1
    owners = counts.drop_duplicates("passage_id").set_index("passage_id")["article_id"]
    return passage_rates(
        pd.DataFrame(dtm.matrix @ member, index=dtm.docs, columns=categories),
        pd.Series(_row_sums(dtm.matrix), index=dtm.docs),
        owners if by == "article" else pd.Series("corpus", index=owners.index),
        resamples=resamples,
        seed=seed,
    )
