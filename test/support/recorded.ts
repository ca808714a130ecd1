import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/** Compares a text with the one that a file of this repository holds. `make expected` writes it into the file first. */
export function sameAsRecorded(file: string, text: string): void {
  if (process.env.UPDATE_EXPECTED === "1") {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  const recorded = existsSync(file) ? readFileSync(file, "utf8") : "";
  assert.equal(text, recorded, `${file} holds another text; \`make expected\` renews it`);
}
