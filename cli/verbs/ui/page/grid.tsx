import { memo } from "preact/compat";
import { useEffect, useMemo, useRef } from "preact/hooks";
import { applicationPath, clusterPath, componentPath, href } from "./address";
import type { Row } from "./selection";
import { When } from "./parts";
import { cellWords, linkWords, shownStates } from "./words";

/** Clusters down, components across; every cell leads to its Application. */
export function Grid({
  name,
  rows,
  columns,
  versions,
}: {
  name: string;
  rows: Row[];
  columns: string[];
  versions: boolean;
}) {
  const table = useRef<HTMLTableElement>(null);
  const names = columns.join(" ");
  // The same columns are the same list, so that only rows that changed are drawn again.
  const kept = useMemo(() => columns, [names]);
  useEffect(() => keepOneStop(table.current!));
  return (
    <div class="scroll">
      <table
        class={versions ? "grid versions" : "grid"}
        ref={table}
        onKeyDown={move}
        onFocusIn={stop}
        onMouseOver={tell}
      >
        <caption class="sr">{name}</caption>
        <thead>
          <tr>
            <td />
            {kept.map((component) => (
              <th key={component} scope="col">
                <a href={href(componentPath(component))} tabIndex={-1}>
                  {component}
                </a>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ cluster, cells }) => (
            <GridRow key={cluster.name} cluster={cluster} cells={cells} columns={kept} versions={versions} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface RowProps extends Row {
  columns: readonly string[];
  versions: boolean;
}

const GridRow = memo(
  ({ cluster, cells, columns, versions }: RowProps) => {
    const { name, link } = cluster;
    const lost = link.state === "unreachable";
    return (
      <tr class={lost ? "lost" : ""}>
        <th scope="row">
          <a href={href(clusterPath(name))} title={linkWords(link)}>
            {name}
          </a>
          {lost && (
            <span class="badge high">
              <span aria-hidden="true">✕</span> <span class="sr">not reached for </span>
              <When at={link.since} suffix="" />
            </span>
          )}
          {link.state === "connecting" && (
            <span class="badge change">
              <span aria-hidden="true">…</span> connecting
            </span>
          )}
        </th>
        {columns.map((component) => {
          const cell = cells.get(component);
          if (cell === undefined) return <td key={component} />;
          const { sign, tone } = shownStates[cell.state];
          const text = versions ? `${cell.state === "good" ? "" : `${sign} `}${cell.version || "–"}` : sign;
          // Who speaks to the browser says what is to be seen.
          const words = versions ? `${text}: ${cellWords(cell, name)}` : cellWords(cell, name);
          return (
            <td key={component} class={tone}>
              <a href={href(applicationPath(name, component))} tabIndex={-1} aria-label={words}>
                {text}
              </a>
            </td>
          );
        })}
      </tr>
    );
  },
  (a, b) =>
    a.cluster === b.cluster && a.columns === b.columns && a.versions === b.versions && sameCells(a.cells, b.cells),
);

/** A filter makes a new map each time, of the same cells. */
function sameCells(a: Row["cells"], b: Row["cells"]): boolean {
  return a === b || (a.size === b.size && [...a].every(([name, cell]) => b.get(name) === cell));
}

/** A grid is one stop of the Tab key; the arrow keys move within it. */
function keepOneStop(table: HTMLTableElement): void {
  if (table.querySelector('td a[tabindex="0"]') !== null) return;
  const first = table.querySelector<HTMLAnchorElement>("td a");
  if (first !== null) first.tabIndex = 0;
}

function stop({ target, currentTarget }: FocusEvent): void {
  const link = target as HTMLAnchorElement;
  if (!link.matches("td a")) return;
  for (const other of (currentTarget as Element).querySelectorAll<HTMLAnchorElement>('td a[tabindex="0"]'))
    other.tabIndex = -1;
  link.tabIndex = 0;
}

/** The words of a cell under the pointer; five thousand of them would slow down the first drawing. */
function tell({ target }: MouseEvent): void {
  const link = (target as Element).closest<HTMLAnchorElement>("td a");
  if (link !== null) link.title = link.getAttribute("aria-label") ?? "";
}

const steps: Readonly<Record<string, readonly [number, number]>> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
};

function move(event: KeyboardEvent): void {
  const step = steps[event.key];
  const cell = (event.target as Element).closest("td");
  if (step === undefined || cell === null) return;
  event.preventDefault();
  const [down, right] = step;
  let row = cell.parentElement as HTMLTableRowElement | null;
  let column = cell.cellIndex;
  // What is empty is passed over.
  for (;;) {
    row = down === 0 ? row : ((down > 0 ? row!.nextElementSibling : row!.previousElementSibling) as typeof row);
    column += right;
    const next = row?.cells[column];
    if (next === undefined || next.tagName !== "TD") return;
    const link = next.querySelector("a");
    if (link !== null) return link.focus();
  }
}
