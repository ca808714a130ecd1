import { createHash } from "node:crypto";

/** The policy of a page that has its style and its script inside it: nothing else runs or is loaded. */
export function inlinePolicy({ style, script }: { style: string; script: string }): string {
  const rules = [
    "default-src 'none'",
    `style-src '${hash(style)}'`,
    `script-src '${hash(script)}'`,
    // An icon of no bytes, so that the browser asks nobody for one.
    "img-src data:",
    "base-uri 'none'",
    "form-action 'none'",
  ];
  return rules.join("; ");
}

function hash(text: string): string {
  return `sha256-${createHash("sha256").update(text).digest("base64")}`;
}
