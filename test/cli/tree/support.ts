import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** A repository of its own in a temporary directory. */
export class Repo {
  readonly root: string;
  private readonly base: string;

  constructor(...initOptions: string[]) {
    this.base = realpathSync(mkdtempSync(join(tmpdir(), "onebranch-repo-")));
    this.root = this.beside("repo");
    mkdirSync(this.root);
    this.git("init", "--quiet", "--initial-branch", "main", ...initOptions);
    // Who commits when the tool does.
    if (!initOptions.includes("--bare")) {
      this.git("config", "user.name", "test");
      this.git("config", "user.email", "test@example.com");
    }
  }

  /** A path next to the repository, which goes with it. */
  beside(name: string): string {
    return join(this.base, name);
  }

  git(...args: string[]): string {
    const who = ["-c", "user.name=test", "-c", "user.email=test@example.com", "-c", "commit.gpgsign=false"];
    return execFileSync("git", ["-C", this.root, ...who, ...args], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
    }).trimEnd();
  }

  read(path: string): string {
    return readFileSync(join(this.root, path), "utf8");
  }

  put(files: Record<string, string | Buffer>): this {
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(this.root, path)), { recursive: true });
      writeFileSync(join(this.root, path), content);
    }
    return this;
  }

  commit(message = "change"): string {
    this.git("add", "--all");
    this.git("commit", "--quiet", "--allow-empty", "--message", message);
    return this.git("rev-parse", "HEAD");
  }

  /** Takes back everything since the last commit. */
  reset(): void {
    this.git("reset", "--quiet", "--hard");
    this.git("clean", "--quiet", "-fdx");
  }

  remove(): void {
    rmSync(this.base, { recursive: true, force: true });
  }
}
