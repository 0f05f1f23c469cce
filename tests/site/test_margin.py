"""Margin notes say who says a number and where it is printed."""

from wattbook.ledger import all_claims, claim, format_value
from wattbook.site.margin import notes
from wattbook.views import entity_name


def test_a_note_names_number_speaker_and_article() -> None:
    one = claim("saidi-us-2024")
    (note,) = notes(["saidi-us-2024"])
    assert note.startswith(f"<b>{format_value(one)}</b> {entity_name(one.attributed_to)}, in ")


def test_what_one_speaker_says_in_one_article_is_one_note() -> None:
    assert len(notes(["saidi-us-2024", "saidi-va-2024", "saidi-us-2024"])) == 1
    assert len(notes(["saidi-us-2024", "gpu-useful-life-burry-semi"])) == 2


def test_every_claim_has_a_note() -> None:
    for claim_id in all_claims():
        assert notes([claim_id])
