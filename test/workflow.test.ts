import assert from "node:assert/strict";
import { accessSync, constants, globSync, readFileSync } from "node:fs";
import { minVersion, satisfies } from "semver";
import { parse } from "yaml";
import { engines } from "../package.json";
import { inCheckout } from "./support/paths";

interface Step {
  uses?: string;
  run?: string;
  with?: Record<string, unknown>;
}

const read = (path: string) => readFileSync(inCheckout(path), "utf8");
const workflow = parse(read(".github/workflows/ci.yml")) as { jobs: Record<string, { steps: Step[] }> };
const actions = [".github/actions/setup/action.yml", ".github/actions/plan/action.yml"];
const actionSteps = actions.flatMap((path) => (parse(read(path)) as { runs: { steps: Step[] } }).runs.steps);
const jobSteps = Object.values(workflow.jobs).flatMap(({ steps }) => steps);
const steps = [...jobSteps, ...actionSteps];
const settings = (name: string) =>
  steps.flatMap(({ with: given }) => (given?.[name] === undefined ? [] : [String(given[name])]));

describe("the workflow of this repository", () => {
  it("runs what stands in the checkout and can be started", () => {
    const lines = jobSteps.flatMap(({ run }) => (run ?? "").split("\n")).filter((line) => line !== "");
    assert.ok(lines.includes(".ci/run"));
    for (const line of lines) accessSync(inCheckout(line.split(" ")[0]!), constants.X_OK);
  });

  it("names files that exist", () => {
    const files = [...settings("go-version-file"), ...settings("cache-dependency-path")];
    const patterns = settings("key").flatMap((key) => [...key.matchAll(/'([^']+)'/g)].map(([, pattern]) => pattern!));
    assert.ok(files.length >= 2 && patterns.length >= 4);
    for (const pattern of [...files, ...patterns]) assert.ok(globSync(inCheckout(pattern)).length > 0, pattern);
  });

  it("installs with a Node that package.json takes", () => {
    const versions = settings("node-version");
    assert.ok(versions.length >= 2);
    for (const version of versions) assert.ok(satisfies(minVersion(version)!, engines.node), version);
  });

  it("pins each action by one commit everywhere, and says which release that is", () => {
    const pins = new Map<string, string>();
    const workflows = [".github/workflows/ci.yml", "docs/workflows/pull-requests.yml", "docs/workflows/rollout.yml"];
    for (const path of [...workflows, ...actions, "docs/ci.md"]) {
      const used = [...read(path).matchAll(/uses: (\S+?)@(.*)/g)];
      assert.ok(used.length > 0, path);
      for (const [, name, pin] of used) {
        assert.match(pin!, /^[0-9a-f]{40} # v\d+\.\d+\.\d+$/, `${path}: ${name}`);
        assert.equal(pins.get(name!) ?? pin, pin, `${path}: ${name}`);
        pins.set(name!, pin!);
      }
    }
  });
});
