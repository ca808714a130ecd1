import assert from "node:assert/strict";
import { Renderer, type ExpandedApplication } from "../../cli/tree/renderer";
import { rendererBinary } from "../../cli/tree/renderer/binary";
import type { Plan } from "../../cli/verbs/plan/types";
import { keepRepo, renewRepo, TreeRepo } from "../cli/support/tree-repo";
import { generateFleet, stages, type Fleet } from "./generate";

const inEurope = (region: string) => region.startsWith("eu-");
const each = <T>(count: number, of: (i: number) => T) => Array.from({ length: count }, (_, i) => of(i));

const small = stages.flatMap((stage) => ["us-east-1", "eu-west-1"].map((region) => ({ stage, region })));
const farRegions = ["us-east-1", "eu-west-1", "eu-central-1", "ap-south-1", "sa-east-1"];
const large = [
  ...each(60, (i) => ({ stage: "prod", region: farRegions[i % farRegions.length]! })),
  ...each(60, (i) => ({ stage: i % 3 === 0 ? "dev" : "staging", region: farRegions[i % 2]! })),
];

/** What the product promises of one branch and many clusters, each promise as a change and what the plan says of it. */
for (const [title, places, components] of [
  ["six clusters: three stages in two regions", small, 5],
  ["120 clusters, 60 of them production in five regions, with 50 components", large, 50],
] as const) {
  describe(`the promise to a fleet of ${title}`, function () {
    let fleet: Fleet;
    const repo = renewRepo(
      keepRepo(
        new TreeRepo((root) => {
          fleet = generateFleet(root, { places, components, charts: 4, exceptions: 0, canaries: 0 });
        }),
      ),
    );

    const clusters = (of: (cluster: Fleet["clusters"][number]) => boolean = () => true) =>
      fleet.clusters
        .filter(of)
        .map(({ name }) => name)
        .sort();

    /** Component and clusters of each change that the plan of the working tree has. */
    async function changed(files: Record<string, string>) {
      repo.put(files);
      const { code, out, err } = await repo.run("plan", "--offline", "--json");
      assert.equal(code, 0, err);
      const { changes, failed, notEvaluated } = JSON.parse(out) as Plan;
      assert.deepEqual([failed, notEvaluated], [[], []]);
      return changes.map(({ component, clusters: of }) => ({ component, clusters: [...of].sort() }));
    }

    it("gives every Application the identity of its own cluster, and files of no other place", async () => {
      const binary = await rendererBinary({ env: process.env });
      const renderer = await Renderer.open({ root: repo.root, env: process.env, binary, offline: true });
      let applications: ExpandedApplication[];
      try {
        ({ applications } = await renderer.expand(await renderer.tree()));
      } finally {
        renderer.close();
      }
      const places = new Map(fleet.clusters.map((cluster) => [cluster.name, cluster]));
      const made = applications.filter(({ name }) => name !== "bootstrap");
      assert.equal(made.length, fleet.clusters.length * fleet.components.length);
      for (const { name, cluster, application, valueFiles } of made) {
        const place = places.get(cluster)!;
        const labels = application.metadata.labels ?? {};
        const identity = { stage: place.stage, region: place.region, cluster, component: name };
        for (const [key, value] of Object.entries(identity))
          assert.equal(labels[`onebranch.dev/${key}`], value, `${name} in ${cluster}`);
        const own = new RegExp(
          `^gitops/((addons|apps)/${name}/(values|stages/${place.stage}/(pin|values)|regions/${place.region})|clusters/${cluster}/(pins|values)/${name})\\.yaml$`,
        );
        for (const { path } of valueFiles) assert.match(path, own, `${name} in ${cluster}`);
      }
    });

    it("lets a change of the base reach every cluster", async () => {
      const file = "gitops/apps/app-001/values.yaml";
      assert.deepEqual(await changed({ [file]: `${repo.read(file)}podAnnotations: { base: "2" }\n` }), [
        { component: "app-001", clusters: clusters() },
      ]);
    });

    it("lets a change of a stage reach its clusters only", async () => {
      const file = "gitops/apps/app-001/stages/prod/values.yaml";
      assert.deepEqual(await changed({ [file]: `${repo.read(file)}podAnnotations: { stage: "2" }\n` }), [
        { component: "app-001", clusters: clusters(({ stage }) => stage === "prod") },
      ]);
    });

    it("lets a change of a region reach its clusters only, in every stage", async () => {
      const file = "gitops/apps/app-001/regions/eu-west-1.yaml";
      const here = clusters(({ region }) => region === "eu-west-1");
      assert.deepEqual(new Set(here.map((name) => name.split("-")[0])).size, stages.length);
      assert.deepEqual(await changed({ [file]: "podAnnotations: { region: eu }\n" }), [
        { component: "app-001", clusters: here },
      ]);
    });

    it("lets an exception of a cluster reach that one only", async () => {
      const [name] = clusters(({ stage }) => stage === "prod");
      const directory = `gitops/clusters/${name}`;
      const because = "owner: a, reason: A test., ticket: A-1, expires: 2030-01-01";
      const found = await changed({
        [`${directory}/values/app-001.yaml`]: "podAnnotations: { only: here }\n",
        [`${directory}/exceptions.yaml`]: `- { component: app-001, keys: [podAnnotations], ${because} }\n`,
      });
      assert.deepEqual(found, [{ component: "app-001", clusters: [name] }]);
    });

    it("lets a chart's new version reach a stage only where its pin is raised", async () => {
      const file = "gitops/apps/app-001/stages/dev/pin.yaml";
      assert.deepEqual(await changed({ [file]: repo.read(file).replace("version: 1.0.0", "version: 1.1.0") }), [
        { component: "app-001", clusters: clusters(({ stage }) => stage === "dev") },
      ]);
    });

    it("finds the label of Europe's rules on every cluster there, and nowhere else", async () => {
      const [european, other] = [true, false].map((is) =>
        fleet.clusters.find(({ region }) => inEurope(region) === is)!,
      );
      const file = (name: string) => `gitops/clusters/${name}/cluster.yaml`;
      const findings = async (files: Record<string, string>) => {
        repo.put(files);
        const { out } = await repo.run("check", "--offline", "--json");
        const all = JSON.parse(out) as { rule: string; file: string }[];
        return all
          .filter(({ rule }) => rule.endsWith("-compliance"))
          .map(({ rule, file: at }) => `${rule} ${at}`)
          .sort();
      };
      assert.deepEqual(await findings({}), []);
      const wrong = {
        [file(european!.name)]: repo.read(file(european!.name)).replace(/compliance:\n\s+- gdpr\n/, "compliance: []\n"),
        [file(other!.name)]: repo.read(file(other!.name)).replace("compliance: []", "compliance: [gdpr]"),
      };
      assert.deepEqual(await findings(wrong), [
        `foreign-compliance ${file(other!.name)}`,
        `missing-compliance ${file(european!.name)}`,
      ]);
    });
  });
}
