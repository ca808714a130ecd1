import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { addRingTree } from "../../../support/fixtures";
import { renewRepo, runTool, TreeRepo } from "../../support/tree-repo";

const prod = "gitops/apps/orders/stages/prod";

describe("onebranch rollback", () => {
  const repo = renewRepo(new TreeRepo(addRingTree));
  const rollback = (...words: string[]) => repo.run("rollback", ...words, "--offline");

  /** The manifests of orders in every ring of prod. */
  async function manifests(): Promise<string[]> {
    const clusters = ["prod-us", "prod-eu", "prod-us-2"];
    const said = await Promise.all(clusters.map((cluster) => repo.run("render", cluster, "orders", "--offline")));
    return said.map(({ code, out }) => `${code} ${out}`);
  }

  /** The whole way through prod, each step a commit. */
  async function promoteAll(): Promise<void> {
    for (const ring of ["early", "rest"]) {
      const { code, err } = await repo.run(
        "promote",
        "orders",
        "--to",
        "prod",
        "--ring",
        ring,
        "--commit",
        "--offline",
      );
      assert.equal(code, 0, err);
    }
  }

  it("restores what a stage had before its last change: the same files, and the same manifests byte for byte", async () => {
    await repo.run("promote", "orders", "--to", "prod", "--commit", "--offline");
    const [tree, before] = [repo.git("rev-parse", `HEAD:${prod}`), await manifests()];
    await repo.run("promote", "orders", "--to", "prod", "--commit", "--offline");
    assert.notDeepEqual(await manifests(), before);
    repo.put({ "gitops/apps/guestbook/values.yaml": "config:\n  TITLE: later\n" });
    repo.commit("something else");
    const { code, out } = await rollback("orders", "--stage", "prod");
    assert.equal(code, 0, out);
    assert.equal(repo.git("rev-parse", `HEAD:${prod}`), tree);
    assert.deepEqual(await manifests(), before);
    assert.deepEqual(repo.changes(), []);
    assert.match(out, /^restores gitops\/apps\/orders\/stages\/prod\/pin\.yaml\n/);
    assert.match(out, /\n~ orders {2}prod-eu-2 and prod-us-2\n/);
    assert.match(repo.read("gitops/apps/guestbook/values.yaml"), /later/);
  });

  it("restores a named commit, also across several steps", async () => {
    const [start, tree, before] = [repo.head(), repo.git("rev-parse", `HEAD:${prod}`), await manifests()];
    await promoteAll();
    const { code } = await rollback("orders", "--stage", "prod", "--to", start);
    assert.equal(code, 0);
    assert.equal(repo.git("rev-parse", `HEAD:${prod}`), tree);
    assert.deepEqual(await manifests(), before);
  });

  it("makes one commit that says what goes back, and who has to approve it", async () => {
    const start = repo.head();
    await promoteAll();
    repo.put({ "notes.txt": "mine" });
    await rollback("orders", "--stage", "prod", "--to", start);
    assert.equal(
      repo.git("log", "-1", "--format=%B"),
      `Roll orders in prod back to ${start.slice(0, 10)}

prod: web 1.1.0, 1.4.0 -> web 1.0.0, 1.3.0
prod/canary: nothing -> web 1.1.0, 1.4.0

Restores ${prod} as it was at ${start} (the tree).

To approve: team-platform, team-oncall`,
    );
    const files = repo.git("show", "--name-only", "--format=").split("\n");
    assert.ok(
      files.every((file) => file.startsWith(`${prod}/`)),
      files.join(),
    );
    assert.deepEqual(repo.changes(), ["?? notes.txt"]);
  });

  it("takes one ring back, to where nothing was on its way", async () => {
    await repo.run("promote", "orders", "--to", "prod", "--commit", "--offline");
    const { code, out } = await rollback("orders", "--stage", "prod", "--ring", "early");
    assert.equal(code, 0, out);
    assert.ok(!existsSync(join(repo.root, prod, "rings", "early")));
    assert.ok(existsSync(join(repo.root, prod, "rings", "canary", "pin.yaml")));
    assert.match(out, /\n~ orders {2}prod-eu\n/);
  });

  it("commits nothing in a dry run, and says what the commit would say", async () => {
    await promoteAll();
    const before = repo.head();
    const { code, out } = await rollback("orders", "--stage", "prod", "--dry-run");
    assert.deepEqual([code, repo.head(), repo.changes()], [0, before, []]);
    assert.match(out, /\nthe commit would say:\n {2}Roll orders in prod back to /);
  });

  it("names what going back does not undo, and does it only with --yes", async () => {
    const chart = "gitops/charts/web/1.1.0/templates";
    const job = (image: string) =>
      `{{ if .Values.config.MIGRATE }}\napiVersion: batch/v1\nkind: Job\nmetadata: { name: migrate }\nspec:\n  template:\n    spec:\n      restartPolicy: Never\n      containers:\n        - { name: migrate, image: "${image}:{{ .Values.image.tag }}" }\n{{ end }}\n`;
    repo.put({ [`${chart}/job.yaml`]: job("registry.example.com/orders") });
    repo.commit("a chart that migrates");
    repo.put({ [`${prod}/rings/canary/values.yaml`]: 'config:\n  MIGRATE: "1"\n' });
    repo.commit("migrate");
    const before = repo.head();
    const refused = await rollback("orders", "--stage", "prod");
    assert.equal(refused.code, 1);
    assert.match(
      refused.err,
      /going back does not undo everything, so orders in prod stays as it is:\n(.*\n)* {2}Job orders\/migrate of orders changes: what it has done already, such as a migration, stays done\n(.*\n)*.*--yes/,
    );
    assert.deepEqual([repo.head(), repo.changes()], [before, []]);
    const done = await rollback("orders", "--stage", "prod", "--yes");
    assert.equal(done.code, 0, done.err);
    assert.match(done.out, /\ncannot be undone: .*Job orders\/migrate/);
  });

  it("says so when there is nothing to go back to", async () => {
    const { code, out } = await rollback("orders", "--stage", "prod", "--to", "HEAD");
    assert.deepEqual([code, /^nothing to roll back: orders in prod is what it was at /.test(out)], [0, true]);
    const first = await rollback("orders", "--stage", "prod");
    assert.equal(first.code, 1);
    assert.match(first.err, /orders in prod has not changed since the first commit; there is nothing to go back to/);
  });

  it("finds the stage of a ring where one alone has a ring of that name", async () => {
    await repo.run("promote", "orders", "--to", "prod", "--commit", "--offline");
    const [named, found] = [
      await rollback("orders", "--stage", "prod", "--ring", "early", "--dry-run"),
      await rollback("orders", "--ring", "early", "--dry-run"),
    ];
    assert.deepEqual([found.code, found.out], [0, named.out], found.err);
    const staging = "gitops/stages/staging.yaml";
    repo.put({ [staging]: `${repo.read(staging)}rings: [early, rest]\n` });
    repo.commit("rings in staging");
    const { code, err } = await rollback("orders", "--ring", "early", "--dry-run");
    assert.equal(code, 2);
    assert.equal(err, "staging and prod have a ring early; say which of them is meant with --stage STAGE\n");
  });

  const wrong: [string, string[], number, RegExp][] = [
    ["an unknown component", ["order"], 2, /there is no component order; did you mean orders\?/],
    ["an unknown stage", ["orders", "--stage", "prd"], 2, /there is no stage prd; did you mean prod\?/],
    ["a ring that no stage has", ["orders", "--ring", "erly"], 2, /there is no ring erly; did you mean early\?/],
    [
      "an unknown ring",
      ["orders", "--stage", "prod", "--ring", "erly"],
      2,
      /there is no ring erly in prod; did you mean early\?/,
    ],
    [
      "a ring of a stage without",
      ["orders", "--stage", "dev", "--ring", "early"],
      2,
      /the stage dev has no rings; leave out --ring early/,
    ],
    [
      "the last ring",
      ["orders", "--stage", "prod", "--ring", "rest"],
      1,
      /rest is the last ring of prod, and what it has is the stage's own; leave out --ring to restore the stage/,
    ],
    ["an unknown commit", ["orders", "--to", "nowhere"], 2, /"nowhere" names no commit of this repository/],
  ];
  for (const [title, words, exitCode, sentence] of wrong) {
    it(`refuses ${title}`, async () => {
      const { code, err } = await rollback(...words);
      assert.equal(code, exitCode, err);
      assert.match(err, sentence);
    });
  }

  it("refuses a commit of another branch, and one at which the component was not there", async () => {
    const start = repo.head();
    repo.git("checkout", "-q", "--orphan", "other");
    repo.commit("elsewhere");
    const other = repo.head();
    repo.git("checkout", "-q", "main");
    const stranger = await rollback("orders", "--to", other);
    assert.equal(stranger.code, 1);
    assert.match(stranger.err, /is not in the history of this branch; name an earlier commit of it/);
    repo.put({ "gitops/apps/reports/stages/prod/pin.yaml": repo.read("gitops/apps/reports/stages/dev/pin.yaml") });
    repo.git("mv", "gitops/apps/reports", "gitops/apps/accounts");
    repo.commit("accounts");
    const gone = await rollback("accounts", "--to", start);
    assert.equal(gone.code, 1);
    assert.match(
      gone.err,
      /accounts was not there at \S+ \(the tree\): going back would remove it; name a later commit with --to, or remove gitops\/apps\/accounts in a commit of your own/,
    );
  });

  it("refuses what no commit has changed, and what a shallow clone does not know", async () => {
    const pin = repo.read("gitops/apps/guestbook/stages/dev/pin.yaml");
    repo.put({ "gitops/apps/search/stages/dev/pin.yaml": pin.replaceAll("guestbook", "search") });
    repo.commit("search in dev");
    const nothing = await rollback("search", "--stage", "prod");
    assert.equal(nothing.code, 1);
    assert.match(
      nothing.err,
      /^no commit has changed search in prod \(gitops\/apps\/search\/stages\/prod\); there is nothing to go back to\n$/,
    );
    repo.put({ [`${prod}/values.yaml`]: "replicas: 7\n" });
    repo.commit("seven");
    const shallow = repo.beside("shallow");
    execFileSync("git", ["clone", "--quiet", "--depth", "1", `file://${repo.root}`, shallow]);
    const { code, err } = await runTool(shallow, "rollback", "orders", "--stage", "prod", "--offline");
    rmSync(shallow, { recursive: true });
    assert.equal(code, 1);
    assert.match(
      err,
      /^orders in prod has not changed since the first commit; there is nothing to go back to; this clone is shallow: git fetch --unshallow\n$/,
    );
  });

  it("refuses while files of the component are not committed", async () => {
    repo.put({ [`${prod}/values.yaml`]: "replicas: 7\n" });
    const { code, err } = await rollback("orders", "--stage", "prod");
    assert.equal(code, 1);
    assert.match(
      err,
      /prod\/values\.yaml has changes that are not committed; commit them or take them back first, so that the commit has nothing else/,
    );
  });
});
