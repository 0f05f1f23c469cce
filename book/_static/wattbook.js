// Charts turn live when they come into view: one shared Vega bundle, loaded once, from this site.
(() => {
  "use strict";
  const here = document.currentScript.src;
  const views = {};
  window.wattbook = { views };
  let bundle;

  const loadBundle = () => {
    bundle ??= new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = new URL("vega.js", here);
      script.onload = resolve;
      script.onerror = reject;
      document.head.append(script);
    });
    return bundle;
  };

  const turnLive = async (chart) => {
    await loadBundle();
    const place = chart.querySelector(".wb-chart-view");
    const spec = JSON.parse(chart.querySelector(".wb-chart-spec").textContent);
    const live = document.createElement("div");
    const result = await window.vegaEmbed(live, spec, {
      actions: false,
      renderer: "svg",
      bind: chart.querySelector(".wb-chart-controls"),
      tooltip: { theme: "wattbook" },
    });
    const drawing = live.querySelector("svg");
    drawing.setAttribute("role", "img");
    drawing.setAttribute("aria-label", spec.description);
    place.replaceChildren(live);
    views[chart.dataset.chart] = result.view;
    chart.dataset.live = "true";
  };

  const watch = new IntersectionObserver(
    (entries) => {
      for (const entry of entries.filter((e) => e.isIntersecting)) {
        watch.unobserve(entry.target);
        turnLive(entry.target).catch((error) => console.error("chart", entry.target.dataset.chart, error));
      }
    },
    { rootMargin: "200px" },
  );
  document.querySelectorAll(".wb-chart").forEach((chart) => watch.observe(chart));
})();
