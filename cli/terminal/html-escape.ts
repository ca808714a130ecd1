import { nameDirectional } from "./directional";

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Text of a tree without characters that change how the rest of it is read. */
export function readable(text: string): string {
  return nameDirectional(text).replace(/[^\P{Cc}\n\t]/gu, " ");
}

/** Text of a tree as text of a page, also inside attributes. */
export function escapeHtml(text: string): string {
  return readable(text).replace(/[&<>"']/g, (character) => entities[character]!);
}
