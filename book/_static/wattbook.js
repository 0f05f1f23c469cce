// Charts turn live when they come into view: one shared Vega bundle, loaded once, from this site.
(() => {
  "use strict";
  const here = document.currentScript.src;
  const views = {};
  window.wattbook = { views };
  const isNarrow = matchMedia("(max-width: 40rem)");

  // --- loading ----------------------------------------------------------------------------------------------------

  const loaded = {};
  // Scripts, not requests for data: they load from a disk, too.
  const load = (path) => {
    loaded[path] ??= new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = new URL(path, here);
      script.onload = resolve;
      script.onerror = () => {
        delete loaded[path];
        reject(new Error(`${path} did not load`));
      };
      document.head.append(script);
    });
    return loaded[path];
  };

  const specsOf = async (chart) => {
    const name = chart.dataset.chart;
    await load(`charts/${name}.js`);
    return window.wattbookCharts[name];
  };

  // --- live charts ------------------------------------------------------------------------------------------------

  // Vega writes SI prefixes: dollars are millions, billions and trillions, watts have their unit.
  const WORDS = { M: " m", G: " bn", T: " tn" };
  const written = (value, name = "") => {
    const [, number, prefix] = String(value).match(/^([-−+]?\$?[\d.,]+)([kMGT])$/) ?? [];
    if (number?.includes("$")) return number + (WORDS[prefix] ?? prefix);
    return number && name.endsWith(", W") ? `${number} ${prefix}W` : String(value);
  };
  const isSaid = (value) => !["", "null", "undefined", "NaN"].includes(String(value));

  const tooltip = (source) => (value, sanitize) => {
    const rows = typeof value === "object" ? Object.entries(value) : [["", value]];
    const lines = rows
      .filter(([, entry]) => isSaid(entry))
      .map(([key, entry]) => `<tr><td class="key">${sanitize(key)}</td><td>${sanitize(written(entry, key))}</td></tr>`);
    return `<table><tbody>${lines.join("")}</tbody></table><p class="wb-tooltip-source">Source: ${sanitize(source)}</p>`;
  };

  const turnLive = async (chart) => {
    const [specs] = await Promise.all([specsOf(chart), load("vega.js")]);
    const kind = specs.narrow && isNarrow.matches ? "narrow" : "wide";
    // Measured in the page's own faces: while Wattbook Sans loads, in its stand-ins, which are as wide.
    const config = { ...specs[kind].config, font: getComputedStyle(document.body).fontFamily };
    const spec = { ...specs[kind], config, datasets: specs.wide.datasets };
    const place = chart.querySelector(`.wb-chart-${kind}`);
    const controls = chart.querySelector(".wb-chart-controls");
    const live = document.createElement("div");
    const inputs = document.createElement("div");
    const result = await window.vegaEmbed(live, spec, {
      actions: false,
      renderer: "svg",
      bind: inputs,
      tooltip: { theme: "wattbook", disableDefaultStyle: true, formatTooltip: tooltip(spec.usermeta.source) },
    });
    const drawing = live.querySelector("svg");
    drawing.setAttribute("role", "img");
    drawing.setAttribute("aria-label", spec.description);
    // The library gives the text alternative to the box around it as well.
    for (const name of ["role", "aria-roledescription", "aria-label"]) live.removeAttribute(name);
    views[chart.dataset.chart]?.finalize();
    place.replaceChildren(live);
    controls?.replaceChildren(...inputs.childNodes);
    controls?.removeAttribute("data-still");
    views[chart.dataset.chart] = result.view;
    chart.dataset.live = kind;
    onLive(chart);
  };

  // One chart after the other, each in a task of its own, so that scrolling stays smooth.  A line may fail once.
  let queue = Promise.resolve();
  const enqueue = (chart, isFirst = true) => {
    queue = queue
      .then(() => new Promise((resolve) => setTimeout(resolve)))
      .then(() => turnLive(chart))
      .catch((error) => (isFirst ? enqueue(chart, false) : console.error("chart", chart.dataset.chart, error)));
  };

  const charts = [...document.querySelectorAll(".wb-chart")];
  const watch = (margin) => {
    const observer = new IntersectionObserver(
      (entries) => {
        for (const { target } of entries.filter((entry) => entry.isIntersecting)) {
          observer.unobserve(target);
          if (target.dataset.queued) continue;
          target.dataset.queued = "true";
          enqueue(target);
        }
      },
      { rootMargin: margin },
    );
    charts.forEach((chart) => observer.observe(chart));
  };
  if (charts.length) {
    watch("0px");
    // Who scrolls will reach the next chart: from here on it is made ready a screen ahead.
    addEventListener(
      "scroll",
      () => {
        load("vega.js").catch((error) => console.error(error));
        watch("100% 0px");
      },
      { once: true, passive: true },
    );
    isNarrow.addEventListener("change", () => {
      for (const chart of charts.filter((one) => one.dataset.live && "narrow" in one.dataset)) enqueue(chart);
    });
  }

  // --- data under a chart -----------------------------------------------------------------------------------------

  const MOST_ROWS = 300;
  const make = (tag, text) => Object.assign(document.createElement(tag), { textContent: text });
  const PREFIXES = ["", "k", "M", "G", "T"];
  const english = (value, digits) => value.toLocaleString("en", { minimumFractionDigits: digits ?? 0, maximumFractionDigits: digits ?? 6 });
  // As a tooltip writes it where the column has a format; else whole numbers whole, and of the others four digits that count.
  const numberOf = (value, format = "", name = "") => {
    const digits = Number(format.match(/\.(\d)/)?.[1] ?? 3);
    const sign = format.startsWith("+") && value > 0 ? "+" : "";
    if (format.endsWith("%")) return `${sign}${english(100 * value, digits)}%`;
    if (format.endsWith("f")) return sign + english(value, digits);
    if (format.endsWith("s") && value) {
      const power = Math.min(4, Math.max(0, Math.floor(Math.log10(Math.abs(value)) / 3)));
      const number = english(Number((value / 1000 ** power).toPrecision(digits)));
      return written(`${sign}${format.startsWith("$") ? "$" : ""}${number}${PREFIXES[power]}`.replace("$-", "-$"), name);
    }
    const kept = Number.isInteger(value) ? value : Number(value.toPrecision(4));
    return Math.abs(value) < 1e4 ? String(kept) : english(kept);
  };
  const cellOf = (tag, value, format, name) => {
    const shown = typeof value === "number" ? numberOf(value, format, name) : (value ?? "–");
    const made = make(tag, shown);
    if (/^[-−+$]*\d[\d.,]*(%| bn| tn| m| ?[kMGT]W?)?$/.test(shown)) made.className = "wb-number";
    if (/\p{Script=Han}/u.test(made.textContent)) made.lang = "zh-Hant";
    return made;
  };

  // Rows are lists, as long as the names.
  const tableOf = (caption, names, rows, formats = []) => {
    const table = document.createElement("table");
    table.createCaption().textContent = caption;
    const head = table.createTHead().insertRow();
    for (const name of names) head.append(Object.assign(cellOf("th", name), { scope: "col" }));
    const body = table.createTBody();
    for (const row of rows.slice(0, MOST_ROWS)) body.insertRow().append(...row.map((value, place) => cellOf("td", value, formats[place] ?? undefined, names[place])));
    for (const cell of head.cells)
      if ([...body.rows].every((row) => row.cells[cell.cellIndex].className)) cell.className = "wb-number";
    return rows.length > MOST_ROWS ? [table, make("p", `The first ${MOST_ROWS} of ${rows.length} rows.`)] : [table];
  };

  const dataOf = ({ wide, tables }) =>
    tables.flatMap((names) => {
      const rows = names.flatMap((name) => wide.datasets[name]);
      const columns = wide.usermeta.columns.filter(([column]) => rows.some((row) => column in row));
      const values = rows.map((row) => columns.map(([column]) => row[column]));
      return tableOf("Data", columns.map(([, name]) => name), values, columns.map(([, , format]) => format));
    });

  const marksOf = (item) =>
    (item.items ?? []).flatMap((mark) => mark.items.flatMap((one) => (mark.marktype === "group" ? marksOf(one) : mark.role === "mark" ? [one] : [])));

  // What the tooltips of a chart's marks say, in tables of the same columns: [names, rows].
  const drawnIn = (view) => {
    const kinds = new Map();
    for (const { tooltip: said } of marksOf({ items: [view.scenegraph().root] })) {
      if (typeof said !== "object" || said === null) continue;
      const names = Object.keys(said);
      const row = names.map((name) => written(said[name], name));
      const rows = kinds.get(JSON.stringify(names)) ?? new Map();
      kinds.set(JSON.stringify(names), rows.set(JSON.stringify(row), row));
    }
    const numberIn = ([first]) => Number(first.replaceAll(",", "").replace("−", "-").replace("%", ""));
    return [...kinds].map(([names, kept]) => {
      const rows = [...kept.values()];
      // The bars of a histogram come in the order of the data.
      if (!rows.some((row) => isNaN(numberIn(row)))) rows.sort((one, other) => numberIn(one) - numberIn(other));
      return [JSON.parse(names), rows];
    });
  };

  const showData = async (chart) => {
    const place = chart.querySelector(".wb-chart-data");
    const view = views[chart.dataset.chart];
    const drawn = chart.querySelector(".wb-chart-controls") && view ? drawnIn(view) : [];
    const tables = drawn.flatMap(([names, rows], at) => tableOf(`As the controls are set${at ? ` (${at + 1})` : ""}`, names, rows));
    tables.push(...dataOf(await specsOf(chart)));
    place.replaceChildren(...tables);
    place.hidden = !tables.length;
  };
  const refresh = (chart) => {
    if (chart.querySelector(".wb-chart-more").open) showData(chart).catch((error) => console.error(error));
  };

  // What a control has changed, for who cannot see it: sentences in the drawing first, then rows of its tables.
  const SENTENCE = 25;
  const MOST_SAID = 3;
  const said = new Map();
  const statementsOf = (view) => {
    const texts = marksOf({ items: [view.scenegraph().root] }).flatMap(({ text }) => text ?? []);
    const rows = drawnIn(view).flatMap(([names, all]) => all.map((row) => names.map((name, at) => `${name} ${row[at]}`).join("; ")));
    return [...texts.filter((text) => text.length >= SENTENCE), ...rows];
  };
  const onControl = async (chart) => {
    const view = await views[chart.dataset.chart].runAsync();
    const now = statementsOf(view);
    const before = said.get(chart) ?? [];
    said.set(chart, now);
    const changed = now.filter((statement) => !before.includes(statement));
    if (changed.length) chart.querySelector(".wb-chart-says").textContent = changed.slice(0, MOST_SAID).join(". ");
    refresh(chart);
  };
  const onLive = (chart) => {
    if (chart.querySelector(".wb-chart-controls")) said.set(chart, statementsOf(views[chart.dataset.chart]));
    refresh(chart);
  };

  for (const chart of charts) {
    chart.querySelector(".wb-chart-more").addEventListener("toggle", () => refresh(chart));
    // Sliders tell of each step by "input", lists and boxes of a choice by "change".
    for (const kind of ["input", "change"]) chart.querySelector(".wb-chart-controls")?.addEventListener(kind, () => onControl(chart));
  }

  // --- light and dark ---------------------------------------------------------------------------------------------

  const root = document.documentElement;
  const isDark = matchMedia("(prefers-color-scheme: dark)");
  const button = document.querySelector(".wb-mode");
  const setMode = (mode) => {
    root.dataset.mode = mode;
    root.dataset.theme = mode === "auto" ? (isDark.matches ? "dark" : "light") : mode;
    button.querySelector(".wb-mode-name").textContent = mode;
    button.setAttribute("aria-label", `Colours: ${mode}`);
  };
  const MODES = ["auto", "light", "dark"];
  button.addEventListener("click", () => {
    const mode = MODES[(MODES.indexOf(root.dataset.mode) + 1) % MODES.length];
    try {
      if (mode === "auto") localStorage.removeItem("mode");
      else localStorage.setItem("mode", mode);
    } catch {
      // Without storage the choice lasts as long as the page.
    }
    setMode(mode);
  });
  isDark.addEventListener("change", () => setMode(root.dataset.mode));
  setMode(root.dataset.mode);

  // --- small things -----------------------------------------------------------------------------------------------

  document.querySelector("#wb-nav").addEventListener("click", (event) => {
    if (event.target.closest("a[href^='#']")) event.currentTarget.hidePopover?.();
  });

  for (const block of document.querySelectorAll(".highlight")) {
    const copy = Object.assign(make("button", "Copy"), { type: "button", className: "wb-copy" });
    copy.addEventListener("click", async () => {
      await navigator.clipboard.writeText(block.querySelector("pre").textContent.trimEnd());
      copy.textContent = "Copied";
      setTimeout(() => (copy.textContent = "Copy"), 2000);
    });
    block.after(copy);
  }
})();
