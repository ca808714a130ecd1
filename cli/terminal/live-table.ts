import type { Io } from "./io";

/** Rows that change in place while something is waited for; without a terminal, the rows that have changed as plain lines. */
export interface LiveTable {
  show(rows: readonly string[]): void;
  /** A line that stays, above the rows. */
  line(text: string): void;
  /** Removes the rows; what was said as lines stays. */
  stop(): void;
}

/** The live table of one verb, on standard error. Never give it a secret. */
export function createLiveTable(io: Io): LiveTable {
  return io.live ? liveTable(io) : plainTable(io);
}

function plainTable(io: Io): LiveTable {
  let shown: readonly string[] = [];
  return {
    show(rows) {
      for (const row of rows) if (!shown.includes(row)) io.err(`${row.trimEnd()}\n`);
      shown = [...rows];
    },
    line(text) {
      io.err(`${text}\n`);
    },
    stop: () => undefined,
  };
}

function liveTable(io: Io): LiveTable {
  let shown: readonly string[] = [];
  // A row that is wider than the terminal would take two lines, of which only one is removed.
  const cut = (row: string) => (row.length > io.columns - 1 ? `${row.slice(0, io.columns - 4)}...` : row);
  const clear = () => io.err(shown.length === 0 ? "" : `\x1b[${shown.length}A\r\x1b[J`);
  const draw = (rows: readonly string[]) => {
    clear();
    shown = rows;
    io.err(rows.map((row) => `${cut(row)}\n`).join(""));
  };
  return {
    show: (rows) => draw([...rows]),
    line(text) {
      const rows = shown;
      draw([]);
      io.err(`${text}\n`);
      draw(rows);
    },
    stop: () => draw([]),
  };
}
