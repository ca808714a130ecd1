import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../support/root";
import { skip } from "../support/skip";
import { Checkout } from "./support/checkout";
import { Cluster } from "./support/cluster";
import { FakeGitHub, runWorkflowJob, type Job, type Outcome } from "./support/composite";
import { processesOf } from "./support/leftovers";

const workflow = join(root, "docs/workflows/pull-requests.yml");

/** The workflow is run as it stands there, on embedded clusters, with the state in a backend that all its runs share. */
describe("the workflow for pull requests", () => {
  const checkout = new Checkout();
  const gitHub = new FakeGitHub(checkout.home);
  const backend = join(checkout.home, "backend");
  const stateFile = join(backend, ".pulumi/stacks/onebranch/pr-7.json");
  let cluster: Cluster;

  before(async function () {
    if (spawnSync("sh", ["-c", "command -v jq"]).status !== 0) skip(this, "no jq on this machine; apt-get install jq");
    cluster = await Cluster.of(checkout, "pr-7");
    execFileSync("mkdir", ["-p", backend]);
    checkout.git("checkout", "--quiet", "-b", "feature");
    checkout.edit("gitops/apps/guestbook/stages/dev/values.yaml", "Guestbook (dev)", "Guestbook (feature)");
    checkout.commit("greet differently");
  });

  after(async () => {
    checkout.env.PULUMI_BACKEND_URL = `file://${backend}`;
    checkout.env.PULUMI_CONFIG_PASSPHRASE = "of the team";
    await checkout.onebranch("destroy", "pr-7", "--yes");
    checkout.remove();
  });

  function run(name: string, action: string, repository = "acme/fleet"): Outcome | undefined {
    const pull_request = { head: { repo: { full_name: repository } } };
    const job: Job = {
      root: checkout.root,
      scratch: join(checkout.home, "runner"),
      env: { ...checkout.environment(), PATH: `${gitHub.bin}:${process.env.PATH}` },
      github: {
        ...{ repository: "acme/fleet", sha: checkout.git("rev-parse", "HEAD"), head_ref: "feature" },
        ...(action === "schedule"
          ? { event_name: "schedule", event: {} }
          : { event_name: "pull_request", event: { action, number: 7, pull_request } }),
      },
      vars: { PULUMI_BACKEND_URL: `file://${backend}`, ONEBRANCH_PROVIDER: "embedded" },
      secrets: { PULUMI_CONFIG_PASSPHRASE: "of the team" },
      installed: ["npm ci"],
    };
    return runWorkflowJob(workflow, name, job);
  }
  const succeeds = (name: string, action: string): Outcome => {
    const outcome = run(name, action);
    assert.equal(outcome?.code, 0, outcome?.log);
    return outcome!;
  };
  const end = () => /"expires":\s*"([^"]+)"/.exec(readFileSync(stateFile, "utf8"))?.[1];

  it("starts one job for each event, and none for a fork", () => {
    assert.equal(run("up", "closed"), undefined);
    assert.equal(run("destroy", "opened"), undefined);
    assert.equal(run("sweep", "opened"), undefined);
    for (const name of ["up", "destroy"])
      assert.equal(run(name, name === "up" ? "opened" : "closed", "fork/fleet"), undefined);
  });

  it("brings the cluster of the branch up and comments with its address", () => {
    const { used } = succeeds("up", "opened");
    assert.ok(used.some(({ uses }) => uses.startsWith("actions/cache@")));
    assert.ok(!used.some(({ uses }) => uses.startsWith("aws-actions/")));
    assert.match(
      cluster.kubectl("get", "configmap", "guestbook", "--namespace", "guestbook", "--output", "yaml"),
      /Guestbook \(feature\)/,
    );
    const [comment, ...more] = gitHub.comments();
    assert.deepEqual(more, []);
    assert.match(
      comment!.body,
      /^<!-- onebranch stack -->\n\*\*pr-7\*\* takes the identity of dev and follows `feature`, now at [0-9a-f]{7}\.\nEverything is Synced and Healthy\.\n\nArgo CD: https:\/\/127\.0\.0\.1:\d+ \(`\.\/onebranch open pr-7`\)\n/,
    );
    assert.ok(comment!.body.includes(`at the latest at ${end()};`));
  });

  it("renews comment and end with a push", () => {
    writeFileSync(stateFile, readFileSync(stateFile, "utf8").replaceAll(end()!, "2026-01-02T03:04:05Z"));
    checkout.edit("gitops/apps/guestbook/stages/dev/values.yaml", "(feature)", "(pushed)");
    const commit = checkout.commit("greet in another way");
    succeeds("up", "synchronize");
    const [comment, ...more] = gitHub.comments();
    assert.deepEqual(more, []);
    assert.ok(comment!.body.includes(`now at ${commit.slice(0, 7)}.`), comment!.body);
    assert.notEqual(end(), "2026-01-02T03:04:05Z");
  });

  it("destroys it when the pull request is closed, and has nothing to do the second time", () => {
    succeeds("destroy", "closed");
    assert.deepEqual(processesOf(cluster.folder), []);
    assert.match(succeeds("destroy", "closed").log, /pr-7: nothing to destroy/);
  });

  it("sweeps at night what was never closed, and shows what it kept", () => {
    succeeds("up", "reopened");
    assert.match(succeeds("sweep", "schedule").summary, /^kept pr-7: its time runs out in (2 d 23 h|3 d) /);
    writeFileSync(stateFile, readFileSync(stateFile, "utf8").replaceAll(end()!, "2026-01-02T03:04:05Z"));
    assert.match(succeeds("sweep", "schedule").summary, /^destroyed pr-7: its time ran out /);
    assert.deepEqual(processesOf(cluster.folder), []);
    assert.match(succeeds("sweep", "schedule").summary, /^no stack is past its time/);
  });
});
