import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArguments } from "../cli/args";
import { commands } from "../cli/commands";
import { rejectUnknownKeys } from "../infra/settings/keys";
import { Faults } from "../infra/settings/faults";
import { renewRepo, TreeRepo } from "./cli/support/tree-repo";
import { addRingTree } from "./support/fixtures";
import { onClusters } from "./support/guide";
import { root } from "./support/root";
import { pages, shownCommands } from "./support/tool-commands";

const tool = /^(\.\/)?onebranch$/;
const shown = pages.flatMap((page) => shownCommands(page, tool));
const where = ({ page, line, words }: (typeof shown)[number]) => `${page}:${line}: ${words.join(" ")}`;

/** Those that the tool answers without a cluster, and that no other test runs: docs.test.ts and guides.test.ts have their pages. */
const elsewhere = /^(README|docs\/(plan|tree|teams|monitoring|kustomize|addons|promotion)|docs\/guides\/\w.*)\.md$/;
const hasClusters = ({ words }: (typeof shown)[number]) =>
  onClusters.includes(words[1] ?? "") || words.includes("--soak") || words.includes("--resolve");

describe("the commands of all pages", () => {
  it("have verbs, options and values that the tool knows", () => {
    const faults = shown.flatMap((command) => {
      const [, verb = "", ...words] = command.words;
      try {
        // One that only asks for help or the version has no verb.
        if (!verb.startsWith("--")) parseArguments(verb, commands[verb]!(), words);
        return [];
      } catch (error) {
        return [`${where(command)}: ${(error as Error).message}`];
      }
    });
    assert.deepEqual(faults, []);
    assert.ok(shown.length > 100);
  });

  it("set settings that a stack has", () => {
    const faults = pages.flatMap((page) => [
      ...shownCommands(page, /^pulumi$/).filter(({ words }) => words[1] === "config" && words[2] === "set"),
      ...shownCommands(page, tool).filter(({ words }) => words.some((one) => one.startsWith("--config"))),
    ]);
    for (const command of faults) {
      const names = settingsOf(command.words);
      assert.ok(names.length > 0, where(command));
      const unknown = new Faults(undefined);
      rejectUnknownKeys(Object.fromEntries(names.map((name) => [name, ""])), unknown);
      assert.ok(unknown.none, `${where(command)}: no setting of a stack among ${names.join(", ")}`);
    }
    assert.ok(faults.length > 10);
  });

  it("name targets that the Makefile has", () => {
    const targets = new Set(
      [...readFileSync(join(root, "Makefile"), "utf8").matchAll(/^([\w-]+):/gm)].map(([, name]) => name),
    );
    for (const command of pages.flatMap((page) => shownCommands(page, /^make$/))) {
      for (const target of command.words.slice(1))
        assert.ok(target.includes("=") || targets.has(target), where(command));
    }
  });
});

/** Names of settings that a command sets: `pulumi config set [--secret] NAME`, `--config NAME=...`, `--config-file NAME=...`. */
function settingsOf(words: readonly string[]): string[] {
  if (words[0] === "pulumi")
    return words
      .slice(3, 5)
      .filter((one) => !one.startsWith("-"))
      .slice(0, 1);
  return words.flatMap((one, i) => (/^--config(-file)?$/.test(words[i - 1] ?? "") ? [one.split("=", 1)[0]!] : []));
}

describe("the commands of the other pages that need no cluster", function () {
  this.timeout(60_000);
  const repo = renewRepo(new TreeRepo());

  for (const command of shown) {
    if (elsewhere.test(command.page) || hasClusters(command)) continue;
    it(where(command), async () => {
      const { BASE, HEAD } = { BASE: repo.head(), HEAD: "HEAD" };
      const [, verb = "", ...words] = command.words.map((one) => one.replace("$BASE", BASE).replace("$HEAD", HEAD));
      const offline = commands[verb]!().options.offline ? ["--offline"] : [];
      const { code, out, err } = await repo.run(verb, ...words, ...offline);
      assert.equal(code, 0, out + err);
    });
  }
});

/** Each from the same start: orders and a newer guestbook are on their way through the rings of prod. */
describe("the commands of docs/promotion.md", function () {
  this.timeout(60_000);
  const repo = renewRepo(new TreeRepo(addRingTree));
  const canary = "gitops/apps/orders/stages/prod/rings/canary/values.yaml";
  before(async () => {
    repo.put({ [canary]: repo.read(canary).replace(/\d+/, "7") });
    repo.commit("orders in canary");
    for (const stage of ["dev", "staging"]) {
      const file = `gitops/apps/guestbook/stages/${stage}/pin.yaml`;
      repo.put({ [file]: repo.read(file).replace(/tag: \S+/, "tag: 2.2.0") });
    }
    repo.commit("a new guestbook");
  });

  for (const command of shownCommands("docs/promotion.md", tool).filter((one) => !hasClusters(one))) {
    it(where(command), async () => {
      const [, verb = "", ...words] = command.words;
      const taken = words.map((one) => (one === "1a2b3c4" ? repo.git("rev-parse", "HEAD~1").trim() : one));
      const before = repo.git("rev-parse", "HEAD");
      if (verb === "rollback") await repo.run("promote", "orders", "--to", "prod", "--commit", "--offline");
      const { code, out, err } = await repo.run(verb, ...taken, "--offline");
      assert.equal(code, 0, out + err);
      if (words.includes("--dry-run")) assert.deepEqual(repo.changes(), []);
      else assert.ok(repo.changes().length > 0 || repo.git("rev-parse", "HEAD") !== before, out);
    });
  }
});
