import { nameDirectional } from "../../../terminal/directional";

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Text of a tree as text of a page, also inside attributes. */
export function escapeHtml(text: string): string {
  return nameDirectional(text)
    .replace(/[&<>"']/g, (character) => entities[character]!)
    .replace(/[^\P{Cc}\n\t]/gu, " ");
}
