"""Corrections to the pages that Sphinx and jupyter-book write."""

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

from wattbook.cite import metadata

# Docutils writes roles that ARIA 1.2 has deprecated or does not allow where they stand.
_DROPPED_ROLES = (' role="doc-biblioentry"', ' role="list"')


def _correct(app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None) -> None:
    for role in _DROPPED_ROLES:
        context["body"] = context.get("body", "").replace(role, "")
    if doctree is not None:
        release = metadata()
        context["body"] += f'<p class="wb-note">Version {release["version"]}, {release["date-released"]}</p>'
    # jupyter-book adds Thebe's scripts although no page uses it; they name another host and clash with themselves.
    context["script_files"] = [
        script
        for script in context["script_files"]
        if "thebe" not in f"{getattr(script, 'filename', script)} {getattr(script, 'attributes', {}).get('body')}"
    ]


def setup(app: Sphinx) -> dict[str, Any]:
    """Connect the extension."""
    app.connect("html-page-context", _correct)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
