import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";

const root = join(__dirname, "..");
const folders = ["model", "machine", "infra", "cli", "bin", "test"] as const;

/** Which folders of ours a folder may import from, besides itself (design: "who may import whom"). */
const allowed: Record<(typeof folders)[number], readonly string[]> = {
  model: [],
  machine: ["model"],
  infra: ["model", "machine", "bin"],
  cli: ["model", "machine"],
  bin: [],
  test: ["model", "machine", "infra", "cli", "bin"],
};

/** The one file of the tool that may reach the Pulumi program. */
const bridge = "cli/pulumi.ts";

function sources(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(ts|js|cjs|mjs)$/.test(entry.name))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join("/"))
    .filter((file) => !file.includes("node_modules/"));
}

/** The specifiers of a file's imports, re-exports, dynamic imports and `require` calls. */
function imports(text: string): string[] {
  return [...text.matchAll(/(?:\bfrom|\bimport|\bimport\(|\brequire\()\s*["']([^"']+)["']/g)].map((match) => match[1]!);
}

/** `file: imports target` for each import of ours that the table does not allow. */
export function violations(file: string, text: string): string[] {
  const from = file.split("/")[0] as (typeof folders)[number];
  return imports(text)
    .filter((specifier) => specifier.startsWith("."))
    .map((specifier) =>
      relative(root, resolve(root, dirname(file), specifier))
        .split(sep)
        .join("/"),
    )
    .filter((target) => {
      const to = target.split("/")[0]!;
      if (!(folders as readonly string[]).includes(to) || to === from || allowed[from].includes(to)) return false;
      return !(file === bridge && to === "infra");
    })
    .map((target) => `${file}: imports ${target}`);
}

describe("import directions", () => {
  for (const folder of folders) {
    it(`${folder} imports only what the design allows`, () => {
      const found = sources(folder).flatMap((file) => violations(file, readFileSync(join(root, file), "utf8")));
      assert.deepEqual(found, []);
    });
  }

  it("names an import against the direction", () => {
    assert.deepEqual(violations("model/names.ts", 'import { x } from "../infra/config";'), [
      "model/names.ts: imports infra/config",
    ]);
    assert.deepEqual(violations("cli/status.ts", 'await import("../infra/program")'), [
      "cli/status.ts: imports infra/program",
    ]);
    assert.deepEqual(violations("cli/pulumi.ts", 'import { program } from "../infra/program";'), []);
  });
});
