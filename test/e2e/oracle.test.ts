/** The real ApplicationSet controller and repo-server are the oracle: what they make must be what the renderer says. */
import assert from "node:assert/strict";
import { cpSync, mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { parse } from "yaml";
import { Renderer, type ClusterInput, type Follow, type RendererTree } from "../../cli/tree/renderer";
import { clusterInput } from "../../cli/tree/roots";
import { compareText } from "../../model/findings";
import { Directory } from "../../model/directory";
import { readClusters } from "../../model/tree";
import { randomSets } from "../fleet/applicationsets";
import { Random } from "../fleet/random";
import { admissionSets } from "./oracle/admission";
import { cases } from "./oracle/cases";
import { serveChart } from "./oracle/chart-repository";
import { become, leaveIdentity } from "./oracle/identity";
import type { Comparison, Oracle, Part } from "./oracle/oracle";
import { connect, hold } from "./oracle/start";
import {
  checkFixture,
  patchedTree,
  partsOf,
  randomPart,
  ringTree,
  shipped,
  sixClusters,
  validFixtures,
  type OracleTree,
} from "./oracle/trees";
import { written } from "./oracle/written";
import { Checkout } from "./support/checkout";
import { fixtures as allFixtures } from "../support/paths";

const fixtures = join(allFixtures, "oracle");

/** Random trees to compare, and the seed of the first; a failure names the seed of its tree. */
const count = Number(process.env.ONEBRANCH_ORACLE_TREES ?? 10);
const seed = Number(process.env.ONEBRANCH_ORACLE_SEED ?? 20261121);
/** Trees of the rules of check to compare, chosen with the seed; all of them take a quarter of an hour: `make oracle`. */
const caseCount = Math.min(Number(process.env.ONEBRANCH_ORACLE_CASES ?? 40), cases.length);
/** Random trees that are in the cluster at a time. */
const batch = 10;
/** Trees that are open at a time, each with a renderer of its own. */
const openAtOnce = 20;

type Total = Pick<Comparison, "applications" | "manifests" | "refused">;

const nothing = (): Total => ({ applications: 0, manifests: 0, refused: 0 });

function add(total: Total, found: Total): void {
  for (const key of ["applications", "manifests", "refused"] as const) total[key] += found[key];
}

describe("the renderer and the real Argo CD", () => {
  const checkout = new Checkout();
  let oracle: Oracle;
  let renderer: Renderer;
  let tree: RendererTree;
  let input: ClusterInput;
  /** The same where no admission policy is. */
  let unguarded: ClusterInput;
  let follow: Follow;
  let fill: (text: string) => string;

  before(async () => {
    cpSync(join(fixtures, "tree"), checkout.root, { recursive: true });
    checkout.commit("what the oracle looks at");
    const { stdout } = await checkout.succeed("up", "dev", "--provider", "embedded", "--yes");
    oracle = await connect(checkout, "dev", /https:\/\/(?:127\.0\.0\.1|localhost):\d+/.exec(stdout)![0]);

    const secret = oracle.cluster.list("secrets", "argocd").find(({ metadata }) => metadata.name === "in-cluster")!;
    const { repoURL, revision, pollSeconds } = (secret.metadata as unknown as { annotations: Record<string, string> })
      .annotations;
    follow = { repoURL: repoURL!, revision: revision!, pollSeconds: Number(pollSeconds) };
    fill = (text) => text.replaceAll("REPO", follow.repoURL).replaceAll("REVISION", follow.revision);
    const { clusters, stages } = readClusters(new Directory(checkout.root));
    const identity = clusters.get("dev")!;
    input = clusterInput(identity, stages.get(identity.stage)!, follow, "embedded");
    renderer = await Renderer.open({ root: checkout.root, env: process.env, follow, offline: true });
    tree = { ...(await renderer.tree("HEAD")), clusters: [input] };
    unguarded = { ...input, scope: undefined };
  });

  after(async () => {
    renderer?.close();
    await hold(checkout.root, "dev", "SIGCONT");
    await checkout.onebranch("destroy", "dev", "--yes");
    checkout.remove();
  });

  it("make the same Applications of the shipped tree, field by field, where everything runs and syncs", async () => {
    // Pulumi's root names the commit, which a plan leaves out.
    const commit = (value: string) => `"name":"commit","value":"${value}"`;
    const text = JSON.stringify(input).replace(commit(""), commit("$ARGOCD_APP_REVISION"));
    const { applications } = await renderer.expand({ ...tree, clusters: [JSON.parse(text) as ClusterInput] });
    assert.deepEqual(
      applications.filter(({ invalid }) => invalid !== undefined),
      [],
    );
    assert.deepEqual(
      (await oracle.applications()).map(written),
      applications.map(({ application }) => written(application)),
    );
  });

  describe("that deploys nothing", () => {
    before(() => hold(checkout.root, "dev", "SIGSTOP"));

    it("make the same of every cluster of the shipped tree", () => compareTrees([shipped]));
    it("make the same of six clusters in three stages and two regions", () => compareTrees([sixClusters]));
    it("make the same of a stage with rings, in every ring", () => compareTrees([ringTree]));
    it("make the same of pins with facts and ignored differences", () => compareTrees([patchedTree]));
    it("make the same of the trees of other tests, those that can be rendered", () =>
      compareTrees([checkFixture, patchedTree, ...validFixtures]));

    it(`make the same of ${caseCount} trees of the rules of check`, async function () {
      // About a second for each cluster of each tree.
      this.timeout(caseCount * 20_000);
      const left = cases.length - caseCount;
      if (left > 0)
        console.log(`      not compared: ${left} more, which \`make oracle\` compares; chosen with seed ${seed}`);
      const chosen = left > 0 ? new Random(seed).some(cases, caseCount) : cases;
      const total = await compareTrees(chosen);
      console.log(
        `      ${total.applications} Applications, ${total.manifests} manifests, ${total.refused} refused by both`,
      );
    });

    it("refuse the same Applications by admission, for the same reasons", async () => {
      const roots = admissionSets(input, fill);
      const part = {
        title: "admission",
        renderer,
        open: { ...tree, clusters: [{ ...input, roots, projects: [...input.projects, "oracle", "platform"] }] },
      };
      await become(oracle, input.scope!);
      const { applications, refused } = await compare([{ ...part, applicationsOnly: true }]);
      assert.deepEqual({ applications, refused }, { applications: 5, refused: roots.length - 5 });
    });

    describe("and refuses nothing by admission", () => {
      before(() => leaveIdentity(oracle, input.scope!));

      it("make the same Applications of every fixture and of random ApplicationSets, and refuse the same ones", async () => {
        const files = readdirSync(join(fixtures, "sets")).sort();
        const sets = [
          ...files.map((file) => setOf(basename(file, ".yaml"), readFileSync(join(fixtures, "sets", file), "utf8"))),
          ...randomSets(seed, 40).map((text, i) => setOf(`random-${i}`, text)),
        ];
        const projects = [...input.projects, "platform", "storefront"];
        const open = { ...tree, clusters: [{ ...unguarded, roots: sets, projects }] };
        const found = await compare([{ title: `sets of seed ${seed}`, renderer, open, applicationsOnly: true }]);
        assert.ok(found.applications > 40 && found.refused > 10, JSON.stringify(found));
      });

      it("make the same manifests of every kind of source", async () => {
        const chart = join(fixtures, "tree", "oracle", "charts", "sink");
        const { address, folder, close } = await serveChart(
          join(oracle.cluster.bin, "helm"),
          chart,
          join(checkout.tmp, "charts"),
        );
        const text = fill(readFileSync(join(fixtures, "applications.yaml"), "utf8")).replaceAll("CHARTS", address);
        const charts = { root: checkout.root, env: process.env, follow, offline: true, charts: folder };
        const own = await Renderer.open(charts);
        try {
          const part = { ...applicationsOf(parse(text) as Named[]), renderer: own };
          const { manifests } = await compare([
            { ...part, open: { ...part.open, ...(await own.tree("HEAD")), clusters: part.open.clusters } },
          ]);
          assert.ok(manifests > 45, `${manifests} manifests`);
        } finally {
          own.close();
          close();
        }
      });

      it(`make the same of ${count} random trees from seed ${seed} on, and refuse the same of them`, async () => {
        const total = nothing();
        const unequal: string[] = [];
        for (let from = seed; from < seed + count; from += batch) {
          const seeds = Array.from({ length: Math.min(batch, seed + count - from) }, (_, i) => from + i);
          const parts = await Promise.all(seeds.map((each) => randomPart(each, directory())));
          const found = await comparedTwice(parts).finally(() => parts.forEach((part) => part.renderer.close()));
          unequal.push(...found.differences);
          add(total, found);
        }
        assert.deepEqual(unequal, []);
        console.log(
          `      ${total.applications} Applications, ${total.manifests} manifests, ${total.refused} refused by both`,
        );
        assert.ok(total.applications > 4 * count && total.manifests > 20 * count, JSON.stringify(total));
      });
    });
  });

  const directory = () => join(mkdtempSync(join(checkout.tmp, "tree-")), "tree");

  /** Compares trees that are in the cluster together; they must be equal in every field. */
  async function compare(parts: Part[]): Promise<Comparison> {
    const found = await comparedTwice(parts);
    assert.deepEqual(found.differences, []);
    return found;
  }

  /** A difference must come again: a controller that has not heard of the last object yet says what is true a moment later. */
  async function comparedTwice(parts: Part[]): Promise<Comparison> {
    const first = await compared(parts);
    if (first.differences.length === 0) return first;
    const second = await compared(parts);
    if (second.differences.length === 0) console.log(`      not seen again: ${first.differences[0]}`);
    return second;
  }

  async function compared(parts: Part[]): Promise<Comparison> {
    await oracle.clear();
    const found = await oracle.compare(parts);
    for (const reason of found.skipped) console.log(`      not compared: ${reason}`);
    return found;
  }

  /**
   * Compares trees as each of their clusters sees them, one after the other, each under the policy of its own identity: those
   * of one identity together, for a new policy takes the API server a second.
   */
  async function compareTrees(trees: readonly OracleTree[]): Promise<Total> {
    const total = nothing();
    const unequal: string[] = [];
    for (let from = 0; from < trees.length; from += openAtOnce) {
      if (trees.length > openAtOnce) console.log(`      ${from} of ${trees.length} trees are compared`);
      const opened = await Promise.all(trees.slice(from, from + openAtOnce).map(openTree));
      const parts = opened.flatMap((tree) => tree?.parts ?? []);
      parts.sort((a, b) => compareText(JSON.stringify(a.scope), JSON.stringify(b.scope)));
      try {
        for (const part of parts) {
          await become(oracle, part.scope);
          const found = await comparedTwice([part]);
          unequal.push(...found.differences);
          if (found.applications === 0) unequal.push(`${part.title} has no Application`);
          add(total, found);
        }
      } finally {
        opened.forEach((tree) => tree?.renderer.close());
      }
    }
    assert.deepEqual(unequal, []);
    return total;
  }

  async function openTree({ title, make }: OracleTree) {
    const root = directory();
    const reason = make(root);
    if (reason === undefined) return partsOf(title, root);
    console.log(`      not compared: ${title}: ${reason}`);
    return undefined;
  }

  /** A fixture's ApplicationSet with its address and revision filled in. */
  function setOf(name: string, text: string): object {
    const kind = { apiVersion: "argoproj.io/v1alpha1", kind: "ApplicationSet" };
    return { ...kind, metadata: { name, namespace: "argocd" }, ...(parse(fill(text)) as object) };
  }

  interface Named {
    name: string;
    source?: object;
    sources?: object[];
  }

  /** A tree that makes some Applications: one set for each, whose template is the Application itself. */
  function applicationsOf(list: Named[]): Part {
    const { repoURL, revision: targetRevision } = input.secrets[0]!.annotations!;
    const from = (source: object) => ({ repoURL, targetRevision, ...source });
    const roots = list.map(({ name, source, sources }) => ({
      apiVersion: "argoproj.io/v1alpha1",
      kind: "ApplicationSet",
      metadata: { name: `set-${name}`, namespace: "argocd" },
      spec: {
        goTemplate: true,
        generators: [{ list: { elements: [{ name }] } }],
        template: {
          metadata: { name },
          spec: {
            project: "oracle",
            ...(source ? { source: from(source) } : { sources: sources!.map(from) }),
            destination: { server: "https://kubernetes.default.svc", namespace: "oracle" },
          },
        },
      },
    }));
    return { title: "sources", renderer, open: { ...tree, clusters: [{ ...unguarded, roots, projects: ["oracle"] }] } };
  }
});
