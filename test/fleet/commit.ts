import { execFileSync } from "node:child_process";

/** Commits everything in a directory, as a repository of its own, with a fixed author and time. */
export function commitFleet(root: string, message: string): string {
  const when = "2026-01-01T00:00:00Z";
  const who = { NAME: "fleet", EMAIL: "fleet@example.com", DATE: when };
  const env = { ...process.env };
  for (const [key, value] of Object.entries(who)) {
    env[`GIT_AUTHOR_${key}`] = value;
    env[`GIT_COMMITTER_${key}`] = value;
  }
  const git = (...args: string[]) => execFileSync("git", ["-C", root, ...args], { env, encoding: "utf8" });
  git("init", "--quiet", "--initial-branch", "main");
  git("add", "--all");
  git("-c", "commit.gpgsign=false", "commit", "--quiet", "--message", message);
  return git("rev-parse", "HEAD").trim();
}
