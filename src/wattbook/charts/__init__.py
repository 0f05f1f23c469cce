"""Altair charts in one style: the theme, the forms that the chapters share, and how a chart is presented."""

from wattbook.charts import altair_start  # noqa: F401  (before every other import of Altair)
from wattbook.charts.forms import (
    dot_intervals,
    glance,
    half_matrix,
    heatmap,
    labelled_lines,
    lead_times,
    ranked_bars,
    stacked_bars,
    word_tiles,
)
from wattbook.charts.present import present, use_in_notebook
from wattbook.charts.theme import COLOURS, THEME_COLOURS, VERDICT_COLOURS

__all__ = [
    "COLOURS",
    "THEME_COLOURS",
    "VERDICT_COLOURS",
    "dot_intervals",
    "glance",
    "half_matrix",
    "heatmap",
    "labelled_lines",
    "lead_times",
    "present",
    "ranked_bars",
    "stacked_bars",
    "use_in_notebook",
    "word_tiles",
]
