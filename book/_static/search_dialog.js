// Shows the search: a field, and below it results as one types, in a dialog or in the search page.
(() => {
  "use strict";
  const NAMES = { figure: "Figure", table: "Table", claim: "Claim", check: "Check", entity: "Entity", term: "Term" };
  const SNIPPET = 190;
  const LEAD = 50;
  const MORE = 3;
  const HAN = /[\u3400-\u9fff]+/g;

  const make = (tag, attributes = {}, ...children) => {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.append(...children);
    return element;
  };

  // Text with its Han runs in a Chinese voice.
  const spoken = (text) => {
    const out = [];
    let at = 0;
    for (const { 0: run, index } of text.matchAll(HAN)) {
      out.push(text.slice(at, index), make("span", { lang: "zh" }, run));
      at = index + run.length;
    }
    return [...out, text.slice(at)];
  };

  // The part from start to end of a text, with the marked places in it as <mark>.
  const marked = (text, places, start = 0, end = text.length) => {
    const out = [];
    let at = start;
    for (const [from, to] of places) {
      if (from < at || to > end) continue;
      out.push(...spoken(text.slice(at, from)), make("mark", {}, ...spoken(text.slice(from, to))));
      at = to;
    }
    return [...out, ...spoken(text.slice(at, end))];
  };

  const placesIn = (marks, field) =>
    marks.filter((mark) => mark[0] === field).map(([, start, end]) => [start, end]).sort((a, b) => a[0] - b[0] || b[1] - a[1]);

  // The stretch of a text that has the most marked places.
  const snippet = (text, places) => {
    let best = 0;
    let most = 0;
    places.forEach(([start], i) => {
      const count = places.filter(([, end], j) => j >= i && end <= start + SNIPPET - LEAD).length;
      if (count > most) [best, most] = [start, count];
    });
    let start = Math.max(0, best - LEAD);
    if (start > 0) start = text.indexOf(" ", start) + 1 || start;
    if (start > best) start = best;
    let end = Math.min(text.length, start + SNIPPET);
    if (end < text.length) end = Math.max(text.lastIndexOf(" ", end), end - 20);
    return [start > 0 ? "… " : "", ...marked(text, places, start, end), end < text.length ? " …" : ""];
  };

  const start = (index) => {
    const searcher = new window.wattbookSearch.Searcher(index);
    const root = document.documentElement.dataset.content_root ?? "./";
    const address = (record) => `${root}${record.page}.html#${record.anchor}`;

    const heading = ({ record, marks }) => {
      const name = NAMES[record.kind];
      const title = marked(record.title, placesIn(marks, 0));
      return name ? [make("span", { class: "wb-search-kind" }, name), " ", ...title] : title;
    };

    const item = (result) => {
      const { record, section, marks, more } = result;
      const above = (record === section ? record.above : [section.id, ...section.above]).map((id) => searcher.records[id].title);
      const link = make("a", { href: address(record), class: "wb-search-link" });
      if (above.length) link.append(make("span", { class: "wb-search-above" }, ...spoken(above.reverse().join(" › "))));
      link.append(make("span", { class: "wb-search-title" }, ...heading(result)));
      if (record.text) link.append(make("span", { class: "wb-search-text" }, ...snippet(record.text, placesIn(marks, 1))));
      const entry = make("li", { "data-anchor": record.anchor, "data-section": section.anchor }, link);
      if (more.length) {
        const shown = more.slice(0, MORE).map((other) => make("li", {}, make("a", { href: address(other.record) }, ...heading(other))));
        if (more.length > MORE) {
          const rest = `and ${more.length - MORE} more in this section`;
          shown.push(make("li", {}, make("a", { href: address(section) }, rest)));
        }
        entry.append(make("ul", { class: "wb-search-more", "aria-label": "In the same section" }, ...shown));
      }
      return entry;
    };

    // Put the search into an element; give its field.
    const mount = (place) => {
      const field = make("input", {
        type: "search", name: "q", class: "wb-search-field", "aria-label": "Search the book", autocomplete: "off",
        autocapitalize: "off", spellcheck: "false", enterkeyhint: "go", placeholder: "電網, Nvidia, useful life, 662.6 …",
      });
      const status = make("p", { role: "status", class: "wb-search-status" });
      const list = make("ol", { class: "wb-search-results", id: "search-results", "aria-label": "Results" });
      const form = make("form", { role: "search", class: "wb-search-form" }, field);
      place.replaceChildren(form, status, list);
      const hint = "English or Chinese, in either script. ↓ and ↑ move through the results, Enter opens one, Esc closes.";

      const show = () => {
        const query = field.value.trim();
        const results = query ? searcher.find(query) : [];
        list.replaceChildren(...results.map(item));
        if (!query) status.textContent = hint;
        else if (results.length === window.wattbookSearch.MOST) status.textContent = `The ${results.length} best sections`;
        else if (results.length) status.textContent = `${results.length} section${results.length > 1 ? "s" : ""} found`;
        else status.textContent = `Nothing found for “${query}”. Try fewer words, or look into the glossary.`;
      };
      const links = () => Array.from(list.querySelectorAll("a"));
      field.addEventListener("input", show);
      form.addEventListener("submit", (event) => {
        event.preventDefault();
        links()[0]?.click();
      });
      place.addEventListener("keydown", (event) => {
        const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
        // While an input method composes, the keys are its own.
        if (!step || event.isComposing) return;
        event.preventDefault();
        const stops = [field, ...links()];
        const at = stops.indexOf(document.activeElement) + step;
        stops[Math.min(Math.max(at, 0), stops.length - 1)].focus();
      });
      field.value = new URLSearchParams(place.hasAttribute("data-search-here") ? location.search : "").get("q") ?? "";
      show();
      field.focus();
      return field;
    };

    let dialog;
    let field;
    const open = () => {
      if (!dialog) {
        const place = make("div", { class: "wb-search" });
        const close = make("button", { type: "button", class: "wb-search-close", "aria-label": "Close search" }, "×");
        dialog = make("dialog", { class: "wb-search-dialog", "aria-label": "Search" }, close, place);
        document.body.append(dialog);
        field = mount(place);
        close.addEventListener("click", () => dialog.close());
        dialog.addEventListener("keydown", (event) => {
          // In a search field Esc would only clear it.
          if (event.key !== "Escape" || event.isComposing) return;
          event.preventDefault();
          dialog.close();
        });
        dialog.addEventListener("click", (event) => {
          // A click beside the dialog is one on its backdrop; one on a result may lead to a place of this page.
          if (event.target === dialog || event.target.closest("a")) dialog.close();
        });
      }
      if (!dialog.open) dialog.showModal();
      field.focus();
      field.select();
    };

    return { open, mount };
  };

  window.wattbookSearch.start = start;
})();
