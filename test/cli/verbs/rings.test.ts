import assert from "node:assert/strict";
import { candidates } from "../../../cli/verbs/completion/candidates";
import { commands } from "../../../cli/commands";
import type { Plan } from "../../../cli/verbs/plan/types";
import { addRingTree } from "../../support/fixtures";
import { renewRepo, TreeRepo } from "../support/tree-repo";

const orders = "gitops/apps/orders/stages/prod";
const ring = (name: string, file: string) => `${orders}/rings/${name}/${file}.yaml`;

/** What the verbs say of a tree whose prod has the rings canary (prod-us), early (prod-eu) and rest (prod-us-2, prod-eu-2). */
describe("a stage with rings", () => {
  const repo = renewRepo(new TreeRepo(addRingTree));

  async function plan(): Promise<Plan> {
    const { out, err } = await repo.run("plan", "HEAD", "--json", "--offline");
    assert.ok(out.startsWith("{"), err);
    return JSON.parse(out) as Plan;
  }

  async function findings(...rules: string[]): Promise<string[]> {
    const only = rules.flatMap((rule) => ["--rule", rule]);
    const { out } = await repo.run("check", "HEAD", "--offline", "--json", ...only);
    const found = JSON.parse(out) as { file: string; message: string; fix: string; severity: string }[];
    return found.filter(({ severity }) => severity !== "note").map((one) => `${one.file}: ${one.message}; ${one.fix}`);
  }

  const reach = ({ changes }: Plan) =>
    changes.map(({ component, clusters, dangers }) => [component, clusters, dangers.map(({ id }) => id)]);

  it("has no finding while versions are on their way", async () => {
    const { code, out } = await repo.run("check", "--offline");
    assert.deepEqual(
      [code, out.split("\n").filter((line) => line.startsWith("gitops") && !/warning|note/.test(line))],
      [0, []],
    );
  });

  it("reads the files of a ring in the clusters of that ring alone", async () => {
    const shown = await Promise.all(
      ["prod-us", "prod-eu", "prod-us-2"].map(async (cluster) => {
        const { out } = await repo.run("explain", cluster, "orders", "image.tag", "--offline");
        return /"(1\.\d\.\d)" +(ring pin|pin)/.exec(out)?.slice(1);
      }),
    );
    assert.deepEqual(shown, [
      ["1.4.0", "ring pin"],
      ["1.3.0", "pin"],
      ["1.3.0", "pin"],
    ]);
  });

  it("says since when a ring has a pin of its own, as a metric", async () => {
    const since = Number(repo.git("log", "-1", "--format=%ct"));
    const { out } = await repo.run("pins", "--metrics");
    const of = (component: string, name: string) =>
      `onebranch_ring_since_timestamp_seconds{component="${component}",stage="prod",ring="${name}"} ${since}`;
    assert.deepEqual(
      out
        .split("\n")
        .filter((line) => line.startsWith("onebranch"))
        .sort(),
      [of("orders", "canary"), of("reports", "canary"), of("reports", "early")],
    );
  });

  it("makes a component that only some rings have there and nowhere else", async () => {
    const codes = await Promise.all(
      ["prod-us", "prod-eu", "prod-us-2"].map((cluster) => repo.run("render", cluster, "reports", "--offline")),
    );
    assert.deepEqual(
      codes.map(({ code }) => code),
      [0, 0, 1],
    );
    assert.match(
      codes[2]!.err,
      /reports is not in prod-us-2: it is on its way through prod and in the ring canary, early only; bring it to rest with `onebranch promote reports --to prod`/,
    );
  });

  it("says which ring a file belongs to that a cluster does not read", async () => {
    const { out } = await repo.run("explain", "prod-eu", "orders", "--offline", "--why-not", ring("canary", "values"));
    assert.match(out, /is not read: it belongs to the ring canary; prod-eu is in the ring early/);
    const dev = await repo.run("explain", "dev", "orders", "--offline", "--why-not", ring("canary", "values"));
    assert.match(dev.out, /it belongs to the stage prod; dev is in the stage dev/);
  });

  it("compares the rings of two clusters, and the pin that makes the difference", async () => {
    const { out } = await repo.run("compare", "prod-us", "prod-eu", "orders", "--offline");
    assert.match(out, /^ring +canary +early$/m);
    assert.match(out, /prod-us: web 1\.1\.0 \(gitops\/apps\/orders\/stages\/prod\/rings\/canary\/pin\.yaml:4\)/);
    assert.match(out, /^replicas +4 +5 +cluster/m);
  });

  it("plans a step to the next ring as a change of that ring alone", async () => {
    repo.put({
      [ring("early", "pin")]: repo.read(ring("canary", "pin")),
      [ring("early", "values")]: repo.read(ring("canary", "values")),
    });
    const planned = await plan();
    assert.deepEqual(reach(planned), [["orders", ["prod-eu"], []]]);
    assert.deepEqual(
      planned.clusters.map(({ name, ring }) => [name, ring]),
      [
        ["dev", undefined],
        ["staging", undefined],
        ["prod-us", "canary"],
        ["prod-eu", "early"],
        ["prod-eu-2", "rest"],
        ["prod-us-2", "rest"],
      ],
    );
    assert.deepEqual(await findings("crosses-rings", "ring-order", "stale-ring-file"), []);
  });

  it("plans the last step as a change of the last ring alone: the other manifests stay the same", async () => {
    for (const name of ["pin", "values"]) {
      repo.put({ [ring("early", name)]: repo.read(ring("canary", name)) });
    }
    repo.commit("early");
    repo.put({
      [`${orders}/pin.yaml`]: repo.read(ring("canary", "pin")),
      [`${orders}/values.yaml`]: 'replicas: 4\nconfig:\n  ENGINE: "2"\n',
    });
    repo.git("rm", "-rq", `${orders}/rings`);
    assert.deepEqual(reach(await plan()), [["orders", ["prod-eu-2", "prod-us-2"], []]]);
    assert.deepEqual(await findings("crosses-rings"), []);
  });

  it("plans the last step of a component that is new in the stage so too", async () => {
    const reports = "gitops/apps/reports/stages/prod";
    repo.put({ [`${reports}/pin.yaml`]: repo.read(`${reports}/rings/canary/pin.yaml`) });
    repo.git("rm", "-rq", `${reports}/rings`);
    const { changes } = await plan();
    const made = changes.map(({ change, clusters, resources, dangers }) => [
      change,
      clusters,
      resources.length > 0,
      dangers.map(({ id }) => id),
    ]);
    assert.deepEqual(made, [
      ["change", ["prod-eu", "prod-us"], false, []],
      ["add", ["prod-eu-2", "prod-us-2"], true, []],
    ]);
    assert.deepEqual(await findings("crosses-rings"), []);
  });

  it("warns of a stage's own file, with the way out", async () => {
    repo.put({ "gitops/apps/guestbook/stages/prod/values.yaml": "replicas: 9\n" });
    const [change] = (await plan()).changes;
    assert.deepEqual(
      change!.dangers.map(({ id, level, message }) => [id, level, message]),
      [
        [
          "crosses-rings",
          "high",
          "the rings canary, early and rest of prod get this at once; what is written into stages/prod/rings/canary goes ring by ring",
        ],
      ],
    );
    assert.deepEqual(await findings("crosses-rings"), [
      "gitops/apps/guestbook/stages/prod/values.yaml: this changes the rings canary, early and rest of prod at once; write it into gitops/apps/guestbook/stages/prod/rings/canary/values.yaml and promote it ring by ring (onebranch promote guestbook --to prod); or excuse it with a reason (# onebranch-ignore crosses-rings: ...)",
    ]);
  });

  it("warns of a shared file that reaches all rings, with the way out", async () => {
    repo.put({ "gitops/apps/reports/values.yaml": "replicas: 2\n" });
    const found = await findings("crosses-rings");
    assert.ok(
      found.some((line) =>
        line.includes(
          "reports/values.yaml: this changes dev, staging and prod at once; set it in gitops/apps/reports/stages/dev/values.yaml, then in staging, then in prod, ring by ring, and last here",
        ),
      ),
      found.join("\n"),
    );
  });

  it("tells what a change of bootstrap may do at once, and how the rest goes stage by stage", async () => {
    const file = "gitops/bootstrap/values.yaml";
    const before = repo.read(file);
    const changed = async (from: RegExp, to: string) => {
      assert.match(before, from);
      repo.put({ [file]: before.replace(from, to) });
      return findings("crosses-rings");
    };
    const room = "  late: { description: Comes later, namespaces: [late] }";
    assert.deepEqual(await changed(/^teams:$/m, `teams:\n${room}`), [], "a team and its namespace");
    assert.deepEqual(await changed(/chartRepositories: \[/, "$&https://more.example.com, "), [], "a repository");
    const found = await changed(/limit: 5,/, "limit: 6,");
    assert.equal(found.length, 1);
    assert.match(
      found[0]!,
      /: this changes dev and staging at once; let its template ask for the stage \(if eq \.Values\.stage "dev"\) and take in staging in later changes; new namespaces, .* may come everywhere at once/,
    );
  });

  it("tells where a value goes that a new version of the chart needs", async () => {
    const pin = "gitops/apps/reports/stages/dev/pin.yaml";
    const shared = "gitops/apps/reports/values.yaml";
    repo.put({ [shared]: "onlyNew: true\n" });
    assert.deepEqual(await findings("crosses-rings"), [], "no version reads it yet");
    repo.put({
      [pin]: repo.read(pin).replace(/tag: .*/, "tag: 9.9.9"),
      [shared]: "replicas: 2\n",
    });
    const found = (await findings("crosses-rings")).filter((line) => line.startsWith(shared));
    assert.deepEqual(found, [
      `${shared}: this changes dev, staging and prod at once; what the new version needs goes into gitops/apps/reports/stages/dev/values.yaml beside its pin, moves with it to staging and prod, ring by ring, and comes here when every stage has the version; or excuse it with a reason (# onebranch-ignore crosses-rings: ...)`,
    ]);
  });

  it("refuses two rings in one change", async () => {
    const pin = repo.read(ring("canary", "pin")).replace("1.4.0", "1.3.9");
    repo.put({ [ring("canary", "pin")]: pin, [ring("early", "pin")]: pin });
    assert.deepEqual(await findings("crosses-rings"), [
      `${ring("early", "pin")}: this changes the ring early of prod together with the ring canary of prod (${ring("canary", "pin")}); land the ring canary of prod first, and the ring early of prod in a change of its own`,
    ]);
  });

  it("refuses a directory of a ring that the stage does not have, and of a stage without rings", async () => {
    repo.put({
      [ring("canery", "values")]: "replicas: 5\n",
      "gitops/apps/orders/stages/dev/rings/canary/values.yaml": "replicas: 2\n",
    });
    assert.deepEqual(await findings("unknown-layer"), [
      'gitops/apps/orders/stages/dev/rings/canary/values.yaml: ring "canary" does not exist; add the ring first',
      'gitops/apps/orders/stages/prod/rings/canery/values.yaml: ring "canery" does not exist; use "canary" (allowed: canary, early, rest), or add the ring',
    ]);
  });

  it("asks for the ring of a new cluster", async () => {
    const words = ["new", "cluster", "prod-3", "--stage", "prod", "--region", "us-east-1", "--provider", "eks"];
    assert.match((await repo.run(...words)).err, /this needs --ring; there are canary, early, rest/);
    assert.match(
      (await repo.run(...words, "--ring", "erly")).err,
      /there is no ring erly in prod; did you mean early\?/,
    );
    const made = await repo.run(...words, "--ring", "early", "--dry-run");
    assert.match(made.out, /^\s*ring: early$/m);
    const dev = await repo.run(
      "new",
      "cluster",
      "dev-3",
      "--stage",
      "dev",
      "--region",
      "us-east-1",
      "--provider",
      "kind",
      "--ring",
      "early",
    );
    assert.match(dev.err, /the stage dev has no rings; leave out --ring early/);
  });

  it("completes the names of rings", () => {
    const words = ["new", "cluster", "x", "--ring", ""];
    assert.deepEqual(candidates({ words, cwd: repo.root, commands }), ["canary", "early", "rest"]);
  });
});
