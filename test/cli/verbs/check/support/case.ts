import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CheckInput, type CheckInputOptions } from "../../../../../cli/verbs/check/input";
import type { Base } from "../../../../../cli/verbs/check/source/base";
import { Evaluation } from "../../../../../cli/verbs/check/evaluation";
import { convert } from "../../../../../cli/verbs/check/kubernetes/convert";
import { SourceFiles } from "../../../../../cli/verbs/check/source/files";
import { Renderer } from "../../../../../cli/tree/renderer";
import { Directory } from "../../../../../model/directory";
import { readTree } from "../../../../../model/tree";
import { addBootstrap } from "../../../../support/fixtures";
import { fixtures as allFixtures } from "../../../../support/paths";

export const fixtures = join(allFixtures, "check");

/** The day of all fixtures. */
export const today = "2026-11-21";

const none = { missing: "there is no renderer in this test", fix: "none" };

/** A directory with the common tree of the fixtures and one case laid over it; `remove` it afterwards. */
export class CaseTree {
  readonly root = realpathSync(mkdtempSync(join(tmpdir(), "onebranch-check-")));
  private readonly trees: string[] = [this.root];
  private renderer: Renderer | undefined;

  /**
   * @param directory the case: `gitops/` over the common tree, `outside/` beside it, `base/gitops/` over that of the base,
   * `charts/` with third-party charts, `removed.txt` and `submodules.txt` with paths
   */
  constructor(private readonly directory: string) {
    lay(this.root, directory);
    const listed = (name: string) => {
      const file = join(directory, name);
      return existsSync(file) ? readFileSync(file, "utf8").trim().split("\n") : [];
    };
    for (const path of listed("removed.txt")) rmSync(join(this.root, path));
    for (const path of listed("submodules.txt")) mkdirSync(join(this.root, path, ".git"), { recursive: true });
  }

  /** What the rules get; without a base, as outside of a repository. */
  input(options: Partial<CheckInputOptions> = {}): CheckInput {
    const directory = new Directory(this.root);
    const [files, tree] = [new SourceFiles(directory), readTree(directory)];
    const kubernetes = () => Promise.resolve(none);
    return new CheckInput({
      files,
      tree,
      today,
      base: none,
      evaluation: none,
      maxRemovals: 1,
      maxObjectRemovals: 3,
      kubernetes,
      ...options,
    });
  }

  /**
   * The same with the renderer: the base is committed, the case is the working tree over it. The templates of bootstrap are
   * this repository's own.
   */
  async evaluated(binary: string): Promise<CheckInput> {
    const run = (...args: string[]) => execFileSync("git", ["-C", this.root, ...args], { encoding: "utf8" }).trim();
    const aside = mkdtempSync(join(tmpdir(), "onebranch-case-"));
    this.trees.push(aside);
    renameSync(join(this.root, "gitops"), join(aside, "gitops"));
    lay(this.root, join(this.directory, "base"));
    addBootstrap(this.root);
    run("init", "--quiet", "--initial-branch=main");
    run("add", "--all");
    run("-c", "user.name=t", "-c", "user.email=t@example.com", "commit", "--quiet", "--message=base");
    rmSync(join(this.root, "gitops"), { recursive: true });
    renameSync(join(aside, "gitops"), join(this.root, "gitops"));
    addBootstrap(this.root);
    for (const { file, from, to } of this.edits()) {
      const text = readFileSync(join(this.root, file), "utf8");
      assert.ok(text.includes(from), `${file} has no ${from}`);
      writeFileSync(join(this.root, file), text.replaceAll(from, to));
    }
    const charts = packCharts(join(this.directory, "charts"));
    if (charts !== undefined) this.trees.push(charts);
    this.renderer = await Renderer.open({
      ...{ root: this.root, env: process.env, offline: true, binary },
      ...(charts !== undefined && { charts }),
    });
    const api = convert(
      "1.36",
      JSON.parse(readFileSync(join(fixtures, "kubernetes", "swagger.json"), "utf8")),
      lifecycle,
    );
    const { checkout } = this.renderer;
    return this.input({
      base: this.base(),
      evaluation: await Evaluation.open(this.renderer, await checkout.tree(), checkout.tree("HEAD")),
      kubernetes: () => Promise.resolve(api),
    });
  }

  remove(): void {
    this.renderer?.close();
    for (const root of this.trees) rmSync(root, { recursive: true, force: true });
  }

  /** Changes of files that are not the fixtures' own. */
  private edits(): { file: string; from: string; to: string }[] {
    const file = join(this.directory, "edits.json");
    return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as ReturnType<CaseTree["edits"]>) : [];
  }

  /** The common tree with what the case says about the base. */
  base(): Base {
    const root = mkdtempSync(join(tmpdir(), "onebranch-base-"));
    this.trees.push(root);
    lay(root, join(this.directory, "base"));
    const [files, head] = [root, this.root].map((one) => new SourceFiles(new Directory(one))) as [
      SourceFiles,
      SourceFiles,
    ];
    const paths = new Set([...files.paths, ...head.paths]);
    const same = (path: string) => files.has(path) && head.has(path) && files.text(path) === head.text(path);
    return { files, changed: new Set([...paths].filter((path) => !same(path))) };
  }
}

/** A directory with a packed chart for each directory `<chart>-<version>/<chart>`; undefined where a case has none. */
function packCharts(from: string): string | undefined {
  if (!existsSync(from)) return undefined;
  const to = mkdtempSync(join(tmpdir(), "onebranch-charts-"));
  for (const name of readdirSync(from)) {
    execFileSync("tar", ["-czf", join(to, `${name}.tgz`), "-C", join(from, name), ...readdirSync(join(from, name))]);
  }
  return to;
}

function lay(root: string, directory: string): void {
  const copy = (from: string) => cpSync(from, root, { recursive: true, verbatimSymlinks: true, force: true });
  copy(join(fixtures, "tree"));
  for (const [part, to] of [
    ["gitops", join(root, "gitops")],
    ["outside", root],
  ] as const) {
    const over = join(directory, part);
    if (existsSync(over)) cpSync(over, to, { recursive: true, verbatimSymlinks: true, force: true });
  }
}

/** What k8s.io/api says about an API of its own, in its words. */
const lifecycle = new Map([
  ["core/v1/register.go", 'const GroupName = ""'],
  [
    "core/v1/lifecycle.go",
    `func (in *Endpoints) APILifecycleDeprecated() (major, minor int) {
	return 1, 33
}
func (in *Endpoints) APILifecycleReplacement() schema.GroupVersionKind {
	return schema.GroupVersionKind{Group: "discovery.k8s.io", Version: "v1", Kind: "EndpointSlice"}
}`,
  ],
]);
