import type { Io } from "./io";

export type Paint = (text: string) => string;

const codes = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33, cyan: 36 } as const;

/** Colours for a terminal, or functions that change nothing. */
export function painter(colour: boolean): Record<keyof typeof codes, Paint> {
  const paint =
    (code: number): Paint =>
    (text) =>
      colour && text !== "" ? `\u001b[${code}m${text}\u001b[0m` : text;
  return Object.fromEntries(Object.entries(codes).map(([name, code]) => [name, paint(code)])) as Record<
    keyof typeof codes,
    Paint
  >;
}

/** Whether standard output is a terminal that may be coloured: https://no-color.org */
export function wantsColour({ terminal, env }: Pick<Io, "terminal" | "env">): boolean {
  return terminal === true && !env.NO_COLOR && env.TERM !== "dumb";
}
