import { join } from "node:path";

/** Name of the Pulumi project, as in Pulumi.yaml. */
export const project = "onebranch";

/** Where the tool keeps what belongs to a checkout: everything under the ignored `.onebranch/`. */
export interface Home {
  root: string;
  /** `.onebranch/` itself. */
  directory: string;
  /** Pulumi's state of the stacks that live here. */
  state: string;
  passphrase: string;
  /** Scripts for PATH. */
  bin: string;
  /** Stands in for ~/.pulumi when the user has none. */
  pulumiHome: string;
  /** One work directory per stack. */
  stacks: string;
  /** Temporary files of Pulumi and its plugins, which leave some behind. */
  tmp: string;
}

/** The places of a checkout; nothing is created. */
export function homeOf(root: string): Home {
  const directory = join(root, ".onebranch");
  return {
    root,
    directory,
    state: join(directory, "state"),
    passphrase: join(directory, "passphrase"),
    bin: join(directory, "bin"),
    pulumiHome: join(directory, "pulumi-home"),
    stacks: join(directory, "pulumi"),
    tmp: join(directory, "tmp"),
  };
}

/** The work directory of one stack. */
export function workDirOf(home: Home, stack: string): string {
  return join(home.stacks, stack);
}
