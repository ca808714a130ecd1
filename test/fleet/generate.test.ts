import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { generateFleet, regions, stages, type Fleet, type FleetOptions } from "./generate";

describe("the generator of fleets", () => {
  let directory: string;
  let made = 0;
  const make = (options: Partial<FleetOptions>): Fleet => generateFleet(join(directory, String(made++)), options);
  const files = (root: string): Map<string, string> =>
    new Map(
      readdirSync(join(root, "gitops"), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name))
        .map((file) => [file.slice(root.length), readFileSync(file, "utf8")]),
    );

  beforeEach(() => (directory = mkdtempSync(join(tmpdir(), "onebranch-fleets-"))));
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  it("makes the same bytes and the same commit of the same seed, and others of another", () => {
    const [first, second, other] = [make({ seed: 3 }), make({ seed: 3 }), make({ seed: 4 })];
    assert.deepEqual(files(second.root), files(first.root));
    assert.notDeepEqual(files(other.root), files(first.root));
    const head = ({ root }: Fleet) => execFileSync("git", ["-C", root, "rev-parse", "HEAD"], { encoding: "utf8" });
    assert.equal(head(second), head(first));
    assert.notEqual(head(other), head(first));
  });

  it("puts each of the three stages into both regions", () => {
    const { clusters } = make({ clusters: 20 });
    const places = new Set(clusters.map(({ stage, region }) => `${stage} ${region}`));
    assert.deepEqual(
      [...places].sort(),
      stages.flatMap((stage) => regions.map((region) => `${stage} ${region}`)).sort(),
    );
  });

  it("makes charts of 5 to 15 templates, in two versions", () => {
    for (let seed = 1; seed <= 8; seed++) {
      const { root, charts } = make({ seed, clusters: 1, components: 1 });
      for (const { name, versions } of charts)
        for (const version of versions) {
          const files = readdirSync(join(root, "gitops", "charts", name, version, "templates"));
          const count = files.filter((file) => file !== "NOTES.txt").length;
          assert.ok(count >= 5 && count <= 15, `seed ${seed}: ${name} ${version} has ${count} templates`);
        }
    }
  });

  it("gives clusters values and pins of their own, each with an entry that excuses it", () => {
    const { root, clusters } = make({ exceptions: 0.2, canaries: 0.2 });
    let found = { values: 0, pins: 0 };
    for (const { name } of clusters) {
      const directory = join(root, "gitops", "clusters", name);
      const present = new Set(readdirSync(directory));
      const own = (kind: string) => (present.has(kind) ? readdirSync(join(directory, kind)) : []);
      const entries = present.has("exceptions.yaml")
        ? (parse(readFileSync(join(directory, "exceptions.yaml"), "utf8")) as { component: string; pin?: string }[])
        : [];
      const excused = (pin: boolean) =>
        entries.filter((entry) => (entry.pin !== undefined) === pin).map(({ component }) => `${component}.yaml`);
      assert.deepEqual(own("values"), excused(false).sort());
      assert.deepEqual(own("pins"), excused(true).sort());
      found = { values: found.values + own("values").length, pins: found.pins + own("pins").length };
    }
    assert.ok(found.values > 0 && found.pins > 0, "there are none at all");
  });

  it("has what is on its way in the rings, or in the same clusters without rings, or nowhere", () => {
    const rings = ["canary", "early", "rest"];
    const of = (onItsWay: FleetOptions["onItsWay"]) => make({ clusters: 20, rings, onItsWay });
    const [byRing, byCluster, atRest] = [of("rings"), of("clusters"), of("nothing")];
    const found = ({ root }: Fleet, pattern: RegExp) => [...files(root).keys()].filter((path) => pattern.test(path));
    const expected = byRing.clusters.flatMap(({ name, ring }) =>
      found(byRing, new RegExp(`/rings/${ring}/pin\\.yaml$`)).map((path) => `${name} ${path.split("/")[3]}`),
    );
    const ahead = [...files(byCluster.root)].filter(([path, text]) => /\/pins\//.test(path) && text.includes("2.0.0"));
    const own = ahead.map(([path]) => `${path.split("/")[3]} ${/([^/]+)\.yaml$/.exec(path)![1]}`);
    assert.deepEqual(own.sort(), expected.sort());
    assert.ok(own.length > 0);
    for (const fleet of [byCluster, atRest]) assert.deepEqual(found(fleet, /\/rings\//), []);
    assert.ok(byCluster.clusters.every(({ ring }) => ring === undefined));
    const plain = make({ clusters: 20 });
    const names = (text: string) => text.replace(/^ring: .*\n|^rings:\n( {2}- .*\n)+/gm, "");
    assert.deepEqual(new Map([...files(atRest.root)].map(([path, text]) => [path, names(text)])), files(plain.root));
  });

  it("gives every cluster values of its own for every component, when no two renders are to be equal", () => {
    const { root, clusters, components } = make({ distinct: true, clusters: 3 });
    for (const { name } of clusters)
      assert.equal(readdirSync(join(root, "gitops", "clusters", name, "values")).length, components.length);
  });
});
