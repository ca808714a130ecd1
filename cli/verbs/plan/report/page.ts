import stringWidth from "string-width";
import type { painter, Paint } from "../../../terminal/colour";
import { printable } from "./words";

/** Lines that keep to a number of columns; a Chinese character takes two. Colour is put on after measuring. */
export class Page {
  text = "";

  constructor(
    private readonly columns: number,
    readonly paint: ReturnType<typeof painter>,
  ) {}

  line(indent: number, text: string): void {
    this.text += `${" ".repeat(indent)}${text}`.trimEnd() + "\n";
  }

  /** A labelled line, wrapped so that all its parts are below the first. */
  labelled(label: string, text: string, tint: Paint = (same) => same): void {
    const width = label.length === 1 ? 2 : 10;
    wrapped(text, this.columns - 2 - width).forEach((part, index) =>
      this.line(2, tint(`${(index === 0 ? label : "").padEnd(width)}${part}`)),
    );
  }

  wrap(indent: number, text: string, tint: Paint = (same) => same): void {
    wrapped(text, this.columns - indent - 2).forEach((part, index) =>
      this.line(indent + (index === 0 ? 0 : 2), index === 0 ? tint(part) : part),
    );
  }

  /** Shortens a text to what fits after an indent, at its end or at its start. */
  cut(indent: number, text: string, where: "start" | "end" = "end"): string {
    const room = this.columns - indent;
    const clean = printable(text);
    if (stringWidth(clean) <= room) return clean;
    const characters = where === "end" ? [...clean] : [...clean].reverse();
    const kept = characters.slice(0, fitting(characters, room - 3));
    return where === "end" ? `${kept.join("")}...` : `...${kept.reverse().join("")}`;
  }
}

/** How many characters of a list fit into so many columns, at least one. */
function fitting(characters: readonly string[], columns: number): number {
  let [used, at] = [0, 0];
  for (; at < characters.length; at++) {
    used += stringWidth(characters[at]!);
    if (used > columns) break;
  }
  return Math.max(1, at);
}

/** Breaks at spaces, and words that are longer than a line anywhere. */
function wrapped(text: string, columns: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (let word of printable(text).split(" ")) {
    if (line !== "" && stringWidth(line) + 1 + stringWidth(word) > columns) {
      lines.push(line);
      line = "";
    } else if (line !== "") {
      line += " ";
    }
    while (stringWidth(word) > columns) {
      const characters = [...word];
      const at = fitting(characters, columns);
      lines.push(characters.slice(0, at).join(""));
      word = characters.slice(at).join("");
    }
    line += word;
  }
  return [...lines, line];
}
