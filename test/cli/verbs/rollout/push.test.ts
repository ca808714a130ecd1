import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { renewRepo } from "../../support/tree-repo";
import { at, Fleet } from "./fleet";

const prod = "gitops/apps/orders/stages/prod";

/** The same fleet, with a remote that every commit is pushed to. */
describe("onebranch rollout --push", function () {
  this.timeout(60_000);
  const fleet = renewRepo(new Fleet());
  const remote = fleet.beside("remote.git");
  const other = fleet.beside("other");
  const rollout = (...words: string[]) => fleet.run("rollout", "orders", "--to", "prod", "--push", ...words);
  const subjects = (since: string) => fleet.git("log", "--format=%s", `${since}..HEAD`).split("\n").filter(Boolean);
  const git = (where: string, ...args: string[]) =>
    execFileSync("git", ["-C", where, "-c", "user.name=Ada", "-c", "user.email=ada@example.com", ...args], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
    }).trimEnd();

  beforeEach(() => {
    fleet.git("rm", "--quiet", "-r", `${prod}/rings`);
    fleet.commit("at rest");
    execFileSync("rm", ["-rf", remote, other]);
    execFileSync("git", ["clone", "--quiet", "--bare", fleet.root, remote]);
    execFileSync("git", ["clone", "--quiet", remote, other]);
    if (!fleet.git("remote").includes("origin")) fleet.git("remote", "add", "origin", remote);
    fleet.io.today = at("06:00");
    for (const [name, ring] of [
      ["prod-us", "canary"],
      ["prod-eu", "early"],
      ["prod-eu-2", "rest"],
      ["prod-us-2", "rest"],
    ] as const)
      fleet.follows(name, ring);
  });

  /** Somebody else commits something, and pushes it. */
  function elsewhere(path: string, subject: string): void {
    git(other, "pull", "--quiet");
    execFileSync("mkdir", ["-p", `${other}/${path}`.replace(/\/[^/]+$/, "")]);
    execFileSync("tee", [`${other}/${path}`], { input: `# ${subject}\n`, stdio: ["pipe", "ignore", "ignore"] });
    git(other, "add", "--all");
    git(other, "commit", "--quiet", "--message", subject);
    git(other, "push", "--quiet");
  }

  /** Something happens at the first look at a cluster, once. */
  function atLook(name: string, work: () => void): void {
    let done = false;
    const cluster = fleet.follows(name, name === "prod-us" ? "canary" : "early");
    cluster.atLook = () => {
      if (done) return;
      done = true;
      work();
    };
  }

  it("pushes every commit", async () => {
    const start = fleet.head();
    const { code, err } = await rollout();
    assert.equal(code, 0, err);
    assert.equal(git(remote, "rev-parse", "main"), fleet.head());
    assert.equal(subjects(start).length, 3);
  });

  it("goes on over what others have pushed meanwhile elsewhere in the tree", async () => {
    atLook("prod-us", () => elsewhere("notes.md", "some notes"));
    const { code, err } = await rollout();
    assert.equal(code, 0, err);
    assert.equal(git(remote, "rev-parse", "main"), fleet.head());
    assert.match(fleet.git("log", "--format=%s"), /\nsome notes\n/);
  });

  it("is told who goes on, where somebody else was first", async () => {
    const start = fleet.head();
    atLook("prod-us", () => elsewhere(`${prod}/rings/canary/values.yaml`, "another way"));
    const { code, err } = await rollout();
    assert.equal(code, 1);
    assert.match(
      err,
      /\nAda goes on with orders in prod: [0-9a-f]{7,} \(another way\) came first, and this run has changed nothing since; run the same command to follow it\n$|^Ada goes on/,
    );
    assert.deepEqual(subjects(start), ["another way"]);
    assert.deepEqual(fleet.changes(), []);
  });

  it("begins with what the remote has, and not beside commits that were never pushed", async () => {
    elsewhere("notes.md", "some notes");
    assert.equal((await rollout()).code, 0);
    assert.match(fleet.git("log", "--format=%s"), /\nsome notes\n/);
    fleet.put({ "mine.md": "mine" });
    fleet.commit("mine");
    const { code, err } = await rollout();
    assert.equal(code, 1);
    assert.equal(
      err,
      "1 commit of main has not been pushed to origin, and a rollout pushes nothing but its own: push or drop them first\n",
    );
  });

  it("changes nothing where the remote takes no push, and says why", async () => {
    const start = fleet.head();
    execFileSync("tee", [`${remote}/hooks/pre-receive`], {
      input: "#!/bin/sh\necho protected >&2; exit 1\n",
      stdio: ["pipe", "ignore", "ignore"],
    });
    execFileSync("chmod", ["+x", `${remote}/hooks/pre-receive`]);
    const { code, err } = await rollout();
    assert.equal(code, 1);
    assert.match(err, /origin takes no push to main, and nothing was changed: (.*\n)*.*protected/);
    assert.deepEqual([subjects(start), fleet.changes()], [[], []]);
  });
});
