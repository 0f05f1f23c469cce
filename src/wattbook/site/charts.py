"""Charts in the built book: drawn at build, live when they scroll into view, with downloads, and no outside request.

This is a MIME renderer of MyST-NB (entry point group ``myst_nb.mime_renderers``) and a Sphinx extension.  The
renderer turns each Vega-Lite output into HTML with a static SVG, and one more for phones where the chart can be drawn
so narrow; the extension writes the specs that turn the charts live, the downloads and the one Vega bundle that all
pages share.
"""

import csv
import hashlib
import html
import io
import json
import re
from pathlib import Path
from typing import Any, ClassVar

import vl_convert
from docutils import nodes
from myst_nb.core.render import MimeData, MimeRenderPlugin
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging

from wattbook.charts.columns import shown, unknown, with_named_tooltips
from wattbook.charts.layout import size
from wattbook.charts.narrow import narrow
from wattbook.charts.present import MIME, VEGALITE_VERSION, to_png, to_svg
from wattbook.charts.theme import with_css_variables

_log = logging.getLogger(__name__)

# The name of a form, as in 10-K, which no line breaks.
_FORM = re.compile(r"\b\d+-[A-Z]\b")
_MARK_NAMES = re.compile(r' (?:aria-[a-z]+|role)="[^"]*"')


def script_json(value: Any) -> str:
    """Write JSON that may stand inside a script element."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")


def tables(spec: dict[str, Any]) -> list[list[str]]:
    """Group the datasets of a chart into tables, the largest first: per table the names of its datasets.

    Only the columns count that the chart names (`wattbook.charts.columns`).  Datasets go into one table where the
    columns of the first hold those of the others.  A dataset whose rows are in a table already is left out, and so is a
    single value: it places a mark.
    """
    datasets = {name: _rows(spec, rows) for name, rows in spec.get("datasets", {}).items()}
    groups: list[list[str]] = []
    for name in sorted(datasets, key=lambda name: (-len(datasets[name]), name)):
        rows, columns = datasets[name], _columns(datasets[name])
        if len(rows) * len(columns) <= 1:
            continue
        wider = [group for group in groups if columns <= _columns(datasets[group[0]])]
        there = [row for group in wider for part in group for row in datasets[part]]
        if all(any(row.items() <= other.items() for other in there) for row in rows):
            continue
        if wider:
            wider[0].append(name)
        else:
            groups.append([name])
    return groups


def table_rows(spec: dict[str, Any], table: list[str]) -> list[dict[str, Any]]:
    """Give the rows of one of a chart's `tables`, by the names of their columns."""
    names = shown(spec)
    rows = [row for name in table for row in _rows(spec, spec["datasets"][name])]
    return [{names[column]: value for column, value in row.items()} for row in rows]


def _rows(spec: dict[str, Any], rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Give rows with the columns that a chart names, in its order."""
    return [{column: row[column] for column in shown(spec) if column in row} for row in rows]


def _columns(rows: list[dict[str, Any]]) -> set[str]:
    return {key for row in rows for key in row}


def rows_as_csv(rows: list[dict[str, Any]]) -> str:
    """Write rows as CSV, columns in the order of their first appearance, whole numbers without a point."""
    columns = list(dict.fromkeys(key for row in rows for key in row))
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    for row in rows:
        values = [row.get(column) for column in columns]
        writer.writerow([int(one) if isinstance(one, float) and one.is_integer() else one for one in values])
    return out.getvalue()


def csv_name(name: str, number: int) -> str:
    """Name the file of a chart's table, counted from one."""
    return f"{name}.csv" if number == 1 else f"{name}-{number}.csv"


def sliders(spec: dict[str, Any]) -> list[str]:
    """Write the controls that Vega will put under the chart, in its own markup, so that their room is there before."""
    return [_control(param) for param in spec.get("params", []) if isinstance(param.get("bind"), dict)]


def _control(param: dict[str, Any]) -> str:
    bind = param["bind"]
    name = html.escape(bind.get("name", param["name"]))
    if bind["input"] == "select":
        chosen = html.escape(str(param.get("value", "")))
        field = f"<select><option>{chosen}</option></select>"
    else:
        field = f'<input type="{bind["input"]}">'
    value = f"<span>{html.escape(str(param.get('value', '')))}</span>" if bind["input"] == "range" else ""
    return f'<div class="vega-bind"><label><span class="vega-bind-name">{name}</span>{field}{value}</label></div>'


def as_picture(svg: str, alternative: str) -> str:
    """Make a drawing of Vega one picture with a text alternative: Vega names every mark for a screen reader."""
    label = html.escape(alternative, quote=True)
    return _MARK_NAMES.sub("", svg).replace("<svg ", f'<svg role="img" aria-label="{label}" ', 1)


def _drawing(name: str, spec: dict[str, Any], kind: str) -> str:
    """Give the static drawing of a chart in a box of its size, which stays when the live one takes its place."""
    # Vega numbers clip paths from 0 in each drawing; in one page they must differ.
    svg = re.sub(r"(id=\"|url\(#)(?=clip|gradient)", lambda m: f"{m[1]}{name}-{kind}-", to_svg(spec))
    width, height = size(svg)
    svg = as_picture(svg, spec.get("description", ""))
    return (
        f'<div class="wb-chart-view wb-chart-{kind}" style="width:{width:g}px;aspect-ratio:{width:g}/{height:g}">'
        f"{svg}</div>"
    )


def _head(spec: dict[str, Any]) -> str:
    """Give title and source as text, which wraps with the page and stays where a drawing scrolls.

    The title is the name of the drawing's region already, and so not read out again.
    """
    said = spec.get("usermeta", {})
    if not {"title", "source"} <= said.keys():
        return ""
    source = _FORM.sub(r'<span class="wb-whole">\g<0></span>', html.escape(said["source"]))
    return (
        f'<div class="wb-chart-head"><p class="wb-chart-title" aria-hidden="true">{html.escape(said["title"])}</p>'
        f"<p>Source: {source}</p></div>"
    )


def page_data(spec: dict[str, Any], phone: dict[str, Any] | None = None) -> dict[str, Any]:
    """Give what the page needs of a chart: the specs ``wide`` and, where there is one, ``narrow``, and its ``tables``.

    The specs have no title: the page writes it.  ``phone`` is the form from which the narrow one is made, else
    ``spec``.  The data of both are in ``wide``.
    """
    wide = {key: value for key, value in spec.items() if key != "title"}
    small = None if phone else narrow(spec)
    if phone:
        said = {key: spec[key] for key in ("description", "usermeta") if key in spec}
        small = narrow(with_named_tooltips(phone | said))
        wide["datasets"] = phone.get("datasets", {}) | spec.get("datasets", {})
    page: dict[str, Any] = {"wide": with_css_variables(wide), "tables": tables(spec)}
    if small is not None:
        page["narrow"] = with_css_variables({key: value for key, value in small.items() if key != "datasets"})
    return page


def chart_html(name: str, spec: dict[str, Any], page: dict[str, Any], static: str) -> str:
    """Give the HTML of a chart with its `page_data`; ``static`` is the path from its page to ``_static``."""
    drawings = _drawing(name, page["wide"], "wide")
    kind = ""
    if "narrow" in page:
        drawings += _drawing(name, page["narrow"] | {"datasets": page["wide"].get("datasets", {})}, "narrow")
        kind = " data-narrow"
    files = {
        csv_name(name, number): "data (CSV)" if number == 1 else f"table {number} (CSV)"
        for number in range(1, 1 + len(page["tables"]))
    }
    files |= {f"{name}.svg": "SVG", f"{name}.png": "PNG", f"{name}.json": "Vega-Lite spec"}
    downloads = "".join(
        f'<li><a href="{static}/charts/{file}" download>{what}</a></li>' for file, what in files.items()
    )
    title = html.escape(spec.get("usermeta", {}).get("title", name), quote=True)
    controls = "".join(sliders(spec))
    says = '<p class="wb-chart-says visually-hidden" role="status"></p>'
    room = f'<div class="wb-chart-controls" data-still>{controls}</div>{says}' if controls else ""
    return (
        f'<div class="wb-chart" data-chart="{name}"{kind}>{_head(spec)}'
        f'<div class="wb-chart-frame" role="region" tabindex="0" aria-label="Chart: {title}">{drawings}</div>{room}'
        f'<details class="wb-chart-more"><summary>Data, description and downloads</summary>'
        f"<p>{html.escape(spec.get('description', ''))}</p><ul>{downloads}</ul>"
        f'<div class="wb-chart-data" role="region" tabindex="0" aria-label="Data of the chart: {title}" hidden></div>'
        f"</details></div>"
    )


class ChartRenderer(MimeRenderPlugin):  # type: ignore[misc]
    """Renders a Vega-Lite output for the HTML book."""

    mime_priority_overrides: ClassVar[list[tuple[str, str, int]]] = [("html", MIME, 1)]

    @staticmethod
    def handle_mime(renderer: Any, data: MimeData, inline: bool) -> list[nodes.Element] | None:
        """Give the nodes of a chart; None for output that is not a chart's, none for a chart's static copy."""
        if data.mime_type == "image/svg+xml" and data.output_metadata.get("image/svg+xml", {}).get("wattbook"):
            return []
        if data.mime_type != MIME or inline:
            return None
        env: BuildEnvironment = renderer.renderer.sphinx_env
        spec = dict(data.content) | {"$schema": f"https://vega.github.io/schema/vega-lite/v{VEGALITE_VERSION}.json"}
        name = data.cell_metadata.get("mystnb", {}).get("figure", {}).get("name")
        for what, there in (
            ("name (cell metadata mystnb.figure.name)", name),
            (
                "caption (cell metadata mystnb.figure.caption)",
                data.cell_metadata.get("mystnb", {}).get("figure", {}).get("caption"),
            ),
            ("text alternative (use wattbook.charts.present)", spec.get("description")),
            ("source (use wattbook.charts.present)", spec.get("usermeta", {}).get("source")),
            ("columns (use wattbook.charts.present)", shown(spec)),
        ):
            if not there:
                _log.warning(
                    "chart in cell %s has no %s",
                    data.cell_index,
                    what,
                    type="wattbook",
                    location=(env.docname, data.line),
                )
        for column in unknown(spec):
            _log.warning("chart %s names a column %s that it does not have", name, column, type="wattbook")
        name = name or "chart-" + hashlib.sha256(script_json(spec).encode()).hexdigest()[:12]
        charts = _charts(env)
        if charts.get(name, {}).get("docname", env.docname) != env.docname:
            _log.warning("the chart name %s is taken by %s", name, charts[name]["docname"], type="wattbook")
        phone = spec.get("usermeta", {}).get("phone")
        if phone:
            spec["usermeta"] = {key: value for key, value in spec["usermeta"].items() if key != "phone"}
        page = page_data(spec, phone)
        if phone and "narrow" not in page:
            _log.warning("the form of chart %s for phones does not fit one", name, type="wattbook")
        charts[name] = {"docname": env.docname, "spec": spec, "page": page}
        static = "../" * env.docname.count("/") + "_static"
        return [nodes.raw("", chart_html(name, spec, page, static), format="html")]


def _charts(env: BuildEnvironment) -> dict[str, dict[str, Any]]:
    if not hasattr(env, "wattbook_charts"):
        env.wattbook_charts = {}  # type: ignore[attr-defined]
    charts: dict[str, dict[str, Any]] = env.wattbook_charts  # type: ignore[attr-defined]
    return charts


def _purge(app: Sphinx, env: BuildEnvironment, docname: str) -> None:
    for name in [name for name, chart in _charts(env).items() if chart["docname"] == docname]:
        del _charts(env)[name]


def _merge(app: Sphinx, env: BuildEnvironment, docnames: list[str], other: BuildEnvironment) -> None:
    _charts(env).update({n: chart for n, chart in _charts(other).items() if chart["docname"] in docnames})


def _write(app: Sphinx, exception: Exception | None) -> None:
    if exception or app.builder.name != "html":
        return
    static = Path(app.outdir) / "_static"
    (static / "charts").mkdir(parents=True, exist_ok=True)
    # The bundle declares its names at top level; in a function of its own it leaves the page's alone.
    bundle = vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;", vl_version=VEGALITE_VERSION)
    (static / "vega.js").write_text(f"(function(){{{bundle}}})();\n", encoding="utf-8")
    for name, chart in sorted(_charts(app.env).items()):
        spec = chart["spec"]
        path = static / "charts" / name
        # A script, not JSON: a page opened from a folder may not fetch.
        page = f"(window.wattbookCharts ??= {{}})[{json.dumps(name)}] = {script_json(chart['page'])};\n"
        path.with_suffix(".js").write_text(page, encoding="utf-8")
        for number, table in enumerate(chart["page"]["tables"], start=1):
            csv_file = path.with_name(csv_name(name, number))
            csv_file.write_text(rows_as_csv(table_rows(spec, table)), encoding="utf-8")
        path.with_suffix(".svg").write_text(to_svg(spec), encoding="utf-8")
        path.with_suffix(".png").write_bytes(to_png(spec))
        path.with_suffix(".json").write_text(
            json.dumps(spec, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8"
        )


def setup(app: Sphinx) -> dict[str, Any]:
    """Connect the extension."""
    app.connect("env-purge-doc", _purge)
    app.connect("env-merge-info", _merge)
    app.connect("build-finished", _write)
    return {"version": "1", "env_version": 2, "parallel_read_safe": True, "parallel_write_safe": True}
