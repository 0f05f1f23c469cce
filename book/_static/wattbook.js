// Charts turn live when they come into view; the reader picks light or dark; long things can be reached by keyboard.
(() => {
  "use strict";
  const here = document.currentScript.src;
  const root = document.documentElement;
  const views = {};
  const specs = {};
  window.wattbook = { views, specs };

  const loaded = new Map();
  const load = (file) => {
    if (!loaded.has(file)) {
      loaded.set(
        file,
        new Promise((resolve, reject) => {
          const script = document.createElement("script");
          script.src = new URL(file, here);
          script.onload = resolve;
          script.onerror = () => reject(new Error(`${file} did not load`));
          document.head.append(script);
        }),
      );
    }
    return loaded.get(file);
  };

  const specOf = async (chart) => {
    const name = chart.dataset.chart;
    await load(`charts/${name}.js`);
    return specs[name];
  };

  // --- charts turn live ---------------------------------------------------------------------------------------------
  const phone = matchMedia("(max-width: 40rem)");
  const isNarrow = (chart) => phone.matches && "narrow" in chart.dataset;

  const tooltip = (source) => ({
    theme: "wattbook",
    formatTooltip: (value, clean) => {
      if (typeof value !== "object") return clean(value);
      const rows = Object.entries(value).map(
        ([key, said]) => `<tr><td class="key">${clean(key)}</td><td class="value">${clean(said)}</td></tr>`,
      );
      return `<table>${rows.join("")}</table><p class="wb-tooltip-source">Source: ${clean(source)}</p>`;
    },
  });

  const turnLive = async (chart) => {
    const [both] = await Promise.all([specOf(chart), load("vega.js")]);
    const narrow = isNarrow(chart);
    const spec = narrow ? { ...both.narrow, datasets: both.wide.datasets } : both.wide;
    const place = chart.querySelector(narrow ? ".wb-chart-narrow" : ".wb-chart-wide");
    const drawn = place.querySelector("svg");
    const controls = chart.querySelector(".wb-chart-controls");
    controls?.replaceChildren();
    const live = document.createElement("div");
    const result = await window.vegaEmbed(live, spec, {
      actions: false,
      renderer: "svg",
      bind: controls ?? undefined,
      tooltip: tooltip(spec.usermeta?.source ?? ""),
    });
    const drawing = live.querySelector("svg");
    for (const name of ["role", "aria-label", "aria-labelledby"]) {
      if (drawn.hasAttribute(name)) drawing.setAttribute(name, drawn.getAttribute(name));
    }
    place.replaceChildren(live);
    views[chart.dataset.chart] = result.view;
    chart.dataset.live = narrow ? "narrow" : "wide";
  };

  // One after the other, so that the page answers in between; those in sight first.
  const waiting = new Set();
  let busy = false;
  const distance = (chart) => {
    const box = chart.getBoundingClientRect();
    return Math.max(0, box.top - innerHeight, -box.bottom);
  };
  const work = async () => {
    if (busy) return;
    busy = true;
    while (waiting.size) {
      const [chart] = [...waiting].sort((a, b) => distance(a) - distance(b));
      waiting.delete(chart);
      try {
        await turnLive(chart);
      } catch (error) {
        console.error("chart", chart.dataset.chart, error);
      }
      await new Promise((next) => setTimeout(next));
    }
    busy = false;
  };

  const charts = [...document.querySelectorAll(".wb-chart")];
  let watch;
  const watchCharts = (margin) => {
    watch?.disconnect();
    watch = new IntersectionObserver(
      (entries) => {
        for (const { target, isIntersecting } of entries) {
          if (!isIntersecting) continue;
          watch.unobserve(target);
          waiting.add(target);
        }
        work();
      },
      { rootMargin: margin },
    );
    for (const chart of charts) {
      if (chart.dataset.live !== (isNarrow(chart) ? "narrow" : "wide")) watch.observe(chart);
    }
  };

  // Until the reader moves, a page costs what can be seen; then the library comes ahead of the next chart.
  const begin = () => {
    for (const event of ["scroll", "pointerdown", "keydown", "wheel", "touchstart"]) removeEventListener(event, begin);
    load("vega.js").catch((error) => console.error(error));
    watchCharts("700px");
  };
  if (charts.length) {
    for (const event of ["scroll", "pointerdown", "keydown", "wheel", "touchstart"]) {
      addEventListener(event, begin, { passive: true });
    }
    addEventListener("load", () => {
      if (!loaded.has("vega.js")) watchCharts("0px");
    });
    phone.addEventListener("change", () => watchCharts("700px"));
  }

  // --- one series of a chart, by button -----------------------------------------------------------------------------
  document.addEventListener("click", (event) => {
    const button = event.target.closest(".wb-series button");
    if (!button) return;
    const view = views[button.closest(".wb-chart").dataset.chart];
    const chosen = button.getAttribute("aria-pressed") !== "true";
    for (const other of button.parentElement.children) other.setAttribute("aria-pressed", String(chosen && other === button));
    view.signal("wbSeries", chosen ? button.textContent : null).runAsync();
  });

  // --- a chart's data as a table, made when asked for ---------------------------------------------------------------
  const table = (rows) => {
    const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))].filter((name) => !name.startsWith("_"));
    const made = document.createElement("table");
    const head = made.createTHead().insertRow();
    for (const name of columns) {
      const cell = document.createElement("th");
      cell.scope = "col";
      cell.textContent = name;
      head.append(cell);
    }
    const body = made.createTBody();
    for (const row of rows) {
      const line = body.insertRow();
      for (const name of columns) line.insertCell().textContent = row[name] ?? "–";
    }
    return made;
  };

  document.addEventListener(
    "toggle",
    async (event) => {
      const more = event.target;
      if (!more.matches?.(".wb-chart-more") || !more.open) return;
      const place = more.querySelector(".wb-chart-data");
      if (place.childElementCount) return;
      const { wide } = await specOf(more.closest(".wb-chart"));
      const sets = Object.keys(wide.datasets ?? {}).sort();
      const rows = sets.map((name) => wide.datasets[name]).reduce((a, b) => (b.length > a.length ? b : a), []);
      place.tabIndex = 0;
      place.setAttribute("role", "group");
      place.setAttribute("aria-label", "Data of the chart");
      place.append(table(rows));
    },
    true,
  );

  // --- light and dark -----------------------------------------------------------------------------------------------
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const button = document.querySelector(".wb-mode");
  const show = (mode) => {
    root.dataset.mode = mode;
    root.dataset.theme = mode === "auto" ? (dark.matches ? "dark" : "light") : mode;
    button.querySelector(".wb-mode-name").textContent = mode;
    button.setAttribute("aria-label", `Colour mode: ${mode}`);
  };
  dark.addEventListener("change", () => show(root.dataset.mode));
  button.addEventListener("click", () => {
    const mode = { auto: "light", light: "dark", dark: "auto" }[root.dataset.mode];
    try {
      if (mode === "auto") localStorage.removeItem("mode");
      else localStorage.setItem("mode", mode);
    } catch {
      // No storage: the choice lasts for this page.
    }
    show(mode);
  });
  button.hidden = false;
  show(root.dataset.mode);

  // --- code can be copied; what does not scroll is no stop for the Tab key ------------------------------------------
  const settle = () => {
    for (const block of document.querySelectorAll(".wb-scroll[tabindex], .highlight pre[tabindex], .wb-formula[tabindex]")) {
      if (block.offsetParent && block.scrollWidth <= block.clientWidth) block.removeAttribute("tabindex");
    }
    if (!navigator.clipboard) return;
    for (const code of document.querySelectorAll("[class*='highlight-']")) {
      const copy = document.createElement("button");
      copy.type = "button";
      copy.className = "wb-copy";
      copy.textContent = "Copy";
      copy.addEventListener("click", async () => {
        await navigator.clipboard.writeText(code.querySelector("pre").textContent.trimEnd());
        copy.textContent = "Copied";
      });
      code.append(copy);
    }
  };
  addEventListener("load", () => (window.requestIdleCallback ?? setTimeout)(settle));
})();
