"""Code cells that follow each other with nothing shown between them: one toggle for all of their code."""

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform


def _is_folded(node: nodes.Node | None) -> bool:
    """Say whether this is a cell whose code is behind a toggle, and not one of settings, which stay by themselves."""
    return (
        isinstance(node, nodes.container)
        and node.get("nb_element") == "cell_code"
        and node.get("hide_mode") == "input"
        and "tag_parameters" not in node["classes"]
        and bool(node.children)
        and node[0].get("nb_element") == "cell_code_source"
    )


class JoinFoldedCode(SphinxPostTransform):
    """Move the code of a cell without output to the front of the next cell's, where both are folded."""

    # MyST-NB makes the toggles at 199.
    default_priority = 198
    formats: tuple[str, ...] = ("html",)

    def run(self, **kwargs: Any) -> None:
        """Join all such cells of the document."""
        for cell in list(self.document.findall(_is_folded)):
            following = cell.next_node(descend=False, siblings=True)
            if len(cell) == 1 and _is_folded(following):
                following[0].insert(0, cell[0].children)
                cell.parent.remove(cell)


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the transform."""
    app.add_post_transform(JoinFoldedCode)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
