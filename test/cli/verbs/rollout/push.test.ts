import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import { renewRepo } from "../../support/tree-repo";
import { at, Fleet } from "./fleet";

const prod = "gitops/apps/orders/stages/prod";

/** The same fleet, with a remote that every commit is pushed to. */
describe("onebranch rollout --push", function () {
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

  it("says that a commit is pushed and the checkout is behind it, and goes on from there when it runs again", async () => {
    const lock = `${fleet.root}/.git/index.lock`;
    const hook = `${remote}/hooks/pre-receive`;
    // Another Git holds the checkout's index from the push on.
    writeFileSync(hook, `#!/bin/sh\ntouch '${lock}'\n`, { mode: 0o755 });
    const start = fleet.head();
    const { code, err } = await rollout().finally(() => rmSync(lock, { force: true }));
    rmSync(hook);
    assert.equal(code, 1);
    assert.match(err, /^the commit is pushed, and this checkout is behind it: [^]*index\.lock/);
    assert.equal(fleet.head(), start);
    assert.equal(
      git(remote, "log", "--format=%s", `${start}..main`),
      "Promote orders to prod/canary: web 1.1.0, 1.4.0",
    );
    assert.equal((await rollout()).code, 0);
    assert.equal(git(remote, "rev-parse", "main"), fleet.head());
    assert.equal(subjects(start).length, 3);
  });

  it("says that the remote does not give the branch", async () => {
    execFileSync("git", ["-C", remote, "update-ref", "-d", "refs/heads/main"]);
    const { code, err } = await rollout();
    assert.equal(code, 1);
    assert.match(err, /^origin does not give main: .*couldn't find remote ref/);
  });

  it("begins not where the checkout cannot take what the remote has, and leaves its files", async () => {
    elsewhere("notes.md", "theirs");
    fleet.put({ "notes.md": "mine\n" });
    const start = fleet.head();
    const { code, err } = await rollout();
    assert.equal(code, 1);
    assert.match(err, /^main cannot be brought to what origin has: [^]*notes\.md/);
    assert.deepEqual([fleet.head(), fleet.read("notes.md")], [start, "mine\n"]);
  });

  it("gives up behind others who commit all the time, and has changed nothing", async () => {
    // Whatever is pushed, somebody else comes first.
    const hook = [
      "#!/bin/sh",
      "unset GIT_QUARANTINE_PATH GIT_OBJECT_DIRECTORY GIT_ALTERNATE_OBJECT_DIRECTORIES",
      "id=$(git -c user.name=Ada -c user.email=ada@example.com commit-tree -m more -p main 'main^{tree}')",
      'git update-ref refs/heads/main "$id"',
    ];
    writeFileSync(`${remote}/hooks/pre-receive`, `${hook.join("\n")}\n`, { mode: 0o755 });
    const { code, err } = await rollout();
    assert.equal(code, 1);
    assert.match(err, /^others commit to main faster than this run; run the same command again$/m);
    assert.doesNotMatch(fleet.git("log", "--format=%s"), /Promote orders to prod\/early/);
  });
});
