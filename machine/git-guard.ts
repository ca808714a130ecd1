import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

/** Where Git found the parts of a repository. */
export interface GitPlaces {
  /** What belongs to this checkout alone: its HEAD and its index. */
  gitDirectory: string;
  /** What all worktrees of the repository share: objects, branches and settings. */
  commonDirectory: string;
  /** The root of the checkout; undefined where there is none, as in a bare repository. */
  worktree?: string;
}

/** The words that make Git say the places of the repository at a directory. */
export const placesQuestion = [
  "rev-parse",
  "--path-format=absolute",
  "--git-dir",
  "--git-common-dir",
  "--is-inside-work-tree",
  "--show-cdup",
];

/** Reads the answer to {@link placesQuestion}. */
export function readPlaces(root: string, answer: string): GitPlaces {
  const [gitDirectory = "", commonDirectory = "", inside, up = ""] = answer.split("\n");
  return { gitDirectory, commonDirectory, ...(inside === "true" && { worktree: resolve(root, up) }) };
}

/** The words that make Git say all settings, each with where it comes from. */
export const settingsQuestion = ["config", "--list", "--includes", "--show-scope", "-z"];

/** A setting of a repository; without a value it is switched on. */
export interface GitSetting {
  key: string;
  value?: string;
}

/** The repository's own settings in the answer to {@link settingsQuestion}, not those of the user and the machine. */
export function readOwnSettings(answer: string): GitSetting[] {
  const words = answer.split("\0");
  const settings: GitSetting[] = [];
  for (let i = 0; i + 1 < words.length; i += 2) {
    if (words[i] !== "local" && words[i] !== "worktree") continue;
    const [, key = "", value] = /^([^\n]*)(?:\n([^]*))?$/.exec(words[i + 1]!)!;
    settings.push(value === undefined ? { key } : { key, value });
  }
  return settings;
}

/**
 * How files are compared with the index, and how objects are stored: nothing here starts a program or names a place to write to.
 */
const harmless = new Set(
  [
    ...[
      "repositoryformatversion",
      "filemode",
      "symlinks",
      "ignorecase",
      "precomposeunicode",
      "protecthfs",
      "protectntfs",
    ],
    ...["autocrlf", "eol", "safecrlf", "trustctime", "checkstat", "excludesfile", "attributesfile", "sparsecheckout"],
    ...["sparsecheckoutcone"],
  ].map((name) => `core.${name}`),
);

/** A name of a remote cannot pass for an option: Git puts it on the command line of a fetch. */
const remoteName = /^\w[\w./-]*$/;
const ofRemotes = new Set(["url", "promisor", "partialclonefilter"]);

/**
 * Whether Git may know a setting of a repository that somebody else may have written. It is a list of what is allowed, because Git
 * has dozens of settings that name a program, and each version may bring another one.
 */
export function isAllowed({ key, value = "" }: GitSetting): boolean {
  if (harmless.has(key)) return true;
  const { section, subsection, name } = partsOf(key);
  // The settings of a worktree are in the answer already.
  if (section === "extensions") return name === "partialclone" ? remoteName.test(value) : name !== "worktreeconfig";
  if (section === "remote") return remoteName.test(subsection ?? "") && ofRemotes.has(name);
  // Who makes a commit.
  if (key === "user.name" || key === "user.email") return true;
  // The token of a CI job, without which a clone without blobs cannot get the ones it lacks.
  return section === "http" && name === "extraheader";
}

interface KeyParts {
  section: string;
  subsection: string | undefined;
  name: string;
}

/** A subsection may have dots, and a name of a section has none. */
function partsOf(key: string): KeyParts {
  const [, section, subsection, name] = /^([^.]*)\.(?:([^]*)\.)?([^.]*)$/.exec(key) as unknown as [
    string,
    string,
    string | undefined,
    string,
  ];
  return { section, subsection, name };
}

/** What Git looks for beside the settings. What is not there now may come while the tool runs. */
const shared = ["objects", "refs", "packed-refs", "reftable", "logs", "info", "shallow"];

/**
 * Does a piece of work with the environment in which Git finds, in the place of the directory that a repository's worktrees share,
 * a stand-in with the allowed settings alone, and without hooks.
 */
export async function withStandIn<T>(
  { gitDirectory, commonDirectory, worktree }: GitPlaces,
  own: readonly GitSetting[],
  work: (env: NodeJS.ProcessEnv) => Promise<T>,
): Promise<T> {
  const directory = mkdtempSync(join(tmpdir(), "onebranch-git-"));
  try {
    writeFileSync(join(directory, "config"), own.filter(isAllowed).map(written).join(""));
    for (const name of shared) symlinkSync(join(commonDirectory, name), join(directory, name));
    return await work({
      GIT_DIR: gitDirectory,
      GIT_COMMON_DIR: directory,
      // Git does not read core.bare where the shared directory is another one; without this it takes the current directory.
      ...(worktree === undefined ? { GIT_IMPLICIT_WORK_TREE: "0" } : { GIT_WORK_TREE: worktree }),
    });
  } finally {
    // What the links lead to stays.
    rmSync(directory, { recursive: true, force: true });
  }
}

function written({ key, value }: GitSetting): string {
  const { section, subsection, name } = partsOf(key);
  const quoted = (text: string) => `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n")}"`;
  const header = subsection === undefined ? section : `${section} ${quoted(subsection)}`;
  return `[${header}]\n\t${name}${value === undefined ? "" : ` = ${quoted(value)}`}\n`;
}
