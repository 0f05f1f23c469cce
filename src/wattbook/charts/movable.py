"""Charts that work out a model from sliders, in the page, by the formulas of `wattbook.models`.

A browser test moves the sliders and compares what the chart holds with the Python function
(tests/book/test_models.py).
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

import altair as alt
import pandas as pd

from wattbook.charts.theme import COLOURS

# Lead times are printed in these units; 365 days a year as in the chapters' other sums.
PER_YEAR = {"year": 1.0, "month": 12.0, "week": 365 / 7}


class Slider(NamedTuple):
    """A slider under a chart: where it starts, its ends and step, and its label."""

    value: float
    low: float
    high: float
    step: float
    label: str


def sliders(controls: Mapping[str, Slider]) -> list[alt.Parameter]:
    """Make the parameters of a chart from sliders by signal name."""
    return [
        alt.param(
            name=name, value=one.value, bind=alt.binding_range(min=one.low, max=one.high, step=one.step, name=one.label)
        )
        for name, one in controls.items()
    ]


class LeadTime(NamedTuple):
    """A lead time: its name for the reader, its slider's signal, unit (year, month or week), printed range, slider."""

    name: str
    signal: str
    unit: str
    low: float
    high: float
    slider: Slider


def arrivals(leads: Mapping[str, LeadTime], in_line: float, *, width: int = 400) -> Any:
    """What arrives when, after `wattbook.models.schedule.power_arrivals`, with movable lead times.

    ``leads`` are the lead times by the name that the function has for them, ``in_line`` is what it takes at first
    (signal ``inLine``).  Above are the lead times from the decision on, with the printed range as a thin line; below
    is, for each way to power, how long the finished building waits.
    """
    years = {task: f"({one.signal} / {PER_YEAR[one.unit]!r})" for task, one in leads.items()}
    controls = {one.signal: one.slider for one in leads.values()} | {
        "inLine": Slider(in_line, 0, 1, 0.05, "In line: part of approval or review that comes first ")
    }
    first = {"substation": f"inLine * {years['approval']}", "line": f"inLine * {years['review']}"}
    finish = {task: f"({first.get(task, '0')} + {lead})" for task, lead in years.items()}
    grid = f"max({finish['approval']}, {finish['substation']})"
    power = {
        "turbine": ("Own gas turbines", finish["turbine"]),
        "grid": ("Grid, existing line", grid),
        "restart": ("Restarted reactor", finish["restart"]),
        "small reactor": ("Small reactor", finish["small reactor"]),
        "grid, new line": ("Grid, with a new line", f"max({grid}, {finish['review']}, {finish['line']})"),
    }
    built = finish["data centre"]
    longest = f"1.4 * max({', '.join(finish.values())})"
    x = alt.X(
        "start:Q",
        title="years after the decision",
        scale=alt.Scale(domainMin=0, domainMax=alt.expr(longest), nice=False),
        axis=alt.Axis(tickCount=8, format="d", tickMinStep=1),
    )
    rows = pd.DataFrame(
        [(task, one.name, one.low / PER_YEAR[one.unit], one.high / PER_YEAR[one.unit]) for task, one in leads.items()],
        columns=["task", "name", "low", "high"],
    )
    clocks = (
        alt.Chart(rows)
        .transform_calculate(start=_choose("task", first | {t: "0" for t in years if t not in first}))
        .transform_calculate(finish=_choose("task", finish))
        .transform_calculate(
            least="datum.start + datum.low",
            most="datum.start + datum.high",
            text="format(datum.finish - datum.start, '.1f') + ' years' + "
            "(datum.start > 0 ? ', done after ' + format(datum.finish, '.1f') : '')",
        )
        .encode(y=alt.Y("name:N", sort=list(rows["name"]), title=None, axis=alt.Axis(minExtent=190)))
    )
    ways = (
        alt.Chart(pd.DataFrame({"way": list(power), "_name": [name for name, _ in power.values()]}))
        .transform_calculate(
            by="datum._name", built=built, power=_choose("way", {way: when for way, (_, when) in power.items()})
        )
        .transform_calculate(
            wait="max(datum.power - datum.built, 0)", start="min(datum.built, datum.power)", finish="datum.power"
        )
        .transform_calculate(
            text="'after ' + format(datum.power, '.1f') + "
            "(datum.wait > 0 ? ', waits ' + format(datum.wait, '.1f') : ', in time')"
        )
        .encode(y=alt.Y("_name:N", sort=[name for name, _ in power.values()], title=None, axis=alt.Axis(minExtent=190)))
    )
    ready = alt.Chart(pd.DataFrame({"label": ["building ready"]})).transform_calculate(start=built)
    tip = [alt.Tooltip("name:N")] + [alt.Tooltip(f"{of}:Q", format=".2f") for of in ("start", "finish", "low", "high")]
    tip_way = [alt.Tooltip("by:N")] + [alt.Tooltip(f"{of}:Q", format=".2f") for of in ("built", "power", "wait")]
    above = alt.layer(
        clocks.mark_bar(height=13, color=COLOURS["blue"], opacity=0.55).encode(x, x2="finish:Q", tooltip=tip),
        clocks.mark_rule(strokeWidth=2, color=COLOURS["ink"]).encode(alt.X("least:Q"), x2="most:Q"),
        clocks.mark_text(align="left", dx=6)
        .encode(alt.X("right:Q"), text="text:N")
        .transform_calculate(right="max(datum.finish, datum.most)"),
        ready.mark_rule(strokeDash=[5, 4], color=COLOURS["muted"]).encode(x),
    ).properties(width=width, height=alt.Step(24))
    below = alt.layer(
        ready.mark_rule(strokeDash=[5, 4], color=COLOURS["muted"]).encode(x),
        ways.mark_rule(strokeWidth=6, color=COLOURS["red"], opacity=0.55)
        .encode(alt.X("built:Q"), x2="end:Q", tooltip=tip_way)
        .transform_calculate(end="max(datum.power, datum.built)"),
        ways.mark_point(size=90, opacity=1, color=COLOURS["green"]).encode(alt.X("power:Q"), tooltip=tip_way),
        ways.mark_text(align="left", dx=9).encode(alt.X("power:Q"), text="text:N"),
        ready.mark_text(align="left", dx=-4, dy=-8, color=COLOURS["muted"]).encode(x, y=alt.value(0), text="label:N"),
    ).properties(width=width, height=alt.Step(24))
    return alt.vconcat(above, below, spacing=26).resolve_scale(x="shared").add_params(*sliders(controls))


def _choose(field: str, values: Mapping[str, str]) -> str:
    """Write a Vega expression that gives one of several expressions by the value of a field."""
    cases = "".join(f"datum[{field!r}] == {key!r} ? {value} : " for key, value in values.items())
    return f"{cases}null"


METHODS = ("straight line", "double declining balance", "sum of the years' digits")


def write_off(chart: Any, life: str, method: str, salvage: str, years: int = 8) -> Any:
    """Add to each row what a machine bought for 1 has on the books: ``book0`` … and the charge of each year, ``e1`` ….

    ``life`` (whole years), ``method`` (one of `METHODS`) and ``salvage`` are names of signals.  The formulas are those
    of `wattbook.models.depreciation`.
    """
    chart = chart.transform_calculate(book0="1")
    for i in range(years):
        left, book = f"max({life} - {i}, 0)", f"datum.book{i}"
        level = f"({book} - {salvage}) / max({left}, 1)"
        charge = (
            f"{left} <= 0 ? 0 : {method} == '{METHODS[0]}' ? (1 - {salvage}) / {life}"
            f" : {method} == '{METHODS[1]}' ? min(max(2 / {life} * {book}, {level}), {book} - {salvage})"
            f" : (1 - {salvage}) * {left} / ({life} * ({life} + 1) / 2)"
        )
        chart = chart.transform_calculate(as_=f"e{i + 1}", calculate=charge)
        chart = chart.transform_calculate(as_=f"book{i + 1}", calculate=f"{book} - datum.e{i + 1}")
    return chart


class Firm(NamedTuple):
    """What the books of one firm start from: purchases by year, and of the base year what `income_path` takes."""

    name: str
    purchases: Mapping[int, float]
    income: float
    charge: float
    rest: float


def firm_books(
    firms: list[Firm],
    filed: pd.DataFrame,
    controls: Mapping[str, Slider],
    *,
    base: int,
    last: int,
    width: int = 130,
    height: int = 230,
) -> Any:
    """Charge, book and resale value, and operating income of one firm at a time, by life, method, salvage and growth.

    After `wattbook.models.depreciation.cohort_books` and `income_path`.  Purchases after ``base`` grow at one rate.
    ``filed`` has the operating income that was reported (``name``, ``year``, ``usd``).  ``controls`` are ``booksLife``,
    ``booksSalvage``, ``booksGrowth``, ``booksResale`` and ``booksIncome``; firm and method are chosen from lists.
    """
    rows = pd.DataFrame(
        [
            {
                "name": firm.name,
                "year": year,
                "bought": bought,
                "age": year - bought,
                "paid": firm.purchases[min(bought, base)],
                "ahead": max(bought - base, 0),
                "before": firm.income + firm.charge,
                "rest": firm.rest,
            }
            for firm in firms
            for year in range(min(firm.purchases), last + 1)
            for bought in range(min(firm.purchases), year + 1)
        ]
    )
    pick = [
        alt.param(
            name="booksFirm",
            value=firms[0].name,
            bind=alt.binding_select(options=[f.name for f in firms], name="Company "),
        ),
        alt.param(name="booksMethod", value=METHODS[0], bind=alt.binding_select(options=list(METHODS), name="Method ")),
    ]
    mine = alt.Chart(rows).transform_filter("datum.name == booksFirm")
    mine = write_off(mine, "booksLife", "booksMethod", "booksSalvage", last - int(rows["year"].min()) + 1)
    end = "(datum['book' + datum.age] + datum['book' + (datum.age + 1)]) / 2"
    begin = "(datum.age == 0 ? 1 : (datum['book' + (datum.age - 1)] + datum['book' + datum.age]) / 2)"
    sums = (
        mine.transform_calculate(price="datum.paid * pow(1 + booksGrowth / 100, datum.ahead)")
        .transform_calculate(
            expense=f"datum.price * ({begin} - {end})",
            book=f"datum.price * {end}",
            resale="datum.price * pow(booksResale, (datum.age + 0.5) / 3)",
        )
        .transform_aggregate(
            expense="sum(expense)",
            book="sum(book)",
            resale="sum(resale)",
            before="mean(before)",
            rest="mean(rest)",
            groupby=["year"],
        )
        .transform_calculate(
            income=f"datum.before * pow(1 + booksIncome / 100, datum.year - {base}) - datum.rest - datum.expense"
        )
    )
    x = alt.X("year:O", title=None, axis=alt.Axis(labelAngle=0, labelOverlap=True))
    # Income has no value before the base year, from which it grows.
    tip, earned_tip = (
        [alt.Tooltip("year:O"), *(alt.Tooltip(f"{of}:Q", format="$.3s") for of in results)]
        for results in (("expense", "book", "resale"), ("income",))
    )
    money = alt.Axis(format="$~s", tickCount=5, labelExpr="replace(datum.label, 'G', ' bn')")
    written = {
        of: f"replace(replace(format(datum.{of}, '$.3s'), 'G', ' bn'), 'T', ' tn')"
        for of in ("expense", "book", "resale", "income")
    }
    said = sums.transform_filter(f"datum.year == {last}").transform_calculate(
        text=f"booksFirm + ', {last}: charge ' + {written['expense']} + ', book ' + {written['book']}"
        f" + ', resale ' + {written['resale']} + ', operating income ' + {written['income']}"
    )
    charge = sums.mark_bar(color=COLOURS["purple"]).encode(
        x, alt.Y("expense:Q", title="charge of the year", axis=money), tooltip=tip
    )
    lines = sums.transform_fold(["book", "resale"], as_=["what", "usd"]).encode(
        x, alt.Y("usd:Q", title="end of the year", axis=money), tooltip=tip
    )
    pair = alt.Scale(domain=["book", "resale"], range=[COLOURS["blue"], COLOURS["red"]])
    worth = lines.mark_line(point=True).encode(
        color=alt.Color("what:N", scale=pair, legend=alt.Legend(title=None, symbolType="stroke", offset=6))
    )
    earned = sums.transform_filter(f"datum.year >= {base}").encode(
        x, alt.Y("income:Q", title="operating income", axis=money), tooltip=earned_tip
    )
    reported = (
        alt.Chart(filed)
        .transform_filter("datum.name == booksFirm")
        .mark_point(size=80, shape="diamond", color=COLOURS["orange"], opacity=1)
        .encode(x, alt.Y("usd:Q"), tooltip=["name", "year", "usd"])
    )
    size = {"width": width, "height": height}
    panels = alt.hconcat(
        charge.properties(**size),
        worth.properties(**size),
        alt.layer(
            earned.mark_line(point=alt.OverlayMarkDef(color=COLOURS["green"]), color=COLOURS["green"]), reported
        ).properties(**size),
        spacing=22,
    ).resolve_legend(color="independent")
    line = said.mark_text(align="left", fontWeight="bold", fontSize=12.5).encode(x=alt.value(-40), text="text:N")
    return alt.vconcat(line.properties(width=3 * width, height=18), panels).add_params(*pick, *sliders(controls))


def chain_interval(draws: pd.DataFrame, controls: Mapping[str, Slider], *, width: int = 560) -> Any:
    """The yearly charge of a chain from watts to write-offs, as a spread, after `wattbook.models.chain.spread`.

    ``draws`` are draws from 0 to 1, one column per link.  ``controls`` are the two ends of each link's range
    (``capacityLow`` and ``capacityHigh`` in GW, ``wattsLow`` …, ``priceLow`` …, ``lifeLow`` …) and ``incomeUsdBn``.
    Bars count the draws by charge; below are the middle nine tenths, the middle half and the median.
    """
    links = {"capacity": "* 1e9", "watts": "", "price": "", "life": ""}
    base = alt.Chart(draws.assign(draw=range(len(draws)))).transform_calculate(
        **{f"of_{n}": f"({n}Low + datum.{n} * ({n}High - {n}Low)){by}" for n, by in links.items()}
    )
    base = base.transform_calculate(chips="datum.of_capacity / datum.of_watts")
    base = base.transform_calculate(charge="datum.chips * datum.of_price / datum.of_life / 1e9")
    money = alt.Axis(format="$,.0f", tickCount=7)
    # Binned before, not by the axis, which would have a tick at every bin.
    bars = (
        base.transform_bin("from", "charge", bin=alt.Bin(maxbins=40))
        .mark_bar(color=COLOURS["grey"], opacity=0.5)
        .encode(
            alt.X("from:Q", title=None, axis=alt.Axis(labels=False, ticks=False, tickCount=7)),
            alt.X2("from_end:Q"),
            alt.Y("count()", title="draws", axis=alt.Axis(tickCount=4)),
            tooltip=[
                alt.Tooltip("from:Q", title="charge from, US$ bn a year", format=",.3~r"),
                alt.Tooltip("from_end:Q", title="charge to, US$ bn a year", format=",.3~r"),
                alt.Tooltip("count()", title="number of draws"),
            ],
        )
    )
    marks = [0.05, 0.25, 0.5, 0.75, 0.95]
    ends = base.transform_quantile("charge", probs=marks, as_=["prob", "charge"]).transform_calculate(
        name="'q' + round(datum.prob * 100)"
    )
    one = ends.transform_pivot("name", value="charge").transform_calculate(
        text="'US$' + format(datum.q5, ',.0f') + ' to ' + format(datum.q95, ',.0f') + ' bn a year in nine draws "
        "of ten,\\nmedian ' + format(datum.q50, ',.0f') + '; ' + format(datum.q5 / incomeUsdBn, '.0%') + ' to ' + "
        "format(datum.q95 / incomeUsdBn, '.0%') + ' of income'",
        low_share="datum.q5 / incomeUsdBn",
        high_share="datum.q95 / incomeUsdBn",
    )
    said = {
        "q5": "middle nine tenths, from, US$ bn a year",
        "q25": "middle half, from, US$ bn a year",
        "q50": "median, US$ bn a year",
        "q75": "middle half, to, US$ bn a year",
        "q95": "middle nine tenths, to, US$ bn a year",
        "low_share": "middle nine tenths, from, share of income",
        "high_share": "middle nine tenths, to, share of income",
    }
    results = one.encode(
        tooltip=[
            alt.Tooltip(f"{of}:Q", title=title, format=".1%" if of.endswith("share") else ",.1f")
            for of, title in said.items()
        ]
    )
    band = alt.layer(
        results.mark_rule(strokeWidth=4, color=COLOURS["purple"], opacity=0.6).encode(
            alt.X("q5:Q", title="charge of a year, billion US dollars", axis=money), x2="q95:Q"
        ),
        results.mark_rule(strokeWidth=12, color=COLOURS["purple"], opacity=0.6).encode(alt.X("q25:Q"), x2="q75:Q"),
        results.mark_tick(thickness=3, size=24, color=COLOURS["purple"]).encode(alt.X("q50:Q")),
    ).properties(width=width, height=34)
    line = one.mark_text(align="left", fontWeight="bold", fontSize=13, lineBreak="\n", lineHeight=17)
    line = line.encode(x=alt.value(0), y=alt.value(0), text="text:N")
    stack = alt.vconcat(
        line.properties(width=width, height=26), bars.properties(width=width, height=150), band, spacing=8
    )
    return stack.resolve_scale(x="shared").add_params(*sliders(controls))
