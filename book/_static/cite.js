// The cite control: opens a dialog with the citations of a section, figure, table, claim or check.  The citations are
// made at build, in a file per page that is loaded when the first is asked for.
(() => {
  "use strict";
  const here = document.currentScript.src;
  const FORMATS = [
    ["apa", "APA"],
    ["chicago", "Chicago"],
    ["bibtex", "BibTeX", "bib", "application/x-bibtex"],
    ["ris", "RIS", "ris", "application/x-research-info-systems"],
    ["csl-json", "CSL-JSON", "json", "application/vnd.citationstyles.csl+json"],
  ];
  let loaded;
  let dialog;

  const make = (tag, attributes = {}, ...children) => {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.append(...children);
    return element;
  };

  const add = (element) =>
    new Promise((resolve, reject) => {
      element.onload = resolve;
      element.onerror = reject;
      document.head.append(element);
    });
  const load = () => {
    const file = document.querySelector("meta[name='wb-citations']").content;
    loaded ??= Promise.all([
      add(make("link", { rel: "stylesheet", href: new URL("cite.css", here) })),
      add(make("script", { src: new URL(file, here) })),
    ]);
    return loaded;
  };

  const copy = async (element, status) => {
    const range = document.createRange();
    range.selectNodeContents(element);
    getSelection().removeAllRanges();
    getSelection().addRange(range);
    try {
      await navigator.clipboard.writeText(element.textContent);
    } catch {
      // No clipboard for pages that are not served over https: the selection is there to be copied.
      if (!document.execCommand("copy")) {
        status.textContent = "Selected: press Ctrl+C to copy.";
        return;
      }
    }
    status.textContent = "Copied.";
  };

  const row = (id, name, text, status, ending, type) => {
    const block = make("pre", { tabindex: "0", "aria-label": name }, text);
    const button = make("button", { type: "button", "aria-label": `Copy ${name}` }, "Copy");
    button.addEventListener("click", () => copy(block, status));
    const head = make("div", { class: "wb-cite-head" }, make("h3", {}, name), button);
    if (ending) {
      const href = `data:${type};charset=utf-8,${encodeURIComponent(`${text}\n`)}`;
      head.append(make("a", { href, download: `${id}.${ending}`, "aria-label": `Download ${name}` }, "Download"));
    }
    return make("section", {}, head, block);
  };

  const show = async (id) => {
    await load();
    const found = window.wattbookCitations[id];
    if (!dialog) {
      dialog = make("dialog", { class: "wb-cite-dialog", "aria-labelledby": "wb-cite-title" });
      document.body.append(dialog);
      dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
    }
    const status = make("p", { role: "status", class: "wb-cite-status" });
    const close = make("button", { type: "button", class: "wb-cite-close", "aria-label": "Close" }, "×");
    close.addEventListener("click", () => dialog.close());
    const rows = FORMATS.map(([key, name, ending, type]) => row(id, name, found[key], status, ending, type));
    const address = Object.assign(new URL(location.href), { hash: id, search: "" }).href;
    const title = make("h2", { id: "wb-cite-title" }, `Cite: ${found.title}`);
    dialog.replaceChildren(close, title, status, ...rows, row(id, "Permanent link", address, status));
    dialog.showModal();
  };

  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("[data-cite]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    show(link.dataset.cite);
  });
  // The rows of the ledger and the audit are many; their links are made here.
  for (const line of document.querySelectorAll("tr[id^='claim-'], tr[id^='check-']")) {
    const link = make("a", { class: "wb-cite", href: `#${line.id}`, "data-cite": line.id, "aria-label": `Cite ${line.id}` }, "cite");
    line.lastElementChild.append(make("p", { class: "wb-cite-line" }, link));
  }
})();
