import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";

const root = join(__dirname, "..", "..", "..", "..", "cli");

/** Files by the files that they import, `import type` among them. */
function importsOf(folder: string): Map<string, string[]> {
  const files = readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .map((file) => join(folder, file));
  const targets = (file: string) =>
    [...readFileSync(join(root, file), "utf8").matchAll(/\bfrom "(\.[^"]+)"/g)]
      .map(([, specifier]) => relative(root, resolve(root, dirname(file), specifier!)))
      .flatMap((target) => files.filter((other) => other === `${target}.ts` || other === join(target, "index.ts")));
  return new Map(files.map((file) => [file, targets(file)]));
}

/** One circle of imports, or undefined. */
function circle(graph: ReadonlyMap<string, string[]>): string[] | undefined {
  const done = new Set<string>();
  const visit = (file: string, above: readonly string[]): string[] | undefined => {
    if (above.includes(file)) return [...above.slice(above.indexOf(file)), file];
    if (done.has(file)) return undefined;
    for (const target of graph.get(file) ?? []) {
      const found = visit(target, [...above, file]);
      if (found) return found;
    }
    done.add(file);
    return undefined;
  };
  for (const file of graph.keys()) {
    const found = visit(file, []);
    if (found) return found;
  }
  return undefined;
}

describe("the imports of check", () => {
  for (const folder of ["verbs/check", "tree/kubernetes"]) {
    it(`go in no circle in cli/${folder}`, () => {
      const graph = importsOf(folder);
      assert.ok([...graph.values()].flat().length > 0);
      assert.equal(circle(graph)?.join(" -> "), undefined);
    });
  }

  it("would be seen in one", () => {
    assert.deepEqual(
      circle(
        new Map([
          ["a", ["b"]],
          ["b", ["c"]],
          ["c", ["b"]],
        ]),
      ),
      ["b", "c", "b"],
    );
  });
});
