import { git } from "../../../machine/git";
import { stepName, type Step } from "../../tree/ring-steps";

/** One commit that changed what a stage has of a component. */
export interface StageCommit {
  id: string;
  at: Date;
  author: string;
  subject: string;
  message: string;
}

/** What the commits of a stage say of the way of a component: the state of a rollout is there and nowhere else. */
export interface Way {
  /** The steps of the rollout that is on its way, and were not taken back, the newest first. */
  steps: (StageCommit & { step: string })[];
  /** The newest commit, where it takes a step back. */
  takenBack?: StageCommit & { step: string; of: string };
  /** The newest commit, where it is neither a step of a rollout nor takes one back. */
  other?: StageCommit;
}

const stepKey = "Rollout-Step";
const backKey = "Rollout-Takes-Back";

/** The line by which a commit says that a rollout made this step. */
export function stepLine(component: string, step: Step): string {
  return `${stepKey}: ${component} ${stepName(step)}`;
}

/** The line by which a commit says that it takes a step of a rollout back. */
export function backLine(component: string, step: string, commit: string): string {
  return `${backKey}: ${component} ${step} ${commit}`;
}

/** How many commits are looked at: a rollout has one for each ring, and as many to take them back. */
const most = 100;

/**
 * Reads the way of a component through a stage from the commits that HEAD has.
 * @param order the names of the steps through the stage, in their order
 */
export async function wayOf(
  root: string,
  component: string,
  directory: string,
  order: readonly string[],
): Promise<Way> {
  const format = ["%H", "%cI", "%an", "%s", "%B"].join("%x1f");
  const said = await git(root, ["log", "-z", `--max-count=${most}`, `--format=${format}`, "HEAD", "--", directory]);
  const commits = said.toString().split("\0").filter(Boolean).map(commitIn);
  const way: Way = { steps: [] };
  const undone = new Set<string>();
  let lowest = Infinity;
  for (const [index, commit] of commits.entries()) {
    const back = lineIn(commit, backKey, component);
    const step = lineIn(commit, stepKey, component)?.[0];
    if (back !== undefined) {
      const [of = "", id = ""] = back;
      undone.add(id);
      if (index === 0) way.takenBack = { ...commit, step: of, of: id };
      continue;
    }
    if (step === undefined) {
      if (index === 0) way.other = commit;
      break;
    }
    const place = order.indexOf(step);
    const isUndone = undone.has(commit.id);
    // Before the steps of a rollout, taken back or not, stand those of the one before it, which begin with its last.
    if (!isUndone && place >= lowest) break;
    lowest = Math.min(lowest, place);
    if (!isUndone) way.steps.push({ ...commit, step });
  }
  return way;
}

function commitIn(text: string): StageCommit {
  const [id = "", at = "", author = "", subject = "", message = ""] = text.split("\x1f");
  return { id, at: new Date(at), author, subject, message };
}

/** The words after the name of the component in a line that a rollout has written. */
function lineIn({ message }: StageCommit, key: string, component: string): string[] | undefined {
  const lines = message.split("\n").filter((line) => line.startsWith(`${key}: ${component} `));
  const last = lines.at(-1);
  return last === undefined ? undefined : last.slice(`${key}: ${component} `.length).trim().split(" ");
}
