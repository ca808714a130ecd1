import { execFileSync, spawn } from "node:child_process";
import {
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { homedir, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { addBootstrap } from "../../support/fixtures";
import { fixtures } from "../../support/paths";
import { root as source } from "../../support/root";
import { Command } from "./command";

/** The caches of the person who runs the tests: a build of the toolchain is shared, everything else is the checkout's own. */
const cache = process.env.ONEBRANCH_CACHE ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "onebranch");

/**
 * A fresh clone of this repository, as a newcomer has one, with a home and a temporary directory of its own so that a test can
 * see what is left behind. Uncommitted changes of the source are taken along as a commit. What belongs to the user, gitops/
 * and the stacks' own files, is that of the tests' tree, unless the test asks for the `user`'s.
 */
export class Checkout {
  readonly root: string;
  readonly home: string;
  readonly tmp: string;
  /** Variables that `onebranch` gets besides those of this process. */
  readonly env: NodeJS.ProcessEnv = {};

  constructor(tree: "tests" | "user" = "tests") {
    const base = mkdtempSync(join(tmpdir(), "onebranch-e2e-"));
    this.root = join(base, "checkout");
    this.home = join(base, "home");
    this.tmp = join(base, "tmp");
    mkdirSync(this.home);
    mkdirSync(this.tmp);
    execFileSync("git", ["clone", "--quiet", `file://${source}`, this.root]);
    this.takeUncommittedChanges();
    if (tree === "tests") this.replaceTree();
    // Nothing of this is a change that `check` and `plan` would judge.
    for (const ref of ["main", "HEAD"]) this.git("update-ref", "--no-deref", `refs/remotes/origin/${ref}`, "HEAD");
    symlinkSync(join(source, "node_modules"), join(this.root, "node_modules"));
  }

  private takeUncommittedChanges(): void {
    this.git("checkout", "--quiet", "-B", "main");
    const list = ["ls-files", "-z", "--modified", "--others", "--deleted", "--exclude-standard"];
    const changed = execFileSync("git", list, { cwd: source, encoding: "utf8" }).split("\0").filter(Boolean);
    for (const file of new Set(changed)) {
      const target = join(this.root, file);
      rmSync(target, { force: true });
      if (existsSync(join(source, file)) && lstatSync(join(source, file)).isFile()) {
        mkdirSync(dirname(target), { recursive: true });
        cpSync(join(source, file), target);
      }
    }
    if (this.git("status", "--porcelain")) this.commit("take the working tree along");
  }

  private replaceTree(): void {
    for (const name of readdirSync(this.root).filter((file) => file === "gitops" || /^Pulumi\..+\.yaml$/.test(file)))
      rmSync(join(this.root, name), { recursive: true });
    // It names the owners of the shipped tree's apps.
    rmSync(join(this.root, ".github", "CODEOWNERS"), { force: true });
    cpSync(join(fixtures, "tree"), this.root, { recursive: true });
    addBootstrap(this.root);
    if (this.git("status", "--porcelain")) this.commit("take the tests' tree");
  }

  git(...args: string[]): string {
    const identity = ["-c", "user.name=e2e", "-c", "user.email=e2e@onebranch.test", "-c", "commit.gpgsign=false"];
    return execFileSync("git", [...identity, ...args], { cwd: this.root, encoding: "utf8" }).trim();
  }

  read(file: string): string {
    return readFileSync(join(this.root, file), "utf8");
  }

  /** Replaces `from` by `to` in a file; a text that is not there is a mistake of the test. */
  edit(file: string, from: string | RegExp, to: string): void {
    const text = this.read(file);
    const changed = text.replace(from, to);
    if (changed === text) throw new Error(`${file} has no ${from}`);
    writeFileSync(join(this.root, file), changed);
  }

  /** Commits everything and returns the commit. */
  commit(message: string): string {
    this.git("add", "--all");
    this.git("commit", "--quiet", "--message", message);
    return this.git("rev-parse", "HEAD");
  }

  /** The variables that a command of this checkout runs with. */
  environment(): NodeJS.ProcessEnv {
    const env: NodeJS.ProcessEnv = { ...process.env, HOME: this.home, TMPDIR: this.tmp, ONEBRANCH_CACHE: cache };
    for (const name of Object.keys(env)) if (name.startsWith("PULUMI_") || name === "KUBECONFIG") delete env[name];
    return { ...env, ...this.env };
  }

  /** Starts `onebranch` in a process group of its own, as a terminal does. */
  start(...args: string[]): Command {
    const node = join(source, "node_modules", ".bin", "node");
    const child = spawn(node, [join(this.root, "bin", "onebranch.js"), ...args], {
      cwd: this.root,
      env: this.environment(),
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
    return new Command(`onebranch ${args.join(" ")}`, child);
  }

  /** Runs `onebranch` to its end. */
  onebranch(...args: string[]): ReturnType<Command["result"]> {
    return this.start(...args).result();
  }

  /** Runs `onebranch`, and fails with its whole output when the exit code is not 0. */
  async succeed(...args: string[]): ReturnType<Command["result"]> {
    const result = await this.onebranch(...args);
    if (result.code !== 0) throw new Error(`onebranch ${args.join(" ")}: exit code ${result.code}\n${result.output}`);
    return result;
  }

  /** Removes the clone; the clusters must be gone by then. */
  remove(): void {
    rmSync(dirname(this.root), { recursive: true, force: true });
  }
}
