import assert from "node:assert/strict";
import { existsSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { showPins } from "../../../../cli/promotion/status";
import { addRingTree } from "../../../support/fixtures";
import { FakeIo } from "../../support/fake-io";
import { renewRepo, TreeRepo } from "../../support/tree-repo";

const stage = (component: string) => `gitops/apps/${component}/stages/prod`;
const ring = (component: string, name: string, file = "pin") => `${stage(component)}/rings/${name}/${file}.yaml`;

/**
 * prod has the rings canary (prod-us), early (prod-eu) and rest. guestbook is at rest, orders is in canary with a pin and values,
 * reports is new in prod and in canary and early.
 */
describe("onebranch promote in a stage with rings", () => {
  const repo = renewRepo(new TreeRepo(addRingTree));
  const promote = (...words: string[]) => repo.run("promote", ...words, "--to", "prod", "--offline");
  const newer = (component: string, tag: string) => {
    for (const one of ["dev", "staging"]) {
      const file = `gitops/apps/${component}/stages/${one}/pin.yaml`;
      repo.put({ [file]: repo.read(file).replace(/tag: \S+/, `tag: ${tag}`) });
    }
    repo.commit(`${component} ${tag}`);
  };

  it("writes the pin of the stage before into the first ring, and plans a change of that ring alone", async () => {
    newer("guestbook", "2.1.0");
    const { code, out } = await promote("guestbook");
    assert.equal(code, 0, out);
    assert.deepEqual(repo.changes(), [`?? ${ring("guestbook", "canary")}`]);
    assert.match(
      out,
      /^guestbook: staging -> prod\/canary, gitops\/apps\/guestbook\/stages\/prod\/rings\/canary\/pin\.yaml\n/,
    );
    assert.match(out, /\n {2}image\.tag: \S+ -> 2\.1\.0\n/);
    assert.match(out, /\n {2}next: early, with onebranch promote guestbook --to prod\n/);
    assert.match(out, /\n~ guestbook {2}prod-us\n/);
    assert.doesNotMatch(out, /prod-eu|crosses-rings/);
  });

  it("names the approvers of the ring where it has its own", async () => {
    newer("guestbook", "2.1.0");
    await promote("guestbook", "--commit");
    assert.match(repo.git("log", "-1", "--format=%B"), /^To approve: team-platform \(gitops\/stages\/prod\.yaml\)$/m);
  });

  it("takes pin and values of a ring to the next one, with their comments", async () => {
    const { out } = await promote("orders");
    assert.deepEqual(repo.changes(), [`?? ${ring("orders", "early")}`, `?? ${ring("orders", "early", "values")}`]);
    for (const file of ["pin", "values"]) {
      assert.equal(repo.read(ring("orders", "early", file)), repo.read(ring("orders", "canary", file)));
    }
    assert.match(out, /^orders: canary -> prod\/early, /);
    assert.match(out, /\n {2}next: rest, /);
  });

  it("makes it the stage's own in the last step: comments stay, values are merged, and the files of the rings go", async () => {
    await promote("orders");
    repo.put({
      [`${stage("orders")}/pin.yaml`]: `# Ask the on-call.\n${repo.read(`${stage("orders")}/pin.yaml`)}`,
      [`${stage("orders")}/values.yaml`]: "# For the sale.\nreplicas: 3 # at least\nextra: 1\n",
    });
    repo.commit("early");
    const { out } = await promote("orders");
    assert.equal(
      repo.read(`${stage("orders")}/pin.yaml`),
      `# Ask the on-call.\n${repo.git("show", `HEAD:gitops/apps/orders/stages/staging/pin.yaml`)}\n`,
    );
    assert.equal(
      repo.read(`${stage("orders")}/values.yaml`),
      '# For the sale.\nreplicas: 4 # at least\nextra: 1\nconfig:\n  ENGINE: "2"\n',
    );
    assert.ok(!existsSync(join(repo.root, stage("orders"), "rings")), "no ring is left");
    assert.match(
      out,
      /\n {2}writes gitops\/apps\/orders\/stages\/prod\/values\.yaml\n {2}removes \S+canary\/pin\.yaml\n/,
    );
    assert.match(out, /\n~ orders {2}prod-eu-2 and prod-us-2\n/);
    assert.doesNotMatch(out, /crosses-rings|next:/);
    const check = await repo.run("check", "HEAD", "--offline", "--rule", "crosses-rings", "--rule", "ring-order");
    assert.equal(check.code, 0, check.out);
  });

  it("takes a component that is new in the stage through its rings too", async () => {
    const { out } = await promote("reports");
    assert.match(out, /^reports: early -> prod\/rest, gitops\/apps\/reports\/stages\/prod\/pin\.yaml\n/);
    assert.match(out, /\n\+ reports {2}prod-eu-2 and prod-us-2\n/);
    assert.ok(!existsSync(join(repo.root, stage("reports"), "rings")));
  });

  it("leaves a newer version in the ring that has it, and says what waits in the stage before", async () => {
    await promote("orders");
    repo.commit("early");
    newer("orders", "1.5.0");
    const next = await promote("orders", "--dry-run");
    assert.match(
      next.out,
      /\n {2}staging has 1\.1\.0, 1\.5\.0 in the meantime; it begins with --ring canary\n|web 1\.1\.0, 1\.5\.0 in the meantime/,
    );
    await promote("orders", "--ring", "canary");
    repo.commit("a second one");
    const { out } = await promote("orders");
    assert.match(out, /^orders: early -> prod\/rest, /);
    assert.ok(!existsSync(join(repo.root, ring("orders", "early"))));
    assert.match(repo.read(ring("orders", "canary")), /tag: 1\.5\.0/);
    assert.match(repo.read(`${stage("orders")}/pin.yaml`), /tag: 1\.4\.0/);
  });

  it("makes one commit that says what, where and who has to approve, and has nothing else", async () => {
    repo.put({ "notes.txt": "mine", "gitops/apps/guestbook/values.yaml": "config:\n  TITLE: mine\n" });
    repo.git("add", "notes.txt");
    const { code, out } = await promote("orders", "--commit");
    assert.equal(code, 0, out);
    const message = `Promote orders to prod/early: web 1.1.0, 1.4.0

orders: web 1.0.0, 1.3.0 -> web 1.1.0, 1.4.0 (from canary)

Ring early of prod, 2 of 3: prod-eu

To approve: team-platform, team-oncall (gitops/stages/prod.yaml)
`;
    assert.equal(`${repo.git("log", "-1", "--format=%B")}\n`, message);
    assert.deepEqual(repo.git("show", "--name-only", "--format=").split("\n"), [
      ring("orders", "early"),
      ring("orders", "early", "values"),
    ]);
    assert.deepEqual(repo.changes(), [" M gitops/apps/guestbook/values.yaml", "A  notes.txt"]);
    assert.match(out, new RegExp(`\ncommitted ${repo.head().slice(0, 10)}:\n {2}Promote orders to prod/early`));
  });

  it("says what a commit would say, and makes none in a dry run", async () => {
    const before = repo.head();
    const { out } = await promote("orders", "--commit", "--dry-run");
    assert.match(out, /\nthe commit would say:\n {2}Promote orders to prod\/early: web 1\.1\.0, 1\.4\.0\n/);
    assert.deepEqual([repo.head(), repo.changes()], [before, []]);
  });

  it("writes nothing where Git makes no commit", async () => {
    const lock = join(repo.root, ".git", "index.lock");
    writeFileSync(lock, "");
    const { code, err } = await promote("orders", "--commit").finally(() => rmSync(lock));
    assert.equal(code, 1);
    assert.match(err, /nothing was written: Git makes no commit: .*index\.lock/);
    assert.deepEqual(repo.changes(), []);
  });

  it("promotes all components to one ring", async () => {
    newer("guestbook", "2.1.0");
    const { out } = await promote("--all", "--ring", "canary", "--commit");
    assert.match(out, /^guestbook: staging -> prod\/canary, /);
    assert.doesNotMatch(out, /orders: /);
    const early = await promote("--all", "--ring", "early");
    assert.match(early.out, /^guestbook: canary -> prod\/early, .*\n/);
    assert.match(early.out, /\norders: canary -> prod\/early, /);
  });

  const wrong: [string, string[], number, string][] = [
    ["an unknown ring", ["orders", "--ring", "erly"], 2, "there is no ring erly in prod; did you mean early?"],
    [
      "to skip a ring",
      ["orders", "--ring", "rest"],
      1,
      "orders has nothing in early, a ring of prod before rest; promote it there first: onebranch promote orders --to prod --ring early",
    ],
    [
      "to skip the first ring",
      ["guestbook", "--ring", "early"],
      1,
      "guestbook has nothing in canary, a ring of prod before early; promote it there first: onebranch promote guestbook --to prod --ring canary",
    ],
    [
      "several rings in one change",
      ["--all"],
      1,
      "guestbook would go to canary and orders to early, and one change reaches one ring: say which with --ring canary or --ring early",
    ],
  ];
  for (const [title, words, exitCode, sentence] of wrong) {
    it(`refuses ${title}`, async () => {
      const { code, err } = await promote(...words);
      assert.deepEqual([code, err.trim().replace(/^error: /, "")], [exitCode, sentence]);
      assert.deepEqual(repo.changes(), []);
    });
  }

  it("refuses a ring of a stage without rings", async () => {
    const { code, err } = await repo.run("promote", "orders", "--to", "staging", "--ring", "canary");
    assert.deepEqual([code, /the stage staging has no rings; leave out --ring canary/.test(err)], [2, true]);
  });

  it("refuses a pin of another form than the stage's", async () => {
    const file = "gitops/apps/guestbook/stages/staging/pin.yaml";
    repo.put({ [file]: repo.read(file).replace(/tag: \S+/, `digest: sha256:${"0".repeat(64)}`) });
    const { code, err } = await promote("guestbook");
    assert.equal(code, 1);
    assert.match(
      err,
      /staging\/pin\.yaml has no image\.tag, and gitops\/apps\/guestbook\/stages\/prod\/pin\.yaml has; the pin of a ring lies over the stage's, so it must have the same keys: change gitops\/apps\/guestbook\/stages\/prod\/pin\.yaml to the form of staging first/,
    );
  });

  it("refuses to begin again where the stage before has no pin any more", async () => {
    repo.git("rm", "--quiet", "gitops/apps/orders/stages/staging/pin.yaml");
    repo.commit("staging goes without orders");
    const { code, err } = await promote("orders", "--ring", "canary");
    assert.equal(code, 1);
    assert.match(err, /orders has no pin in staging, the stage before prod; promote it there first/);
  });

  it("refuses while the last ring has files of its own", async () => {
    repo.put({ [ring("orders", "rest", "values")]: "replicas: 9\n" });
    const { code, err } = await promote("orders");
    assert.equal(code, 1);
    assert.match(
      err,
      /rest is the last ring of prod and has files of its own; what it has is the stage's: move \S+rest\/values\.yaml to the files of prod, or remove it/,
    );
  });

  it("refuses a commit while files of the component are not committed", async () => {
    repo.put({ [ring("orders", "canary", "values")]: "replicas: 5\n" });
    const { code, err } = await promote("orders", "--commit");
    assert.equal(code, 1);
    assert.match(
      err,
      /canary\/values\.yaml has changes that are not committed; commit them or take them back first, so that the commit has nothing else/,
    );
    assert.equal(existsSync(join(repo.root, ring("orders", "early"))), false);
  });

  it("shows every ring, since when it has its version, and the next step", async () => {
    const when = new Date(repo.git("log", "-1", "--format=%cI"));
    const io = new FakeIo(repo.root);
    io.env = { ...process.env };
    const context = { io, root: () => repo.root };
    await showPins([], false, context as never, new Date(when.getTime() + 3 * 86_400_000));
    assert.deepEqual(
      io.stdout
        .split("\n")
        .slice(0, 4)
        .map((line) => line.replace(/ {2,}/g, " | ")),
      [
        "COMPONENT | DEV | STAGING | PROD/CANARY | PROD/EARLY | PROD/REST | PROMOTE TO",
        ...io.stdout
          .split("\n")
          .slice(1, 2)
          .map((line) => line.replace(/ {2,}/g, " | ")),
        "orders | web 1.1.0, 1.4.0 (3 d) | web 1.1.0, 1.4.0 (3 d) | web 1.1.0, 1.4.0 (3 d) | web 1.0.0, 1.3.0 (3 d) | web 1.0.0, 1.3.0 (3 d) | prod/early",
        "quotas | 1.0.0 (3 d) | 1.0.0 (3 d) | 1.0.0 (3 d) | 1.0.0 (3 d) | 1.0.0 (3 d) | prod/early",
      ],
    );
    const { out } = await repo.run("promote", "status", "orders", "--json");
    const [facts] = JSON.parse(out) as { rings: object; since: Record<string, string>; promoteTo: string[] }[];
    assert.deepEqual(Object.keys(facts!.since), ["dev", "staging", "prod/canary", "prod/early", "prod/rest"]);
    assert.equal(new Date(facts!.since["prod/canary"]!).getTime(), when.getTime());
    assert.deepEqual(facts!.promoteTo, ["prod/early"]);
  });
});
