"""Charts in the built book: drawn at build, live when they scroll into view, with downloads, and no outside request.

This is a MIME renderer of MyST-NB (entry point group ``myst_nb.mime_renderers``) and a Sphinx extension.  The renderer
leaves a node for each Vega-Lite output; when every page is read all charts are drawn, in parallel, and what was drawn
before is taken from a cache.  A page holds two drawings of a chart, for wide and for narrow screens; the spec is a
script beside it, loaded when the chart comes into view.
"""

import csv
import hashlib
import html
import io
import json
import multiprocessing
import os
import re
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any, ClassVar

import vl_convert
from docutils import nodes
from myst_nb.core.render import MimeData, MimeRenderPlugin
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging

from wattbook.charts.narrow import narrow
from wattbook.charts.present import MIME, VEGALITE_VERSION, to_png, to_svg
from wattbook.charts.reading import with_named_tooltips, with_series_choice
from wattbook.charts.theme import with_css_variables
from wattbook.paths import ROOT

_log = logging.getLogger(__name__)

Spec = dict[str, Any]

# What Vega writes for screen readers that enter a drawing, and for its own style sheet: a drawing with one text
# alternative needs neither.
_UNREAD = re.compile(r' (?:class|pointer-events|stroke-miterlimit|font-family|xmlns:xlink|version)="[^"]*"')
_EMPTY_PATH = re.compile(r'<path[^>]* d=""[^>]*(?:/>|></path>)')
_LONG_NUMBER = re.compile(r"(\d+\.\d\d)\d+")
_CLIP_ID = re.compile(r"(id=\"|url\(#)(?=clip|gradient)")


class ChartNode(nodes.General, nodes.Element):  # type: ignore[misc]
    """The place of the chart ``name``."""


@dataclass(frozen=True)
class Drawing:
    """A chart as the book shows it.

    ``wide`` and ``narrow`` are specs for the page, the second without its data and None where the chart needs the
    width; ``wide_svg`` and ``narrow_svg`` are their drawings for the page, ``svg`` the one to download; ``series``
    names what can be picked out.
    """

    wide: Spec
    narrow: Spec | None
    wide_svg: str
    narrow_svg: str | None
    svg: str
    series: list[str]


def script_json(value: Any) -> str:
    """Write JSON that may stand inside a script element."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).replace("<", "\\u003c")


def main_rows(spec: Spec) -> list[dict[str, Any]]:
    """Give the rows of a chart's largest dataset, helper columns (``_…``) left out."""
    tables = [rows for _, rows in sorted(spec.get("datasets", {}).items())]
    rows: list[dict[str, Any]] = max(tables, key=len, default=[])
    return [{key: value for key, value in row.items() if not key.startswith("_")} for row in rows]


def rows_as_csv(rows: list[dict[str, Any]]) -> str:
    """Write rows as CSV, columns in the order of their first appearance."""
    columns = list(dict.fromkeys(key for row in rows for key in row))
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def sliders(spec: Spec) -> int:
    """Count the controls that Vega will put under the chart."""
    return sum(1 for param in spec.get("params", []) if "bind" in param and isinstance(param["bind"], dict))


# --- drawing ------------------------------------------------------------------------------------------------------


def draw(spec: Spec) -> tuple[Drawing, bytes]:
    """Draw a chart for page and download; give it with its PNG."""
    told = with_named_tooltips(spec)
    told["config"] = told.get("config", {}) | {"aria": False}
    told, series = with_series_choice(told)
    small = narrow(told)
    wide_page, small_page = with_css_variables(told), with_css_variables(small) if small else None
    svg = to_svg(spec)
    drawing = Drawing(
        wide=wide_page,
        narrow={key: value for key, value in small_page.items() if key != "datasets"} if small_page else None,
        wide_svg=slim(to_svg(wide_page)),
        narrow_svg=slim(to_svg(small_page)) if small_page else None,
        svg=svg,
        series=series,
    )
    return drawing, to_png(svg)


def slim(svg: str) -> str:
    """Take out of a drawing what a page has no use for: it is a third of the size."""
    svg = _EMPTY_PATH.sub("", _UNREAD.sub("", svg))
    svg = re.sub(r"<g[^>]*></g>", "", re.sub(r"<g[^>]*></g>", "", svg))
    # A hundredth of a pixel is enough; numbers in texts are left alone.
    return re.sub(r"<[^>]+>", lambda tag: _LONG_NUMBER.sub(r"\1", tag[0]), svg)


@cache
def _engine() -> str:
    """Give a digest of all that shapes a drawing beside its spec."""
    digest = hashlib.sha256(f"{vl_convert.__version__} {VEGALITE_VERSION}".encode())
    charts = ROOT / "src" / "wattbook" / "charts"
    for path in [*sorted(charts.glob("*.py")), *sorted(charts.glob("fonts/*.ttf")), Path(__file__)]:
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _kept(folder: Path, spec: Spec) -> Path:
    key = hashlib.sha256((_engine() + script_json(spec)).encode()).hexdigest()[:24]
    return folder / key


def _draw_and_keep(task: tuple[Spec, Path]) -> None:
    spec, kept = task
    drawing, png = draw(spec)
    kept.with_suffix(".png").write_bytes(png)
    # Last: it says that both are there.
    unfinished = kept.with_suffix(".part")
    unfinished.write_text(json.dumps(asdict(drawing), ensure_ascii=False), encoding="utf-8")
    unfinished.rename(kept.with_suffix(".json"))


def _draw_all(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Draw every chart that is not kept from an earlier build, in as many processes as there are cores."""
    if app.builder.name != "html":
        return []
    folder = _folder(app)
    folder.mkdir(parents=True, exist_ok=True)
    kept = {name: _kept(folder, chart["spec"]) for name, chart in _charts(env).items()}
    missing = [
        (_charts(env)[name]["spec"], path)
        for name, path in sorted(kept.items())
        if not path.with_suffix(".json").exists()
    ]
    workers = min(len(missing), os.cpu_count() or 1)
    if workers > 1:
        # Not forked: the drawing library runs threads.
        with ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn")) as pool:
            list(pool.map(_draw_and_keep, missing))
    else:
        for task in missing:
            _draw_and_keep(task)
    used = {path.name for path in kept.values()}
    for old in folder.iterdir():
        if old.stem not in used:
            old.unlink()
    return []


def _folder(app: Sphinx) -> Path:
    return Path(app.outdir).parent / ".charts"


def _drawing(app: Sphinx, spec: Spec) -> Drawing:
    return Drawing(**json.loads(_kept(_folder(app), spec).with_suffix(".json").read_text(encoding="utf-8")))


# --- the page -----------------------------------------------------------------------------------------------------


def chart_html(name: str, drawing: Drawing, static: str) -> str:
    """Give the HTML of one chart; ``static`` is the path from its page to ``_static``."""
    spec = drawing.wide
    said = html.escape(spec.get("description", ""), quote=True)
    title = html.escape(spec.get("usermeta", {}).get("title", name), quote=True)
    # Drawings of one page may not share an id.
    wide = _CLIP_ID.sub(rf"\g<1>{name}-", drawing.wide_svg)
    wide = wide.replace("<svg ", f'<svg role="img" aria-label="{said}" ', 1)
    views = f'<div class="wb-chart-view wb-chart-wide">{wide}</div>'
    if drawing.narrow_svg:
        small = _CLIP_ID.sub(rf"\g<1>{name}-narrow-", drawing.narrow_svg)
        small = small.replace("<svg ", f'<svg role="img" aria-labelledby="{name}-said" ', 1)
        views += f'<div class="wb-chart-view wb-chart-narrow">{small}</div>'
    # A chart that needs its width scrolls on a phone, and what scrolls must be reachable from the keyboard.
    reach = "" if drawing.narrow_svg else ' tabindex="0"'
    controls = sliders(spec)
    under = f'<div class="wb-chart-controls" style="--controls:{controls}"></div>' if controls else ""
    if drawing.series:
        buttons = "".join(
            f'<button type="button" aria-pressed="false">{html.escape(one)}</button>' for one in drawing.series
        )
        under += f'<div class="wb-series" role="group" aria-label="Show one series">{buttons}</div>'
    downloads = "".join(
        f'<li><a href="{static}/charts/{name}.{ending}" download>{what}</a></li>'
        for ending, what in (("csv", "data (CSV)"), ("svg", "SVG"), ("png", "PNG"), ("json", "Vega-Lite spec"))
    )
    return (
        f'<div class="wb-chart" data-chart="{name}"{" data-narrow" if drawing.narrow_svg else ""}>'
        f'<div class="wb-chart-frame" role="group" aria-label="Chart: {title}"{reach}>'
        f"{views}</div>{under}"
        f'<details class="wb-chart-more"><summary>Description, data, downloads</summary>'
        f'<p id="{name}-said">{said}</p><div class="wb-chart-data"></div><ul>{downloads}</ul></details></div>'
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
        figure = data.cell_metadata.get("mystnb", {}).get("figure", {})
        for what in missing_parts(spec, figure):
            _log.warning(
                "chart in cell %s has no %s", data.cell_index, what, type="wattbook", location=(env.docname, data.line)
            )
        name = figure.get("name") or "chart-" + hashlib.sha256(script_json(spec).encode()).hexdigest()[:12]
        charts = _charts(env)
        if charts.get(name, {}).get("docname", env.docname) != env.docname:
            _log.warning("the chart name %s is taken by %s", name, charts[name]["docname"], type="wattbook")
        charts[name] = {"docname": env.docname, "spec": spec}
        return [ChartNode(name=name)]


def missing_parts(spec: Spec, figure: dict[str, Any]) -> list[str]:
    """Name what a chart must have and this one has not; ``figure`` is the cell's metadata ``mystnb.figure``."""
    parts = {
        "name (cell metadata mystnb.figure.name)": figure.get("name"),
        "caption (cell metadata mystnb.figure.caption)": figure.get("caption"),
        "text alternative (use wattbook.charts.present)": spec.get("description"),
        "source (use wattbook.charts.present)": spec.get("usermeta", {}).get("source"),
    }
    return [what for what, there in parts.items() if not there]


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


def _visit(app: Sphinx) -> Callable[[Any, ChartNode], None]:
    def visit(translator: Any, node: ChartNode) -> None:
        chart = _charts(app.env)[node["name"]]
        static = "../" * chart["docname"].count("/") + "_static"
        translator.body.append(chart_html(node["name"], _drawing(app, chart["spec"]), static))
        raise nodes.SkipNode

    return visit


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
        drawing, kept = _drawing(app, spec), _kept(_folder(app), spec)
        path = static / "charts" / name
        path.with_suffix(".csv").write_text(rows_as_csv(main_rows(spec)), encoding="utf-8")
        path.with_suffix(".svg").write_text(drawing.svg, encoding="utf-8")
        path.with_suffix(".png").write_bytes(kept.with_suffix(".png").read_bytes())
        path.with_suffix(".json").write_text(
            json.dumps(spec, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8"
        )
        # A page opened from a folder may load scripts but not fetch files.
        live = script_json({"wide": drawing.wide, "narrow": drawing.narrow})
        path.with_suffix(".js").write_text(f"wattbook.specs[{json.dumps(name)}]={live};\n", encoding="utf-8")


def setup(app: Sphinx) -> dict[str, Any]:
    """Connect the extension."""
    app.add_node(ChartNode, html=(_visit(app), None))
    app.connect("env-purge-doc", _purge)
    app.connect("env-merge-info", _merge)
    app.connect("env-updated", _draw_all)
    app.connect("build-finished", _write)
    return {"version": "2", "env_version": 2, "parallel_read_safe": True, "parallel_write_safe": True}
