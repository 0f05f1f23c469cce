"""Cells without output give their code to the next cell's toggle."""

from docutils import nodes
from docutils.utils import new_document

from wattbook.site.code_cells import JoinFoldedCode


def cell(code: str, *, shown: str | None = None, hide: str | None = "input") -> nodes.container:
    made = nodes.container(nb_element="cell_code", **({"hide_mode": hide} if hide else {}))
    made += nodes.container("", nodes.literal_block(code, code), nb_element="cell_code_source")
    if shown is not None:
        made += nodes.container("", nodes.paragraph(shown, shown), nb_element="cell_code_output")
    return made


def joined(*parts: nodes.Node) -> list[list[str]]:
    document = new_document("page")
    document += list(parts)
    JoinFoldedCode(document).run()
    return [[block.astext() for block in part.findall(nodes.literal_block)] for part in document.children]


def test_code_without_output_moves_to_the_next_toggle_in_order() -> None:
    assert joined(cell("a"), cell("b"), cell("c", shown="chart")) == [["a", "b", "c"]]


def test_a_cell_that_shows_something_keeps_its_own_toggle() -> None:
    assert joined(cell("a", shown="table"), cell("b", shown="chart")) == [["a"], ["b"]]


def test_text_between_and_open_code_stay_apart() -> None:
    text = nodes.paragraph("text", "text")
    assert joined(cell("a"), text, cell("b", shown="chart")) == [["a"], [], ["b"]]
    assert joined(cell("a", hide=None), cell("b", shown="chart")) == [["a"], ["b"]]
    assert joined(cell("a"), cell("b", hide=None, shown="chart")) == [["a"], ["b"]]


def test_settings_keep_a_toggle_of_their_own() -> None:
    settings = cell("life = 6")
    settings["classes"].append("tag_parameters")
    assert joined(settings, cell("b", shown="chart")) == [["life = 6"], ["b"]]
