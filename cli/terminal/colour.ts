import { styleText } from "node:util";
import type { Io } from "./io";

export type Paint = (text: string) => string;

const styles = ["bold", "dim", "red", "green", "yellow", "cyan"] as const;

/** Colours for a terminal, or functions that change nothing. */
export function painter(colour: boolean): Record<(typeof styles)[number], Paint> {
  const paint =
    (style: (typeof styles)[number]): Paint =>
    (text) =>
      colour && text !== "" ? styleText(style, text, { validateStream: false }) : text;
  return Object.fromEntries(styles.map((style) => [style, paint(style)])) as Record<(typeof styles)[number], Paint>;
}

/** Whether standard output is a terminal that may be coloured: https://no-color.org */
export function wantsColour({ terminal, env }: Pick<Io, "terminal" | "env">): boolean {
  return terminal === true && !env.NO_COLOR && env.TERM !== "dumb";
}
