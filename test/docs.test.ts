import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { commands } from "../cli/commands";
import type { Plan } from "../cli/verbs/plan/types";
import { required } from "../model/capabilities";
import { Directory } from "../model/directory";
import { parsePin } from "../model/pin";
import { families } from "../model/families";
import { readTree } from "../model/tree";
import { useSample, words } from "./cli/support/sample";
import { TreeRepo, keepRepo } from "./cli/support/tree-repo";
import { onClusters } from "./support/guide";
import { fixtures } from "./support/paths";
import { sameAsRecorded } from "./support/recorded";
import { root } from "./support/root";

/** The lines of a page's shell blocks, without comments. */
function lines(page: string): string[] {
  const blocks = [...readFileSync(join(root, page), "utf8").matchAll(/^```sh\n([\s\S]*?)^```/gm)];
  return blocks.flatMap(([, block]) => block!.trim().split("\n")).map((line) => line.replace(/\s+#.*$/, ""));
}

/** Runs an example of the tool, without a network. */
async function succeeds(repo: TreeRepo, line: string): Promise<void> {
  const [, verb = "", ...rest] = words(line);
  const offline = commands[verb]!().options.offline ? ["--offline"] : [];
  const { code, out, err } = await repo.run(verb, ...rest, ...offline);
  assert.equal(code, 0, `${line}\n${out}${err}`);
}

/**
 * README and docs quote the tree that is shipped. Its user may change it, so what they quote is compared with the tree of the
 * tests, which has everything that they name.
 */
describe("the commands of README and docs", function () {
  const sample = useSample();
  before(() => {
    sample.write("README.md", "one more commit\n");
    sample.commit("one more");
  });

  for (const page of ["README.md", "docs/plan.md", "docs/tree.md", "docs/teams.md", "docs/monitoring.md"]) {
    const shown = lines(page).filter((line) => line.startsWith("./onebranch "));
    it(`${page} shows some`, () => assert.ok(shown.length > 1));
    for (const line of shown) {
      if (!onClusters.includes(words(line)[1]!)) it(`${page}: ${line}`, () => succeeds(sample, line));
    }
  }

  it("docs/kustomize.md: all of them, one after another", async () => {
    const shown = lines("docs/kustomize.md").filter((line) => line.startsWith("./onebranch "));
    for (const line of shown) if (!onClusters.includes(words(line)[1]!)) await succeeds(sample, line);
    assert.ok(shown.length > 4);
  });

  it("README's first change reaches dev, and only dev", async () => {
    const change = lines("README.md").find((line) => line.startsWith("sed "))!;
    execFileSync("sh", ["-c", change], { cwd: sample.root });
    const { out } = await sample.run("plan", "--offline", "--json");
    assert.deepEqual(
      (JSON.parse(out) as Plan).changes.map(({ component, clusters }) => [component, clusters]),
      [["guestbook", ["dev"]]],
    );
  });
});

describe("docs/addons.md", function () {
  const repo = keepRepo(new TreeRepo());
  const page = readFileSync(join(root, "docs/addons.md"), "utf8");
  const [adding = "", ...others] = lines("docs/addons.md")
    .join("\n")
    .split(/^(?=for )/m);

  it("adds an add-on by commands that work one after the other", async () => {
    for (const line of adding.split("\n").filter((one) => /^(\.\/onebranch|git) /.test(one))) {
      if (line.startsWith("git ")) execFileSync("sh", ["-c", line], { cwd: repo.root });
      else await succeeds(repo, line);
    }
    assert.ok(existsSync(join(repo.root, "gitops/addons/kyverno/stages/staging/pin.yaml")));
  });

  it("promotes the parts of Istio, all of them", () => {
    const [parts] = others.flatMap((line) => /^for part in ([^;]*); do/.exec(line)?.[1] ?? []);
    assert.equal(parts?.split(" ").length, families.find(({ name }) => name === "istio")!.charts.length);
  });

  it("lists the add-ons that are shipped with their namespace, what they require and their stages", () => {
    // gitops/ belongs to its user, so the page is held against what `make expected` has last taken from there.
    const file = join(fixtures, "shipped-addons.txt");
    if (process.env.UPDATE_EXPECTED === "1") sameAsRecorded(file, shippedAddons());
    const rows = [...page.matchAll(/^\| (?!add-on )([a-z][a-z0-9-]+) +(\|.*?\|.*?\|.*?\|).*$/gm)]
      .map(([, name, cells]) => `${name} ${cells!.replace(/ +/g, " ")}\n`)
      .filter((row) => row.split("|").length === 5);
    assert.equal(rows.sort().join(""), readFileSync(file, "utf8"));
  });
});

/** A line for each add-on of gitops/: namespace, capabilities, stages. */
function shippedAddons(): string {
  const stages = [...readTree(new Directory(root)).stages.keys()];
  const names = readdirSync(join(root, "gitops/addons")).sort();
  return names
    .map((name) => {
      const pins = stages.flatMap((stage) => {
        const path = `gitops/addons/${name}/stages/${stage}/pin.yaml`;
        const at = join(root, path);
        return existsSync(at) ? [{ stage, pin: parsePin(path, readFileSync(at, "utf8")).value! }] : [];
      });
      const where = pins.length === stages.length ? "all" : pins.map(({ stage }) => stage).join(", ");
      const cells = new Set(pins.map(({ pin }) => `${pin.namespace} | ${required(pin.requires).join(", ")}`));
      return `${name} | ${[...cells].join(" or ")} | ${where} |\n`;
    })
    .join("");
}
