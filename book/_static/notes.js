// The notes beside numbers: kept inside the window, closed by Escape, and on a touch screen shown by a first tap, so that
// only a second one follows the link.
(() => {
  "use strict";
  const holderOf = (target) => target instanceof Element && target.closest(".wb-claim:has(> [role=tooltip]), .wb-check:has(> [role=tooltip])");
  let open = null;

  const place = () => {
    if (!open) return;
    const note = open.querySelector("[role=tooltip]");
    // A number that breaks over two lines has two boxes; the note stands below the last.
    const boxes = open.firstElementChild.getClientRects();
    const box = boxes[boxes.length - 1];
    const room = document.documentElement.clientWidth;
    const { width, height } = note.getBoundingClientRect();
    const below = box.bottom + height <= window.innerHeight;
    note.style.left = `${Math.max(8, Math.min(box.left, room - width - 8))}px`;
    note.style.top = `${below ? box.bottom : Math.max(0, boxes[0].top - height)}px`;
  };

  const close = () => {
    open?.classList.remove("wb-open");
    open = null;
  };

  const show = (holder) => {
    if (open === holder) return;
    close();
    open = holder;
    holder.classList.add("wb-open");
    place();
  };

  document.documentElement.classList.add("wb-notes");
  document.addEventListener("pointerover", (event) => {
    if (event.pointerType === "touch") return;
    const holder = holderOf(event.target);
    if (holder) show(holder);
    else if (open && !open.contains(document.activeElement)) close();
  });
  document.addEventListener("focusin", (event) => {
    const holder = holderOf(event.target);
    if (holder) show(holder);
    else close();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close();
  });
  document.addEventListener("pointerdown", (event) => {
    if (!holderOf(event.target)) close();
  });

  let tapped = null;
  document.addEventListener("pointerdown", (event) => {
    const holder = event.pointerType === "touch" && holderOf(event.target);
    // What was shown before this tap: the tap itself will focus the link.
    tapped = holder ? { holder, shown: open === holder } : null;
  });
  document.addEventListener("click", (event) => {
    if (!tapped || holderOf(event.target) !== tapped.holder || tapped.shown) return;
    event.preventDefault();
    show(tapped.holder);
  });
  window.addEventListener("scroll", place, { passive: true, capture: true });
})();
