/**
 * Makes fleets of the real shape, for tests, fuzzing and benchmarks: `node --import tsx test/fleet/generate.ts DIR --clusters 100`.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { stringify } from "yaml";
import { addBootstrap } from "../support/fixtures";
import { commitFleet } from "./commit";
import { Random } from "./random";
import { more } from "./optional-templates";
import { base, helpers } from "./templates";
import { schema, values } from "./values";

export interface FleetOptions {
  seed: number;
  clusters: number;
  /** Where the clusters are, one for each place; without them `clusters` are spread over all stages and `regions`. */
  places?: readonly { stage: string; region: string }[];
  components: number;
  /** Shared charts, each in two versions. */
  charts: number;
  /** How likely a cluster has its own values for a component: an exception. */
  exceptions: number;
  /** How likely a cluster has its own pin for a component: a canary. */
  canaries: number;
  /** Rings of prod, in order; none: all of its clusters at once. */
  rings: readonly string[];
  /**
   * How clusters of prod have versions that are on their way: some components by files of the rings; by files of each of these clusters,
   * as without rings, so that prod has none then; or not at all.
   */
  onItsWay: "rings" | "clusters" | "nothing";
  /** Every cluster has its own values for every component, so that no two renders are the same: the worst case. */
  distinct: boolean;
}

export const defaults: FleetOptions = {
  seed: 1,
  clusters: 9,
  components: 10,
  charts: 4,
  exceptions: 0.01,
  canaries: 0.005,
  rings: [],
  onItsWay: "rings",
  distinct: false,
};

export const stages = ["dev", "staging", "prod"] as const;
export const regions = ["eu-west-1", "us-east-1"] as const;
export const teams = ["commerce", "data", "identity", "storefront"] as const;

/** What is in a generated fleet, for tests that change something in it. */
export interface Fleet {
  root: string;
  clusters: { name: string; stage: string; ring?: string; region: string }[];
  components: { name: string; kind: "addons" | "apps"; chart: string; version: string }[];
  charts: { name: string; versions: [string, string] }[];
}

/** Writes a fleet into an empty directory and commits it; the same options give the same commit. */
export function generateFleet(root: string, options: Partial<FleetOptions> = {}): Fleet {
  const o = { ...defaults, ...options };
  const random = new Random(o.seed);
  const used = [...new Set(o.places?.map(({ region }) => region) ?? regions)];
  const files = new Map<string, string>();
  const write = (path: string, content: string | object) =>
    files.set(`gitops/${path}`, typeof content === "string" ? content : stringify(content, { version: "1.1" }));

  const charts = Array.from({ length: o.charts }, (_, i) => writeChart(write, random, `service-${i + 1}`));
  const components = Array.from({ length: o.components }, (_, i) => {
    const { name: chart, versions } = charts[i % charts.length]!;
    const kind: "addons" | "apps" = i % 5 === 4 ? "addons" : "apps";
    return {
      name: `${kind === "apps" ? "app" : "addon"}-${String(i + 1).padStart(3, "0")}`,
      kind,
      chart,
      version: versions[0],
    };
  });
  for (const component of components) writeComponent(write, random, component, used);
  const places = o.places ?? Array.from({ length: o.clusters }, (_, i) => placeOf(i));
  const reached = new Map<string, readonly string[]>(
    o.onItsWay === "nothing" || o.rings.length === 0
      ? []
      : components.map((component) => [component.name, writeOnItsWay(write, random, component, o)]),
  );
  const rings = o.onItsWay === "clusters" ? [] : o.rings;
  const clusters = places.map(({ stage, region }, i) => {
    const name = `${stage}-${region.slice(0, 2)}-${String(i + 1).padStart(3, "0")}`;
    // Of every seven clusters of prod one is in the first ring, and half of the others in the last.
    const place = Math.min(Math.max(0, (i % 10) - 3), o.rings.length - 1);
    const ring = stage === "prod" && o.rings.length > 0 ? o.rings[place]! : undefined;
    const ahead = components.filter((one) => ring !== undefined && reached.get(one.name)?.includes(ring) === true);
    const cluster = { name, stage, ...(ring !== undefined && rings.length > 0 && { ring }), region };
    writeCluster(write, random, cluster, { components, charts, ahead: rings.length > 0 ? [] : ahead, o });
    return cluster;
  });
  writeStages(write, rings, used);

  addBootstrap(root);
  const namespaces = (list: typeof components) => list.map(({ name }) => name);
  write("bootstrap/values.yaml", {
    pollSeconds: 180,
    retry: { duration: "2s", factor: 2, maxDuration: "1m" },
    platform: {
      namespaces: {
        "kube-system": { existing: true },
        ...Object.fromEntries(
          namespaces(components.filter(({ kind }) => kind === "addons")).map((name) => [
            name,
            { podSecurity: "restricted" },
          ]),
        ),
      },
      chartRepositories: [],
    },
    teams: Object.fromEntries(
      teams.map((team) => [
        team,
        {
          description: `Team ${team}`,
          namespaces: namespaces(components.filter(({ name, kind }) => kind === "apps" && teamOf(name) === team)),
        },
      ]),
    ),
  });
  for (const [path, content] of files) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
  commitFleet(root, "fleet");
  return { root, clusters, components, charts };
}

function placeOf(i: number) {
  const stage = i % 10 === 0 ? "dev" : i % 10 < 3 ? "staging" : "prod";
  // Every other ten begin in the other region, so that each stage is in both.
  return { stage, region: regions[(i + Math.floor(i / 10)) % 2]! };
}

type Write = (path: string, content: string | object) => void;

function teamOf(component: string): string {
  return teams[Number(component.slice(-3)) % teams.length]!;
}

function writeChart(write: Write, random: Random, name: string): Fleet["charts"][number] {
  const chosen = random.some(Object.keys(more), random.between(1, Object.keys(more).length));
  const versions: [string, string] = ["1.0.0", "1.1.0"];
  for (const version of versions) {
    const directory = `charts/${name}/${version}`;
    const fill = (text: string) => text.replaceAll("CHART", name);
    write(`${directory}/Chart.yaml`, { apiVersion: "v2", name, version, appVersion: version, type: "application" });
    write(`${directory}/values.yaml`, fill(values));
    write(`${directory}/values.schema.json`, `${JSON.stringify(schema, null, 2)}\n`);
    write(`${directory}/templates/_helpers.tpl`, fill(helpers));
    for (const [file, text] of Object.entries(base)) write(`${directory}/templates/${file}`, fill(text));
    for (const file of chosen) write(`${directory}/templates/${file}`, fill(more[file]!));
    if (version === versions[1]) {
      write(`${directory}/templates/NOTES.txt`, "{{ .Release.Name }} runs in {{ .Release.Namespace }}.\n");
    }
  }
  return { name, versions };
}

function writeComponent(
  write: Write,
  random: Random,
  component: Fleet["components"][number],
  regions: readonly string[],
): void {
  const { name, kind, chart, version } = component;
  const directory = `${kind}/${name}`;
  write(`${directory}/values.yaml`, {
    replicas: random.between(1, 3),
    env: { LOG_LEVEL: random.pick(["debug", "info", "warn"]), OWNER: teamOf(name) },
    config: {
      FEATURE_A: random.pick(["enabled", "disabled"]),
      QUEUE: `${name}-queue`,
      CACHE_SECONDS: String(random.between(1, 600)),
    },
    extraLabels: { "onebranch.dev/team": teamOf(name) },
  });
  // No stage is ahead of the one before it.
  const minors = stages.map(() => random.between(0, 30)).sort((a, b) => b - a);
  for (const [place, stage] of stages.entries()) {
    const image = { repository: `registry.example.com/${name}`, tag: `1.${minors[place]}.${9 - place}` };
    write(`${directory}/stages/${stage}/pin.yaml`, {
      component: name,
      chart,
      version,
      namespace: name,
      requires: random.chance(0.1) ? "nodes" : "base",
      ...(kind === "apps" ? { team: teamOf(name) } : {}),
      image,
    });
    write(`${directory}/stages/${stage}/values.yaml`, {
      replicas: stage === "prod" ? random.between(3, 9) : 1,
      resources: { requests: { cpu: `${random.between(1, 8) * 100}m` } },
      ...(stage === "prod" ? { autoscaling: { enabled: random.chance(0.5) } } : {}),
    });
  }
  for (const region of regions) {
    if (!random.chance(0.6)) continue;
    write(`${directory}/regions/${region}.yaml`, {
      ingress: { enabled: true, host: `${name}.${region}.example.com` },
      env: { REGION: region },
    });
  }
}

/** What a component has that is on its way through prod. */
const aheadValues = { config: { FEATURE_A: "on-its-way" } };
const aheadImage = (component: string) => ({ repository: `registry.example.com/${component}`, tag: "2.0.0" });

/**
 * Some components are on their way through prod: with what staging has in every ring up to one that is not the last.
 * @returns the rings that have it
 */
function writeOnItsWay(
  write: Write,
  random: Random,
  { name, kind, chart, version }: Fleet["components"][number],
  { rings, onItsWay }: FleetOptions,
): readonly string[] {
  const reached = rings.slice(0, random.between(0, rings.length - 1));
  const team = kind === "apps" ? { team: teamOf(name) } : {};
  const pin = { component: name, chart, version, namespace: name, requires: "base", ...team, image: aheadImage(name) };
  for (const ring of onItsWay === "rings" ? reached : []) {
    const at = `${kind}/${name}/stages/prod/rings/${ring}`;
    write(`${at}/pin.yaml`, pin);
    write(`${at}/values.yaml`, aheadValues);
  }
  for (const stage of reached.length > 0 ? ["dev", "staging"] : [])
    write(`${kind}/${name}/stages/${stage}/pin.yaml`, pin);
  return reached;
}

function writeCluster(
  write: Write,
  random: Random,
  cluster: Fleet["clusters"][number],
  made: Pick<Fleet, "components" | "charts"> & { ahead: Fleet["components"]; o: FleetOptions },
): void {
  const { components, charts, ahead, o } = made;
  const directory = `clusters/${cluster.name}`;
  write(`${directory}/cluster.yaml`, {
    ...cluster,
    provider: cluster.stage === "prod" ? "eks" : "kind",
    kubernetesVersion: "1.36",
    domain: `${cluster.name}.example.com`,
    capabilities: ["base", "nodes", "storage", ...(cluster.stage === "prod" ? ["loadbalancer", "dns"] : [])],
    compliance: cluster.region.startsWith("eu") ? ["gdpr"] : [],
  });
  const exceptions: object[] = [];
  const because = {
    owner: "team-platform",
    reason: "This cluster is special.",
    ticket: "OPS-1",
    expires: "2030-01-01",
  };
  for (const component of components) {
    const own = o.distinct || random.chance(o.exceptions);
    const canary = random.chance(o.canaries);
    const isAhead = ahead.includes(component);
    const values = {
      ...(own && { podAnnotations: { "example.com/cluster": cluster.name }, env: { CLUSTER: cluster.name } }),
      ...(isAhead && aheadValues),
    };
    const keys = Object.keys(values);
    if (keys.length > 0) {
      write(`${directory}/values/${component.name}.yaml`, values);
      exceptions.push({ component: component.name, keys, ...because });
    }
    if (canary || isAhead) {
      const newer = charts.find(({ name }) => name === component.chart)!.versions[1];
      write(`${directory}/pins/${component.name}.yaml`, {
        component: component.name,
        ...(canary && { version: newer }),
        ...(isAhead && { image: aheadImage(component.name) }),
      });
      exceptions.push({ component: component.name, pin: "canary", ...because });
    }
  }
  if (exceptions.length > 0) write(`${directory}/exceptions.yaml`, exceptions);
}

function writeStages(write: Write, rings: readonly string[], regions: readonly string[]): void {
  stages.forEach((stage, i) =>
    write(`stages/${stage}.yaml`, {
      order: i + 1,
      ...(stage === "prod" && rings.length > 0 && { rings }),
      applicationsSync: stage === "prod" ? "create-update" : "sync",
      preserveResourcesOnDeletion: stage === "prod",
      prune: true,
      approvers: [],
    }),
  );
  for (const region of regions) {
    write(`regions/${region}.yaml`, {
      compliance: region.startsWith("eu") ? ["gdpr"] : [],
      dnsZone: `${region}.example.com`,
      cloudRegion: region,
    });
  }
}

function main(): void {
  const { positionals, values: flags } = parseArgs({
    allowPositionals: true,
    options: {
      seed: { type: "string" },
      clusters: { type: "string" },
      components: { type: "string" },
      charts: { type: "string" },
      rings: { type: "string" },
      distinct: { type: "boolean" },
    },
  });
  const root = positionals[0];
  if (root === undefined)
    throw new Error(
      "usage: generate.ts DIR [--seed N] [--clusters N] [--components N] [--charts N] [--rings A,B,C] [--distinct]",
    );
  const numbers = Object.fromEntries(
    (["seed", "clusters", "components", "charts"] as const).flatMap((key) =>
      flags[key] ? [[key, Number(flags[key])]] : [],
    ),
  );
  mkdirSync(root, { recursive: true });
  const rings = flags.rings === undefined ? {} : { rings: flags.rings.split(",") };
  const fleet = generateFleet(root, { ...numbers, ...rings, ...(flags.distinct ? { distinct: true } : {}) });
  console.log(`${fleet.clusters.length} clusters x ${fleet.components.length} components in ${root}`);
}

if (require.main === module) main();
