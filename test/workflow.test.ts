import assert from "node:assert/strict";
import { accessSync, constants, cpSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { minVersion, satisfies } from "semver";
import { parse } from "yaml";
import { engines } from "../package.json";
import { parseArguments } from "../cli/args";
import { givenSettings } from "../cli/stack/options";
import { up } from "../cli/verbs/up/command";
import type { EksSettings } from "../infra/providers/eks/settings";
import { runWorkflowJob } from "./e2e/support/composite";
import { settingsWith } from "./infra/support/source";
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

  it("leaves the clusters of a runner that keeps its disk where they are, in each job for pull requests", () => {
    const { jobs } = parse(read("docs/workflows/pull-requests.yml")) as typeof workflow;
    const all = Object.values(jobs).flatMap(({ steps }) => steps);
    const given = all.filter(({ uses }) => uses?.startsWith("actions/checkout@")).map((step) => step.with?.clean);
    assert.deepEqual(given, [false, false, false]);
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

describe("the workflow for pull requests", () => {
  const shared = { AWS_ROLE: "arn:aws:iam::111122223333:role/ci", AWS_ACCOUNT: "111122223333" };
  const ofEks = {
    ...shared,
    EKS_ADMINS: "arn:aws:iam::111122223333:role/ci,arn:aws:iam::111122223333:role/ops",
    EKS_PUBLIC_CIDRS: "198.51.100.0/24,203.0.113.7/32",
  };
  let directory: string;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "onebranch-workflow-"));
    cpSync(inCheckout(".github/actions"), join(directory, ".github/actions"), { recursive: true });
    const ends = `#!/bin/sh\nprintf '%s\\n' "$@" > '${directory}/words'\nexit 3\n`;
    writeFileSync(join(directory, "onebranch"), ends, { mode: 0o755 });
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  /** The settings of the stack that a pull request brings up, by the command line that the workflow runs. */
  function settingsOf(vars: Record<string, string>) {
    const outcome = runWorkflowJob(inCheckout("docs/workflows/pull-requests.yml"), "up", {
      root: directory,
      scratch: join(directory, "runner"),
      env: { PATH: process.env.PATH },
      github: {
        ...{ event_name: "pull_request", repository: "acme/fleet", sha: "0".repeat(40), head_ref: "feature" },
        event: { action: "opened", number: 7, pull_request: { head: { repo: { full_name: "acme/fleet" } } } },
      },
      vars: { PULUMI_BACKEND_URL: "s3://states", ...vars },
      installed: ["npm ci"],
    });
    assert.equal(outcome?.code, 3, outcome?.log);
    const [verb, ...words] = readFileSync(join(directory, "words"), "utf8").trim().split("\n");
    assert.equal(verb, "up");
    const input = parseArguments("up", up, words);
    const config = givenSettings(input, { date: () => new Date(), cwd: directory });
    return settingsWith({ stack: input.operands[0]!, config });
  }

  it("hands on what a cluster on AWS needs", () => {
    const { stack, lifetime, repository, provider } = settingsOf(ofEks);
    assert.deepEqual([stack, lifetime?.from, repository.revision], ["pr-7", "dev", "feature"]);
    const { name, account, admins, publicCidrs } = provider as EksSettings;
    assert.deepEqual(
      { name, account, admins, publicCidrs },
      {
        name: "eks",
        account: ofEks.AWS_ACCOUNT,
        admins: ofEks.EKS_ADMINS.split(","),
        publicCidrs: ofEks.EKS_PUBLIC_CIDRS.split(","),
      },
    );
  });

  it("sets nothing for a variable that is not there, or for another provider", () => {
    const { publicCidrs } = settingsOf({ ...ofEks, EKS_PUBLIC_CIDRS: "" }).provider as EksSettings;
    assert.deepEqual(publicCidrs, []);
    assert.equal(settingsOf({ ...ofEks, ONEBRANCH_PROVIDER: "embedded" }).provider.name, "embedded");
    assert.throws(() => settingsOf(shared), /the provider eks needs administrators/);
  });
});
