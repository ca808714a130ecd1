import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeOutput } from "../../../../cli/verbs/render/output";

describe("writing rendered manifests", () => {
  const cwd = mkdtempSync(join(tmpdir(), "onebranch-output-"));
  after(() => rmSync(cwd, { recursive: true, force: true }));

  const write = (content: string) =>
    writeOutput({ directory: "out", cwd, owned: "dev", keep: [], files: [{ path: "dev/a/x.yaml", content }] });

  it("is finished by a second run when the first one was killed halfway", () => {
    write("one");
    const list = join(cwd, "out/.onebranch-render.json");
    const done = readFileSync(list, "utf8");
    write("two");
    const next = readFileSync(list, "utf8");
    // Killed before or after the file was replaced: the list of that moment knows both contents.
    const [old] = Object.values((JSON.parse(done) as { files: Record<string, string> }).files);
    const [now] = Object.values((JSON.parse(next) as { files: Record<string, string> }).files);
    for (const content of ["one", "two"]) {
      writeFileSync(list, JSON.stringify({ files: { "dev/a/x.yaml": `${old} ${now}` } }));
      writeFileSync(join(cwd, "out/dev/a/x.yaml"), content);
      write("two");
      assert.equal(readFileSync(join(cwd, "out/dev/a/x.yaml"), "utf8"), "two");
      assert.equal(readFileSync(list, "utf8"), next);
    }
  });
});
