// Opens the search: on "/", on Ctrl-K or Cmd-K, and from every link marked data-search-open.  The engine, the index
// and the dialog are loaded when they are first asked for.
(() => {
  "use strict";
  const here = document.currentScript.src;
  const scripts = ["search_index.js", "search_engine.js", "search_dialog.js"];
  let loaded;

  const add = (element) =>
    new Promise((resolve, reject) => {
      element.onload = resolve;
      element.onerror = reject;
      document.head.append(element);
    });
  const load = () => {
    loaded ??= Promise.all([
      add(Object.assign(document.createElement("link"), { rel: "stylesheet", href: new URL("search.css", here) })),
      ...scripts.map((name) => add(Object.assign(document.createElement("script"), { src: new URL(name, here), async: false }))),
    ]).then(() => window.wattbookSearch.start(window.wattbookSearchIndex));
    // What could not be loaded is asked for again the next time.
    loaded.catch(() => (loaded = undefined));
    return loaded;
  };
  const open = async (event) => {
    event.preventDefault();
    event.stopImmediatePropagation();
    (await load()).open();
  };
  // The field of a dialog that has just closed keeps the focus for a moment.
  const isTyping = (element) =>
    element?.isContentEditable || (/^(INPUT|TEXTAREA|SELECT)$/.test(element?.tagName) && element.checkVisibility());

  window.addEventListener(
    "keydown",
    (event) => {
      const command = (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey;
      if (command && event.key.toLowerCase() === "k") open(event);
      else if (event.key === "/" && !event.ctrlKey && !event.metaKey && !event.altKey && !isTyping(event.target)) open(event);
    },
    true,
  );
  for (const link of document.querySelectorAll("[data-search-open]")) link.addEventListener("click", open);
  const place = document.querySelector("[data-search-here]");
  if (place) load().then((search) => search.mount(place));
})();
