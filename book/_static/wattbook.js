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

  const tooltip = (source) => (value, sanitize) => {
    const cell = (entry) => sanitize(typeof entry === "object" ? JSON.stringify(entry) : entry);
    const rows = typeof value === "object" ? Object.entries(value) : [["", value]];
    const lines = rows.map(([key, entry]) => `<tr><td class="key">${sanitize(key)}</td><td>${cell(entry)}</td></tr>`);
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
    views[chart.dataset.chart]?.finalize();
    place.replaceChildren(live);
    controls?.replaceChildren(...inputs.childNodes);
    controls?.removeAttribute("data-still");
    views[chart.dataset.chart] = result.view;
    chart.dataset.live = kind;
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
  const cellOf = (tag, value) => {
    const shown = typeof value === "number" ? Number(value.toPrecision(7)).toLocaleString("en", { maximumFractionDigits: 6, useGrouping: Math.abs(value) >= 1e4 }) : (value ?? "–");
    const made = make(tag, typeof shown === "object" ? JSON.stringify(shown) : shown);
    if (/\p{Script=Han}/u.test(made.textContent)) made.lang = "zh-Hant";
    return made;
  };

  const tableOf = (rows) => {
    const columns = [...new Set(rows.flatMap(Object.keys))].filter((column) => !column.startsWith("_"));
    const table = document.createElement("table");
    const head = table.createTHead().insertRow();
    for (const column of columns) head.append(Object.assign(cellOf("th", column), { scope: "col" }));
    const body = table.createTBody();
    for (const row of rows.slice(0, MOST_ROWS)) body.insertRow().append(...columns.map((column) => cellOf("td", row[column])));
    return rows.length > MOST_ROWS ? [table, make("p", `The first ${MOST_ROWS} of ${rows.length} rows; the CSV file has all.`)] : [table];
  };

  const showData = async (chart) => {
    const place = chart.querySelector(".wb-chart-data");
    if (place.hasChildNodes()) return;
    const { wide, tables } = await specsOf(chart);
    place.replaceChildren(...tables.flatMap((names) => tableOf(names.flatMap((name) => wide.datasets[name]))));
    place.hidden = false;
  };
  for (const chart of charts) {
    const more = chart.querySelector(".wb-chart-more");
    more.addEventListener("toggle", () => more.open && showData(chart).catch((error) => console.error(error)));
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
