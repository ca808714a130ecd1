import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { rendererBinary } from "../../../../../cli/tree/renderer/binary";
import { run } from "../../../../../cli/main";
import { addTree } from "../../../../support/fixtures";
import { FakeIo } from "../../../support/fake-io";

/** A copy of the tests' tree in a small Git repository of its own; everything that is written is a working change. */
export class Sample {
  readonly root = realpathSync(mkdtempSync(join(tmpdir(), "onebranch-sample-")));

  constructor() {
    addTree(this.root);
    this.git("init", "--quiet", "--initial-branch=main");
    this.git("add", ".");
    this.commit("the tree");
  }

  git(...args: string[]): string {
    return execFileSync("git", ["-C", this.root, ...args], { encoding: "utf8" });
  }

  commit(message: string): void {
    this.git("add", ".");
    const author = ["-c", "user.name=test", "-c", "user.email=test@example.com"];
    this.git(...author, "commit", "--quiet", "--no-gpg-sign", "-m", message);
  }

  write(path: string, content: string | Buffer): void {
    const file = join(this.root, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  }

  read(path: string): string {
    return readFileSync(join(this.root, path), "utf8");
  }

  /** Back to the last commit. */
  reset(): void {
    this.git("reset", "--quiet", "--hard");
    this.git("clean", "--quiet", "-fdx");
  }

  /** Paths that differ from the last commit, as `git status` writes them. */
  changes(): string[] {
    return this.git("status", "--porcelain", "--untracked-files=all")
      .split("\n")
      .filter((line) => line !== "");
  }

  /** Runs the tool in the checkout, as a person would from its root. */
  async run(...words: string[]): Promise<{ code: number; out: string; err: string }> {
    const io = new FakeIo(this.root);
    io.env = process.env;
    const code = await run(words, io);
    return { code, out: io.stdout, err: io.stderr };
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}

/** A sample for the tests of one `describe`, back at its commit before each of them; the renderer is built before. */
export function useSample(): Sample {
  const sample = new Sample();
  before(async function () {
    this.timeout(600_000);
    await rendererBinary({ env: process.env });
  });
  afterEach(() => {
    if (sample.changes().length > 0) sample.reset();
  });
  after(() => sample.remove());
  return sample;
}

/** The words of an example as a shell makes them: only quotes are known. */
export function words(line: string): string[] {
  return [...line.matchAll(/"([^"]*)"|(\S+)/g)].map((match) => match[1] ?? match[2]!);
}
