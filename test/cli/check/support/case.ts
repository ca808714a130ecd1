import { cpSync, existsSync, mkdtempSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CheckInput, type Base, type CheckInputOptions } from "../../../../cli/check/input";
import { readWorkingTree } from "../../../../cli/check/source/files";
import { readTree } from "../../../../model/tree";

export const fixtures = join(__dirname, "..", "..", "..", "fixtures", "check");

/** The day of all fixtures. */
export const today = "2026-11-21";

const none = { missing: "there is no renderer in this test", fix: "none" };

/** A directory with the common tree of the fixtures and one case laid over it; `remove` it afterwards. */
export class CaseTree {
  readonly root = realpathSync(mkdtempSync(join(tmpdir(), "onebranch-check-")));
  private readonly trees: string[] = [this.root];

  /** @param directory the case: `gitops/` over the common tree, `base/gitops/` over that of the base, `removed.txt` */
  constructor(private readonly directory: string) {
    lay(this.root, directory);
    const removed = join(directory, "removed.txt");
    if (!existsSync(removed)) return;
    for (const path of readFileSync(removed, "utf8").trim().split("\n")) rmSync(join(this.root, path));
  }

  /** What the rules get; without a base, as outside of a repository. */
  input(options: Partial<CheckInputOptions> = {}): CheckInput {
    const files = readWorkingTree(this.root);
    const tree = readTree(this.root);
    const kubernetes = () => Promise.resolve(none);
    return new CheckInput({ files, tree, today, base: none, evaluation: none, maxRemovals: 1, kubernetes, ...options });
  }

  remove(): void {
    for (const root of this.trees) rmSync(root, { recursive: true, force: true });
  }

  /** The common tree with what the case says about the base. */
  base(): Base {
    const root = mkdtempSync(join(tmpdir(), "onebranch-base-"));
    this.trees.push(root);
    lay(root, join(this.directory, "base"));
    const [files, head] = [readWorkingTree(root), readWorkingTree(this.root)];
    const paths = new Set([...files.paths, ...head.paths]);
    const same = (path: string) => files.has(path) && head.has(path) && files.text(path) === head.text(path);
    return { files, changed: new Set([...paths].filter((path) => !same(path))) };
  }
}

function lay(root: string, directory: string): void {
  const copy = (from: string) => cpSync(from, root, { recursive: true, verbatimSymlinks: true, force: true });
  copy(join(fixtures, "tree"));
  const over = join(directory, "gitops");
  if (existsSync(over)) cpSync(over, join(root, "gitops"), { recursive: true, verbatimSymlinks: true, force: true });
}
