/** What the page does by itself: filter, follow the marks of the matrix, move in it with the arrow keys, take it apart. */
export const script = `
"use strict";
(() => {
  const $ = (id) => document.getElementById(id);
  const cards = [...document.querySelectorAll("details.card")];
  const scroll = document.querySelector(".matrix .scroll");
  const form = $("filters");
  const marks = () => scroll ? [...scroll.querySelectorAll("tbody a")] : [];

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
    fade();
    $("shown").textContent = shown === cards.length ? "" : shown + " of " + cards.length + " shown";
    $("none").hidden = shown > 0;
  };

  const fade = () => {
    const stage = $("stage").value;
    const hidden = new Set(cards.filter((card) => card.hidden).map((card) => "#" + card.id));
    const heads = scroll ? [...scroll.querySelector("thead").rows[1].cells] : [];
    for (const mark of marks()) {
      const cell = mark.parentElement;
      const elsewhere = stage !== "" && heads[cell.cellIndex].dataset.stage !== stage;
      cell.classList.toggle("off", elsewhere || hidden.has(mark.getAttribute("href")));
    }
    const all = hidden.size === 0 && stage === "";
    for (const row of scroll ? scroll.querySelectorAll("tbody tr") : [])
      row.hidden = !all && row.querySelector("td:not(.off) a") === null;
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
  }

  // One mark takes part in the order of Tab; the arrow keys lead to the others.
  const rove = () => {
    for (const [index, mark] of marks().entries()) mark.tabIndex = index === 0 ? 0 : -1;
  };
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
  const markOf = (event) => event.target.closest("tbody a");
  if (scroll) {
    scroll.addEventListener("keydown", (event) => {
      const [mark, step] = [markOf(event), keys[event.key]];
      if (!mark || !step) return;
      event.preventDefault();
      move(mark, step[0], step[1]);
    });
    scroll.addEventListener("click", (event) => {
      const mark = markOf(event);
      if (!mark) return;
      event.preventDefault();
      history.replaceState(null, "", mark.hash);
      reveal(mark.hash);
    });
  }

  // A column for every cluster, made of the columns that clusters share.
  const apart = (shared) => {
    const heads = [...shared.tHead.rows[1].cells].slice(1);
    const stages = [...new Set(heads.map((head) => head.dataset.stage))];
    const columns = heads.flatMap((head, at) => head.dataset.clusters.split(" ").map((name) => ({ head, at, name })));
    const place = (column) => stages.indexOf(column.head.dataset.stage);
    columns.sort((a, b) => place(a) - place(b) || (a.name < b.name ? -1 : 1));
    const table = shared.cloneNode(false);
    const head = table.createTHead();
    const top = shared.tHead.rows[0].cloneNode(true);
    for (const [index, cell] of [...top.cells].slice(1).entries())
      cell.colSpan = columns.filter((column) => place(column) === index).length;
    const names = document.createElement("tr");
    names.append(document.createElement("td"));
    for (const { head, name } of columns) {
      const cell = head.cloneNode(true);
      cell.removeAttribute("title");
      cell.firstElementChild.textContent = name;
      names.append(cell);
    }
    head.append(top, names);
    const body = table.createTBody();
    for (const row of shared.tBodies[0].rows) {
      const copy = document.createElement("tr");
      copy.append(row.cells[0].cloneNode(true));
      for (const { head, at, name } of columns) {
        const cell = row.cells[at + 1].cloneNode(true);
        const mark = cell.firstElementChild;
        if (mark) mark.setAttribute("aria-label",
          mark.getAttribute("aria-label").replace(" in " + head.dataset.where + ": ", () => " in " + name + ": "));
        copy.append(cell);
      }
      body.append(copy);
    }
    return table;
  };
  const every = $("every");
  if (every) {
    const shared = scroll.querySelector("table");
    let whole;
    every.addEventListener("click", () => {
      const pressed = every.getAttribute("aria-pressed") !== "true";
      every.setAttribute("aria-pressed", String(pressed));
      whole ??= apart(shared);
      scroll.replaceChildren(pressed ? whole : shared);
      rove();
      fade();
    });
  }

  rove();
  if (form) filter();
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
