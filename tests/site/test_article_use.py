"""Which claims a part of a page uses, and where they are counted."""

from docutils import nodes
from docutils.utils import new_document

from wattbook.site.article_use import sections_of, used_claims
from wattbook.site.claims import RowLink
from wattbook.site.evidence import evidence


def section(anchor: str, *children: nodes.Node) -> nodes.section:
    return nodes.section("", nodes.title("", f"On {anchor}"), *children, ids=["other", anchor])


def text(target: str) -> nodes.paragraph:
    return nodes.paragraph("", "", RowLink("", "a number", target=target, note=[]))


def cell(code: str) -> nodes.container:
    return nodes.container("", nodes.literal_block(code, code))


def test_numbers_verdicts_and_code_count() -> None:
    data = evidence()
    check = next(iter(data.claims_of))
    assert used_claims(text("claim-saidi-us-2024"), data) == {"saidi-us-2024"}
    assert used_claims(text(f"check-{check}"), data) == set(data.claims_of[check])
    assert used_claims(cell("one = claim('saidi-va-2024')\ntwo = facts['no-claim']"), data) == {"saidi-va-2024"}
    assert used_claims(cell(f'audit.loc["{check}"]'), data) == set(data.claims_of[check])


def test_prose_that_only_looks_like_an_id_does_not_count() -> None:
    assert used_claims(nodes.paragraph("", "saidi-us-2024"), evidence()) == set()
    assert used_claims(cell("saidi-us-2024"), evidence()) == set()


def test_a_claim_counts_for_the_section_it_stands_in() -> None:
    document = new_document("page")
    inner = section("sec-inner", text("claim-saidi-va-2024"))
    document += section("sec-outer", text("claim-saidi-us-2024"), inner, section("sec-empty"))
    found = [(one.anchor, one.title, one.claims) for one in sections_of(document, evidence())]
    assert found == [
        ("sec-outer", "On sec-outer", ("saidi-us-2024",)),
        ("sec-inner", "On sec-inner", ("saidi-va-2024",)),
    ]
