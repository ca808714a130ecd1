import { run } from "../../../cli/main";
import { addTree } from "../../support/fixtures";
import { buildRenderer } from "../../support/renderer";
import { Repo } from "../tree/support";
import { FakeIo } from "./fake-io";

export interface Said {
  code: number;
  out: string;
  err: string;
}

/** Runs the tool in a directory, as a person would there. */
export async function runTool(directory: string, ...words: string[]): Promise<Said> {
  const io = new FakeIo(directory);
  io.env = { ...process.env };
  const code = await run(words, io);
  return { code, out: io.stdout, err: io.stderr };
}

/** A repository with the tests' tree, or another one, committed on main; everything that is written is a working change. */
export class TreeRepo extends Repo {
  /** @param add puts the tree into a directory */
  constructor(add: (root: string) => void = addTree) {
    super();
    add(this.root);
    this.commit("the tree");
  }

  head(): string {
    return this.git("rev-parse", "HEAD");
  }

  /** Paths that differ from the last commit, as `git status` writes them. */
  changes(): string[] {
    return this.git("status", "--porcelain", "--untracked-files=all")
      .split("\n")
      .filter((line) => line !== "");
  }

  run(...words: string[]): Promise<Said> {
    return runTool(this.root, ...words);
  }
}

/** Keeps a repository for the tests of one `describe`; the renderer is built before. */
export function keepRepo<T extends TreeRepo>(repo: T): T {
  before(buildRenderer);
  after(() => repo.remove());
  return repo;
}

/** The same, and each test finds it as the first one did: what a test writes or commits is taken back. */
export function renewRepo<T extends TreeRepo>(repo: T): T {
  let start: string;
  beforeEach(() => void (start = repo.head()));
  afterEach(() => {
    if (repo.head() === start && repo.changes().length === 0) return;
    repo.git("reset", "--quiet", "--hard", start);
    repo.reset();
  });
  return keepRepo(repo);
}
