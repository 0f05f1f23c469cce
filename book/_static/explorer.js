// Filter, sort and save the rows of the ledger or the audit.  The rows are those of the page: without this script all of
// them are there, and the controls are not.
(() => {
  "use strict";
  const here = document.currentScript.src;
  const form = document.querySelector("form.wb-explorer");
  const fold = (text) => text.normalize("NFKC").toLowerCase().replace(/[‘’]/g, "'").replace(/[“”]/g, '"');
  const selector = ".wb-ledger > tbody > tr, .wb-audit > tbody > tr";
  const rows = [...document.querySelectorAll(selector)].map((element) => ({ element, home: element.parentElement }));
  const groups = [...new Set(rows.map((row) => row.element.closest("section")))];
  const status = form.querySelector("output");
  const fields = [...form.elements].filter((field) => field.name);

  // --- which rows -------------------------------------------------------------------------------------------------

  const valueOf = (field) => (field.type === "checkbox" && !field.checked ? "" : field.value.trim());
  const chosen = (name) => valueOf(form.elements[name]);

  const tests = () => {
    const found = [];
    for (const select of form.querySelectorAll("select:not([name=sort], [data-narrows])")) {
      const value = valueOf(select);
      const narrowed = form.querySelector(`[data-narrows="${select.name}"]`);
      const names = ((narrowed && valueOf(narrowed)) || select.dataset.fields || select.name).split(" ");
      if (value) {
        found.push(({ element }) => names.some((name) => (element.dataset[name] ?? "").split(" ").includes(value)));
      }
    }
    const words = fold(chosen("q")).split(/\s+/).filter(Boolean);
    if (words.length) {
      found.push((row) => {
        row.text ??= fold(row.element.textContent);
        return words.every((word) => row.text.includes(word));
      });
    }
    return found;
  };

  // --- in which order ---------------------------------------------------------------------------------------------

  let sorted;
  const makeSorted = () => {
    const table = rows[0].home.closest("table");
    const copy = table.cloneNode(false);
    copy.append(table.tHead.cloneNode(true), document.createElement("tbody"));
    sorted = document.createElement("section");
    sorted.append(document.createElement("h2"), copy);
    groups[0].before(sorted);
  };

  const compare = (a, b) => {
    if (a === b) return 0;
    if (a === "" || b === "") return a === "" ? 1 : -1;
    const difference = Number(a) - Number(b);
    return Number.isNaN(difference) ? a.localeCompare(b, "en", { numeric: true }) : difference;
  };

  let arranged = "";
  const arrange = () => {
    const option = form.elements.sort.selectedOptions[0];
    const keys = (option.dataset.keys ?? "").split(" ").filter(Boolean);
    const turn = chosen("desc") ? -1 : 1;
    const wanted = `${keys} ${turn}`;
    if (wanted === arranged) return;
    arranged = wanted;
    if (!keys.length) {
      const order = turn === 1 ? rows : [...rows].reverse();
      order.forEach((row) => row.home.append(row.element));
      sorted?.setAttribute("hidden", "");
      return;
    }
    if (!sorted) makeSorted();
    const order = rows.map((row) => [keys.map((key) => row.element.dataset[key] ?? ""), row.element]);
    const first = (a, b) => keys.reduce((found, _, i) => found || compare(a[0][i], b[0][i]), 0);
    order.sort((a, b) => turn * first(a, b));
    sorted.querySelector("h2").textContent = `Sorted by ${option.text}`;
    sorted.querySelector("tbody").append(...order.map((pair) => pair[1]));
    sorted.hidden = false;
  };

  // --- the page, the address, the status --------------------------------------------------------------------------

  const apply = () => {
    const wanted = tests();
    let count = 0;
    for (const row of rows) {
      const shown = wanted.every((test) => test(row));
      row.element.hidden = !shown;
      count += shown;
    }
    arrange();
    // A heading without rows says nothing.
    for (const group of groups) group.hidden = !group.querySelector("tbody > tr:not([hidden])");
    status.textContent = `${count} of ${rows.length} rows`;
  };

  const write = (hash) => {
    const query = new URLSearchParams();
    for (const field of fields) {
      const value = valueOf(field);
      const idle = field.dataset.narrows && !chosen(field.dataset.narrows);
      if (value && !idle) query.set(field.name, value);
    }
    history.replaceState(null, "", `${location.pathname}${query.size ? `?${query}` : ""}${hash}`);
  };

  const read = (query) => {
    for (const field of fields) {
      const value = query.get(field.name) ?? "";
      if (field.type === "checkbox") field.checked = value === field.value;
      else field.value = value;
      // A choice that does not exist leaves everything in.
      if (field.selectedIndex === -1) field.value = "";
    }
  };

  // A link to a row or a heading shows it, whatever was filtered.
  const reveal = () => {
    const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!target || !target.closest("[hidden]")) return;
    read(new URLSearchParams());
    apply();
    write(location.hash);
    target.scrollIntoView();
  };

  let waiting;
  const changed = () => {
    clearTimeout(waiting);
    apply();
    write("");
  };
  form.addEventListener("change", changed);
  form.elements.q.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(changed, 150);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    changed();
  });
  form.addEventListener("reset", (event) => {
    event.preventDefault();
    read(new URLSearchParams());
    changed();
  });
  window.addEventListener("hashchange", reveal);
  window.addEventListener("popstate", () => {
    read(new URLSearchParams(location.search));
    apply();
    reveal();
  });

  // --- saving -----------------------------------------------------------------------------------------------------

  let loading;
  const loadTable = () => {
    loading ??= new Promise((resolve, reject) => {
      // A script, not a request for data: it loads from a disk, too.
      const script = document.createElement("script");
      script.src = new URL(`data/${form.dataset.table}.js`, here);
      script.onload = () => resolve(window.wattbookTable);
      script.onerror = reject;
      document.head.append(script);
    });
    return loading;
  };

  const asCsv = (columns, cells) => {
    const quoted = (text) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
    return [columns, ...cells].map((row) => `${row.map(quoted).join(",")}\n`).join("");
  };

  const asJson = (columns, cells, numbers) => {
    const value = (text, i) => (numbers.includes(i) ? (text === "" ? null : Number(text)) : text);
    // JSON has no infinity: it becomes null, as in the file of all rows.
    return `${JSON.stringify(cells.map((row) => Object.fromEntries(columns.map((name, i) => [name, value(row[i], i)]))), null, 1)}\n`;
  };

  const save = async (kind) => {
    const { columns, rows: all, numbers } = await loadTable();
    const byId = new Map(all.map((row) => [row[0], row]));
    const shown = [...document.querySelectorAll(selector)].filter((element) => !element.hidden);
    const cells = shown.map((element) => byId.get(element.id.replace(/^[a-z]+-/, "")));
    const text = kind === "csv" ? asCsv(columns, cells) : asJson(columns, cells, numbers);
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type: kind === "csv" ? "text/csv" : "application/json" }));
    link.download = `wattbook-${form.dataset.table}-${cells.length}-rows.${kind}`;
    link.click();
    URL.revokeObjectURL(link.href);
    status.textContent = `${cells.length} of ${rows.length} rows saved as ${link.download}`;
  };
  for (const button of form.querySelectorAll("[data-save]")) {
    button.addEventListener("click", () => save(button.dataset.save));
  }

  read(new URLSearchParams(location.search));
  form.hidden = false;
  apply();
  reveal();
})();
