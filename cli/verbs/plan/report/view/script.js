/**
 * What the view of a plan does by itself: filter, follow the marks of the matrix, move in it with the arrow keys, take it apart.
 * @typedef {{
 *   read: (name: string) => string,
 *   write: (name: string, value: string) => void,
 *   onMove: (listener: () => void) => () => void,
 * }} Address where the filters are kept, and who says that it has become another one
 * @param {{ anchors?: boolean, address?: Address }} [options] anchors: whether the part of the address after # names a change
 * @returns {() => void} ends it
 */
export function bringToLife({ anchors = true, address } = {}) {
  /**
   * @template {HTMLElement} T
   * @param {string} id
   * @param {new () => T} type
   */
  const find = (id, type) => {
    const found = document.getElementById(id);
    return found instanceof type ? found : undefined;
  };
  const text = find("text", HTMLInputElement);
  const stages = find("stage", HTMLSelectElement);
  const dangerous = find("dangerous", HTMLInputElement);
  const form = find("filters", HTMLFormElement);
  const cards = /** @type {NodeListOf<HTMLDetailsElement>} */ (document.querySelectorAll("details.card"));
  const scroll = /** @type {HTMLElement | null} */ (document.querySelector(".matrix .scroll"));
  const marks = () => /** @type {NodeListOf<HTMLAnchorElement>} */ (document.querySelectorAll(".matrix tbody a"));
  /** @param {HTMLAnchorElement} mark */
  const cellOf = (mark) => /** @type {HTMLTableCellElement} */ (mark.parentElement);

  const filter = () => {
    const words = (text?.value ?? "").toLowerCase().split(/\s+/).filter(Boolean);
    const stage = stages?.value ?? "";
    let shown = 0;
    for (const card of cards) {
      const { search = "", stages: its = "" } = card.dataset;
      const fits =
        words.every((word) => search.includes(word)) &&
        (stage === "" || its.split(" ").includes(stage)) &&
        (!dangerous?.checked || "dangerous" in card.dataset);
      card.hidden = !fits;
      if (fits) shown++;
    }
    fade();
    const count = find("shown", HTMLElement);
    if (count) count.textContent = shown === cards.length ? "" : `${shown} of ${cards.length} shown`;
    const none = find("none", HTMLElement);
    if (none) none.hidden = shown > 0;
  };

  const fade = () => {
    const stage = stages?.value ?? "";
    const hidden = new Set([...cards].filter((card) => card.hidden).map((card) => `#${card.id}`));
    const heads = scroll?.querySelector("thead")?.rows[1]?.cells;
    for (const mark of marks()) {
      const cell = cellOf(mark);
      const elsewhere = stage !== "" && heads?.[cell.cellIndex]?.dataset.stage !== stage;
      cell.classList.toggle("off", elsewhere || hidden.has(mark.hash));
    }
    const all = hidden.size === 0 && stage === "";
    for (const row of scroll?.querySelector("tbody")?.rows ?? [])
      row.hidden = !all && row.querySelector("td:not(.off) a") === null;
  };

  /** @param {string} hash */
  const reveal = (hash) => {
    const card = find(hash.replace(/^#/, ""), HTMLDetailsElement);
    if (!card) return;
    if (card.hidden) clear();
    if (anchors) history.replaceState(null, "", hash);
    card.open = true;
    card.querySelector("summary")?.focus({ preventScroll: true });
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    card.scrollIntoView({ block: "start", behavior: calm ? "auto" : "smooth" });
  };

  /** What the address says is what is chosen; a stage that the plan does not have is every stage. */
  const recall = () => {
    if (!address) return;
    if (text) text.value = address.read("text");
    if (stages) stages.value = [...stages.options].find(({ value }) => value === address.read("stage"))?.value ?? "";
    if (dangerous) dangerous.checked = address.read("only") === "dangers";
  };
  const choose = () => {
    filter();
    const chosen = { text: text?.value ?? "", stage: stages?.value ?? "", only: dangerous?.checked ? "dangers" : "" };
    for (const [name, value] of Object.entries(chosen))
      if (address && address.read(name) !== value) address.write(name, value);
  };
  const clear = () => {
    form?.reset();
    choose();
  };

  form?.addEventListener("input", choose);
  form?.addEventListener("submit", (event) => event.preventDefault());
  find("clear", HTMLButtonElement)?.addEventListener("click", () => {
    clear();
    text?.focus();
  });

  // One mark takes part in the order of Tab; the arrow keys lead to the others.
  const rove = () => {
    for (const [index, mark] of marks().entries()) mark.tabIndex = index === 0 ? 0 : -1;
  };
  /**
   * @param {HTMLAnchorElement} from
   * @param {readonly [down: number, right: number]} step
   */
  const move = (from, [down, right]) => {
    const cell = cellOf(from);
    const rows = [...(scroll?.querySelector("tbody")?.rows ?? [])];
    let row = rows.findIndex((one) => one.contains(cell));
    let column = cell.cellIndex;
    for (;;) {
      row += down;
      column += right;
      const next = rows[row]?.cells[column];
      if (!next) return;
      const mark = next.querySelector("a");
      if (!mark) continue;
      from.tabIndex = -1;
      mark.tabIndex = 0;
      mark.focus();
      return;
    }
  };
  /** @type {Record<string, readonly [down: number, right: number]>} */
  const steps = { ArrowDown: [1, 0], ArrowUp: [-1, 0], ArrowRight: [0, 1], ArrowLeft: [0, -1] };
  /** @param {Event} event */
  const markOf = ({ target }) =>
    /** @type {HTMLAnchorElement | null} */ (target instanceof Element ? target.closest("tbody a") : null);
  scroll?.addEventListener("keydown", (event) => {
    const [mark, step] = [markOf(event), steps[event.key]];
    if (!mark || !step) return;
    event.preventDefault();
    move(mark, step);
  });
  scroll?.addEventListener("click", (event) => {
    const mark = markOf(event);
    if (!mark) return;
    event.preventDefault();
    reveal(mark.hash);
  });

  /**
   * A column for every cluster, made of the columns that clusters share.
   * @param {HTMLTableElement} shared
   */
  const apart = (shared) => {
    const [top, names] = /** @type {[HTMLTableRowElement, HTMLTableRowElement]} */ (
      /** @type {unknown} */ ([...(shared.tHead?.rows ?? [])])
    );
    const heads = [...names.cells].slice(1);
    const order = [...new Set(heads.map((head) => head.dataset.stage))];
    const columns = heads.flatMap((head, at) =>
      (head.dataset.clusters ?? "")
        .split(" ")
        .map((name) => ({ head, at, name, stage: order.indexOf(head.dataset.stage) })),
    );
    columns.sort((a, b) => a.stage - b.stage || (a.name < b.name ? -1 : 1));
    const table = copyOf(shared, false);
    const head = table.createTHead();
    const stageRow = head.appendChild(copyOf(top));
    for (const [index, cell] of [...stageRow.cells].slice(1).entries())
      cell.colSpan = columns.filter(({ stage }) => stage === index).length;
    const nameRow = head.insertRow();
    nameRow.insertCell();
    for (const { head, name } of columns) {
      const cell = nameRow.appendChild(copyOf(head));
      cell.removeAttribute("title");
      if (cell.firstElementChild) cell.firstElementChild.textContent = name;
    }
    const body = table.createTBody();
    for (const row of shared.tBodies[0]?.rows ?? []) {
      const copy = body.insertRow();
      copy.append(copyOf(cellAt(row, 0)));
      for (const { head, at, name } of columns) {
        const cell = copy.appendChild(copyOf(cellAt(row, at + 1)));
        const mark = cell.querySelector("a");
        const label = mark?.getAttribute("aria-label") ?? "";
        mark?.setAttribute(
          "aria-label",
          label.replace(` in ${head.dataset.where}: `, () => ` in ${name}: `),
        );
      }
    }
    return table;
  };
  /**
   * @param {HTMLTableRowElement} row
   * @param {number} at
   */
  const cellAt = (row, at) => /** @type {HTMLTableCellElement} */ (row.cells[at]);
  /**
   * @template {Node} T
   * @param {T} node
   */
  const copyOf = (node, deep = true) => /** @type {T} */ (node.cloneNode(deep));
  const every = find("every", HTMLButtonElement);
  const shared = scroll?.querySelector("table");
  if (every && shared) {
    /** @type {HTMLTableElement | undefined} */
    let whole;
    every.addEventListener("click", () => {
      const pressed = every.getAttribute("aria-pressed") !== "true";
      every.setAttribute("aria-pressed", String(pressed));
      whole ??= apart(shared);
      scroll?.replaceChildren(pressed ? whole : shared);
      rove();
      fade();
    });
  }

  rove();
  recall();
  if (form) filter();
  const follow = () => reveal(location.hash);
  /** @param {KeyboardEvent} event */
  const search = (event) => {
    if (event.key === "/" && text && !/^(INPUT|SELECT|TEXTAREA)$/.test(document.activeElement?.tagName ?? "")) {
      event.preventDefault();
      text.focus();
    }
  };
  if (anchors) addEventListener("hashchange", follow);
  addEventListener("keydown", search);
  if (anchors && location.hash) follow();
  const end = address?.onMove(() => {
    recall();
    if (form) filter();
  });
  return () => {
    end?.();
    removeEventListener("hashchange", follow);
    removeEventListener("keydown", search);
  };
}
