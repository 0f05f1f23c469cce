"""Links from the first use of a term to the glossary."""

from collections import Counter

from docutils import nodes

from wattbook.site.glossary import anchor, link_first_uses, terms


def paragraph(*parts: nodes.Node | str) -> nodes.paragraph:
    return nodes.paragraph("", "", *(nodes.Text(part) if isinstance(part, str) else part for part in parts))


def test_rows_are_found_by_word_and_by_english() -> None:
    found = terms()
    assert found["電網老化"] == found["ageing grid"]
    assert found["電網老化"].anchor == "term-ageing-grid"
    assert found["負載"] == found["負荷"]


def test_no_two_rows_have_one_anchor() -> None:
    counted = Counter(row.anchor for row in set(terms().values()))
    assert [name for name, times in counted.items() if times > 1] == []


def test_the_first_use_is_linked_and_no_other() -> None:
    page = nodes.container("", paragraph("old bones (電網老化) and load (負載)"), paragraph("again 電網老化"))
    assert link_first_uses(page, "g.html") == ["term-ageing-grid", "term-load"]
    links = list(page.findall(nodes.reference))
    assert [(one["refuri"], one.astext()) for one in links] == [
        ("g.html#term-ageing-grid", "電網老化"),
        ("g.html#term-load", "負載"),
    ]
    assert links[0]["reftitle"].startswith("ageing grid: ")
    assert page.astext() == "old bones (電網老化) and load (負載)\n\nagain 電網老化"


def test_a_term_inside_a_longer_word_is_not_linked() -> None:
    assert link_first_uses(nodes.container("", paragraph("(負載量)")), "g.html") == []


def test_headings_code_and_links_are_left_alone() -> None:
    page = nodes.container(
        "",
        nodes.section("", nodes.title("", "負載")),
        paragraph(nodes.literal("", "負載"), nodes.reference("", "負載", refuri="x")),
    )
    assert link_first_uses(page, "g.html") == []


def test_an_english_term_is_linked_where_it_is_explained() -> None:
    page = nodes.container(
        "", paragraph(nodes.strong("", "Load"), " is what is drawn; load is not ", nodes.emphasis("", "load"))
    )
    assert link_first_uses(page, "g.html") == ["term-load"]
    assert page.astext() == "Load is what is drawn; load is not load"


def test_an_anchor_is_ascii() -> None:
    assert anchor("PUE (power usage effectiveness)") == "term-pue-power-usage-effectiveness"
