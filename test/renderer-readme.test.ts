import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { inCheckout } from "./support/paths";

const renderer = inCheckout("renderer");
const page = readFileSync(join(renderer, "README.md"), "utf8");

/** The cells of the rows of a table, without the backticks of names. */
function rowsBelow(heading: string): string[][] {
  const [, section = ""] = page.split(`\n## ${heading}\n`);
  const rows = section
    .split("\n## ")[0]!
    .split("\n")
    .filter((line) => line.startsWith("| `"));
  return rows.map((row) =>
    row
      .split("|")
      .map((cell) => cell.trim())
      .slice(1, -1),
  );
}

const names = (cell: string) => [...cell.matchAll(/`([a-z-]+)`/g)].map(([, name]) => name!);
const goFiles = (directory: string) =>
  readdirSync(join(renderer, directory)).filter((file) => file.endsWith(".go") && !file.endsWith("_test.go"));

describe("renderer/README.md", () => {
  const packages = readdirSync(renderer, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && goFiles(entry.name).length > 0)
    .map(({ name }) => name);
  const table = rowsBelow("Packages").map(([name = "", , imports = ""]) => ({ name: names(name)[0]!, imports }));

  it("lists the packages", () => {
    assert.deepEqual(table.map(({ name }) => name).sort(), packages.sort());
  });

  it("says what each package imports of the others", () => {
    for (const [row, { name, imports }] of table.entries()) {
      const said = imports === "all below" ? table.slice(row + 1).map((below) => below.name) : names(imports);
      const text = goFiles(name).map((file) => readFileSync(join(renderer, name, file), "utf8"));
      const found = text.flatMap((source) =>
        [...source.matchAll(/"onebranch\.dev\/renderer\/(\w+)"/g)].map(([, one]) => one!),
      );
      assert.deepEqual(said.sort(), [...new Set(found)].sort(), name);
    }
  });

  it("lists the operations of the protocol", () => {
    const source = readFileSync(join(renderer, "protocol/serve.go"), "utf8");
    const operations = [...source.matchAll(/^\tcase "([a-z-]+)":$/gm)].map(([, name]) => name!);
    assert.deepEqual(
      rowsBelow("The protocol")
        .map(([name = ""]) => names(name)[0])
        .sort(),
      operations.sort(),
    );
  });
});
