import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import {
  cpSync,
  mkdtempSync,
  mkdirSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { inSources } from "../../machine/source-lines";
import { inCheckout } from "../support/paths";

describe("a bundle of the sources", () => {
  let checkout: string;
  const write = (path: string, text: string) => writeFileSync(join(checkout, path), text);
  const bundles = () => readdirSync(join(checkout, "dist")).filter((name) => name !== "v8");
  const made = () => statSync(join(checkout, "dist", "cli-main.js")).ino;

  /** What a fresh process prints of `said`, which the source exports. */
  function start(before = ""): string {
    const script = `${before}process.stdout.write(require("./bin/bundle").load("cli/main.ts").said())`;
    return execFileSync(process.execPath, ["--eval", script], { cwd: checkout, encoding: "utf8", stdio: "pipe" });
  }

  /** Sources that changed just now may change again while they are read, so no bundle of them is kept. */
  const settle = () => wait(100);

  beforeEach(async () => {
    checkout = mkdtempSync(join(tmpdir(), "onebranch-bundle-"));
    mkdirSync(join(checkout, "cli"));
    cpSync(inCheckout("bin"), join(checkout, "bin"), { recursive: true });
    cpSync(inCheckout("package.json"), join(checkout, "package.json"));
    symlinkSync(inCheckout("node_modules"), join(checkout, "node_modules"));
    write(
      "cli/main.ts",
      'import { word } from "./word";\nexport const said = (): string => `${word} ${__dirname.endsWith("dist")}`;\n',
    );
    write("cli/word.ts", 'export const word: string = "one";\n');
    await settle();
  });
  afterEach(() => rmSync(checkout, { recursive: true }));

  it("is made once while nothing changes", () => {
    assert.equal(start(), "one true");
    const first = made();
    assert.equal(start(), "one true");
    assert.equal(made(), first);
    assert.deepEqual(bundles(), ["cli-main.js", "cli-main.js.map"]);
  });

  it("is made again after a change of something imported, though size and time of the file are as before", async () => {
    start();
    const word = join(checkout, "cli/word.ts");
    const { atime, mtime } = statSync(word);
    write("cli/word.ts", 'export const word: string = "two";\n');
    utimesSync(word, atime, mtime);
    assert.equal(start(), "two true");
    await settle();
    assert.equal(start(), "two true");
  });

  it("is made again after a package that it holds, or the way it is made, has changed", async () => {
    start();
    for (const path of ["package.json", "bin/bundle.js"]) {
      const before = made();
      utimesSync(join(checkout, path), new Date(), new Date());
      await settle();
      start();
      assert.notEqual(made(), before, path);
    }
  });

  it("is not kept when a source may have changed while it was made", () => {
    assert.equal(start("Date.now = () => 0;"), "one true");
    assert.throws(made, { code: "ENOENT" });
  });

  it("fails as esbuild says when a source is gone", () => {
    start();
    rmSync(join(checkout, "cli/word.ts"));
    assert.throws(start, /cli\/main\.ts:1:21: ERROR: Could not resolve "\.\/word"/);
  });

  it("runs from memory where it cannot be written", () => {
    write("dist", "a file in the way");
    assert.equal(start(), "one true");
  });

  it("leaves lines of the sources in a stack trace", async () => {
    write(
      "cli/main.ts",
      'interface Unseen {\n  a: 1;\n}\nexport function said(): string {\n  return new Error("here").stack!;\n}\n',
    );
    await settle();
    const trace = start();
    const bundle = join(checkout, "dist", "cli-main.js");
    assert.ok(trace.includes(`${bundle}:`), trace);
    const mapped = inSources(trace, bundle);
    assert.ok(mapped.includes(`at Object.said (${join(checkout, "cli/main.ts")}:5:10)`), mapped);
    assert.ok(!mapped.includes(bundle));
  });

  describe("of the page", () => {
    const shown = () => {
      const script = `process.stdout.write(JSON.stringify(require("./bin/bundle").page()))`;
      const said = execFileSync(process.execPath, ["--eval", script], { cwd: checkout, encoding: "utf8" });
      return JSON.parse(said) as { script: string; style: string; sources: string[] };
    };
    const kept = () => statSync(join(checkout, "dist", "page.json")).ino;

    beforeEach(async () => {
      mkdirSync(join(checkout, "cli/verbs/ui/page"), { recursive: true });
      write("cli/verbs/ui/page/main.tsx", 'import { word } from "../../../word";\ndocument.title = word;\n');
      write("cli/verbs/ui/page/style.css", "h1 {\n  color: red;\n}\n");
      write("cli/verbs/ui/page/tsconfig.json", "{}\n");
      await settle();
    });

    it("is made when the packages are installed, as the program is, and then stays", () => {
      execFileSync(process.execPath, ["bin/bundle.js"], { cwd: checkout });
      assert.deepEqual(bundles(), ["cli-main.js", "cli-main.js.map", "page.json"]);
      const [program, page] = [made(), kept()];
      const { script, style, sources } = shown();
      assert.match(script, /document\.title="one"|="one";document\.title=/);
      assert.equal(style, "h1{color:red}\n");
      assert.deepEqual(sources.sort(), ["cli/verbs/ui/page/main.tsx", "cli/verbs/ui/page/style.css", "cli/word.ts"]);
      start();
      assert.deepEqual([made(), kept()], [program, page]);
    });

    it("is made again when one of its sources has changed", async () => {
      shown();
      const first = kept();
      write("cli/word.ts", 'export const word: string = "two";\n');
      assert.match(shown().script, /"two"/);
      await settle();
      assert.match(shown().script, /"two"/);
      assert.notEqual(kept(), first);
    });

    it("does not keep an installation from ending: the first start says what is wrong", () => {
      rmSync(join(checkout, "cli/word.ts"));
      const options = { cwd: checkout, encoding: "utf8", stdio: "pipe" } as const;
      const { status, stderr } = spawnSync(process.execPath, ["bin/bundle.js"], options);
      assert.equal(status, 0);
      assert.match(
        stderr,
        /nothing was bundled; the first start does it, or says what is wrong:\n.*Could not resolve/s,
      );
    });
  });
});
