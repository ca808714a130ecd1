import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { kustomize, kustomizeScript } from "../../../infra/argocd/kustomize";

/** What the program in the place of Kustomize sees: its arguments, its variables, and the files of what it builds. */
interface Seen {
  args: string[];
  env: Record<string, string>;
  files: string[];
}

const program = `#!${process.execPath}
const { readdirSync, statSync } = require("node:fs");
const args = process.argv.slice(2);
const at = args.indexOf("build") === 0 ? args[1].replace(/\\/gitops\\/.*/, "") : undefined;
const below = at ? readdirSync(at, { recursive: true }).filter((file) => statSync(at + "/" + file).isFile()) : [];
const files = below.filter((file) => !file.startsWith(".")).sort();
console.log(JSON.stringify({ args, env: process.env, files }));
if (args.includes("--fail")) { console.error("cannot build " + args[1]); process.exit(3); }
`;

describe("the script that starts Kustomize", () => {
  const place = realpathSync(mkdtempSync(join(tmpdir(), "onebranch-kustomize-")));
  const [root, scripts, bin, temporary] = ["checkout", "scripts", "bin", "tmp"].map((name) => join(place, name)) as [
    string,
    string,
    string,
    string,
  ];
  const base = join(root, "gitops/apps/shop/base/1.0.0");
  after(() => rmSync(place, { recursive: true, force: true }));

  before(() => {
    const files = ["base/1.0.0/kustomization.yaml", "base/1.0.0/.hidden", "base/1.1.0/kustomization.yaml"];
    const overlays = ["stages/dev", "stages/prod", "regions/eu"].map((one) => `${one}/overlay/kustomization.yaml`);
    for (const file of [...files, ...overlays, "stages/dev/pin.yaml"])
      write(join(root, "gitops/apps/shop", file), file);
    write(join(root, "elsewhere/kustomization.yaml"), "");
    write(join(root, "outside/kustomization.yaml"), "");
    for (const [directory, text] of [
      [scripts, kustomize],
      [bin, program],
    ] as const) {
      write(join(directory, kustomizeScript), text, 0o755);
    }
    mkdirSync(temporary);
  });

  function write(path: string, text: string, mode = 0o644): void {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text, { mode });
  }

  function run(cwd: string, ...args: string[]) {
    const env = {
      // As Argo CD puts its own scripts before it.
      PATH: ["/before", scripts, bin, "/usr/bin", "/bin"].join(delimiter),
      ...{ HOME: place, TMPDIR: temporary, SECRET: "word", HTTPS_PROXY: "http://proxy.invalid", NO_PROXY: "*" },
    };
    const done = spawnSync(join(scripts, kustomizeScript), args, { cwd, env, encoding: "utf8" });
    const seen = done.stdout === "" ? undefined : (JSON.parse(done.stdout) as Seen);
    return { code: done.status, said: done.stderr, seen };
  }

  const add = (...overlays: string[]) => run(base, "edit", "add", "component", ...overlays);

  it("gives a build the base and the overlays that were added before, and no other file", () => {
    assert.equal(add("../../stages/dev/overlay", "../../regions/eu/overlay").code, 0);
    const { code, seen } = run(root, "build", base, "--option");
    assert.equal(code, 0);
    assert.deepEqual(seen!.files, [
      "gitops/apps/shop/base/1.0.0/.hidden",
      "gitops/apps/shop/base/1.0.0/.onebranch-overlays",
      "gitops/apps/shop/base/1.0.0/kustomization.yaml",
      "gitops/apps/shop/regions/eu/overlay/kustomization.yaml",
      "gitops/apps/shop/stages/dev/overlay/kustomization.yaml",
    ]);
    assert.deepEqual([seen!.args[0], seen!.args[2]], ["build", "--option"]);
    assert.deepEqual(readdirSync(temporary), [], "the copy is gone");
  });

  it("forgets the overlays of an earlier Application, and what a commit wrote in their place", () => {
    writeFileSync(join(base, ".onebranch-overlays"), "../../stages/prod/overlay\n");
    assert.equal(add("../../stages/dev/overlay").code, 0);
    const files = run(root, "build", base).seen!.files.filter((file) => file.includes("overlay/"));
    assert.deepEqual(files, ["gitops/apps/shop/stages/dev/overlay/kustomization.yaml"]);
    assert.equal(readFileSync(join(base, ".onebranch-overlays"), "utf8"), "../../stages/dev/overlay\n");
  });

  it("takes neither an overlay that is not there nor one outside of gitops", () => {
    for (const [overlay, said] of [
      ["../../stages/staging/overlay", /no such|can't cd/i],
      ["../../../../../outside", /is not in gitops/],
    ] as const) {
      add(overlay);
      const { code, said: text, seen } = run(root, "build", base);
      assert.notEqual(code, 0);
      assert.match(text, said);
      assert.equal(seen, undefined, "nothing is built");
    }
    assert.deepEqual(readdirSync(temporary), []);
  });

  it("starts it without programs, and with a proxy that is not there", () => {
    for (const args of [["version"], ["edit", "set", "image", "a:1"]]) {
      const { env, args: given } = run(base, ...args).seen!;
      assert.deepEqual(given, args);
      const nowhere = "http://127.0.0.1:9";
      const { SECRET, PATH, NO_PROXY, HTTP_PROXY, HTTPS_PROXY, https_proxy } = env;
      assert.deepEqual(
        [SECRET, PATH, NO_PROXY, HTTP_PROXY, HTTPS_PROXY, https_proxy],
        [undefined, "/nonexistent", "", nowhere, nowhere, nowhere],
      );
    }
  });

  it("says what Kustomize says, without the name of the copy, and fails as it does", () => {
    add("../../stages/dev/overlay");
    const { code, said } = run(root, "build", base, "--fail");
    assert.deepEqual([code, said], [3, `cannot build ${base}\n`]);
  });

  it("builds any other directory where it is: the admission policy lets none through", () => {
    const { seen } = run(root, "build", join(root, "elsewhere"));
    assert.deepEqual(seen!.args, ["build", join(root, "elsewhere")]);
    assert.equal(seen!.env.PATH, "/nonexistent");
  });
});
