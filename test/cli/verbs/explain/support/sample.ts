import { rendererBinary } from "../../../../../cli/tree/renderer/binary";
import { run } from "../../../../../cli/main";
import { addTree } from "../../../../support/fixtures";
import { FakeIo } from "../../../support/fake-io";
import { Repo } from "../../../tree/support";

/** A copy of the tests' tree in a small Git repository of its own; everything that is written is a working change. */
export class Sample extends Repo {
  constructor() {
    super();
    addTree(this.root);
    this.commit("the tree");
  }

  write(path: string, content: string | Buffer): void {
    this.put({ [path]: content });
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
