/** What the page does by itself: filter, follow the marks of the matrix, move in it with the arrow keys. */
export const script = `
"use strict";
(() => {
  const $ = (id) => document.getElementById(id);
  const cards = [...document.querySelectorAll("details.card")];
  const marks = [...document.querySelectorAll(".matrix tbody a")];
  const form = $("filters");

  const filter = () => {
    const words = $("text").value.toLowerCase().split(/\\s+/).filter(Boolean);
    const stage = $("stage").value;
    const dangerous = $("dangerous").checked;
    let shown = 0;
    for (const card of cards) {
      const fits = words.every((word) => card.dataset.search.includes(word)) &&
        (stage === "" || card.dataset.stages.split(" ").includes(stage)) &&
        (!dangerous || "dangerous" in card.dataset);
      card.hidden = !fits;
      if (fits) shown++;
    }
    const hidden = new Set(cards.filter((card) => card.hidden).map((card) => "#" + card.id));
    for (const mark of marks) mark.parentElement.classList.toggle("off", hidden.has(mark.hash));
    $("shown").textContent = shown === cards.length ? "" : shown + " of " + cards.length + " shown";
    $("none").hidden = shown > 0;
  };

  const reveal = (hash) => {
    const card = /^#c\\d+$/.test(hash) && document.querySelector(hash);
    if (!card) return;
    if (card.hidden) clear();
    card.open = true;
    card.querySelector("summary").focus({ preventScroll: true });
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    card.scrollIntoView({ block: "start", behavior: calm ? "auto" : "smooth" });
  };

  const clear = () => {
    form.reset();
    filter();
  };

  if (form) {
    form.addEventListener("input", filter);
    form.addEventListener("submit", (event) => event.preventDefault());
    $("clear").addEventListener("click", () => { clear(); $("text").focus(); });
    filter();
  }

  for (const [index, mark] of marks.entries()) mark.tabIndex = index === 0 ? 0 : -1;
  const move = (from, down, right) => {
    const cell = from.parentElement;
    const rows = [...cell.parentElement.parentElement.rows];
    let row = rows.indexOf(cell.parentElement), column = cell.cellIndex;
    for (;;) {
      row += down; column += right;
      const next = rows[row] && rows[row].cells[column];
      if (!next) return;
      const mark = next.querySelector("a");
      if (!mark) continue;
      from.tabIndex = -1;
      mark.tabIndex = 0;
      mark.focus();
      return;
    }
  };
  const keys = { ArrowDown: [1, 0], ArrowUp: [-1, 0], ArrowRight: [0, 1], ArrowLeft: [0, -1] };
  for (const mark of marks) {
    mark.addEventListener("keydown", (event) => {
      const step = keys[event.key];
      if (!step) return;
      event.preventDefault();
      move(mark, step[0], step[1]);
    });
    mark.addEventListener("click", (event) => {
      event.preventDefault();
      history.replaceState(null, "", mark.hash);
      reveal(mark.hash);
    });
  }
  addEventListener("hashchange", () => reveal(location.hash));
  addEventListener("keydown", (event) => {
    if (event.key === "/" && form && !/^(INPUT|SELECT|TEXTAREA)$/.test(document.activeElement.tagName)) {
      event.preventDefault();
      $("text").focus();
    }
  });
  if (location.hash) reveal(location.hash);
})();
`;
