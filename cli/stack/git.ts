import { execFile } from "node:child_process";
import { promisify } from "node:util";

/** The commit that a revision of the checkout at `root` names now; undefined when it names none. */
export async function commitOf(root: string, revision: string): Promise<string | undefined> {
  try {
    const args = ["-C", root, "rev-parse", "--verify", "--quiet", "--end-of-options", `${revision}^{commit}`];
    const { stdout } = await promisify(execFile)("git", args);
    return stdout.trim();
  } catch {
    return undefined;
  }
}
