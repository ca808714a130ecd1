/** Random trees of the real shape, with everything that Argo CD and Helm can be asked for: what fuzzing compares. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { stringify } from "yaml";
import { commitFleet } from "../commit";
import { Random } from "../random";
import { randomChart, valuesFor, type Files } from "./chart";
import { randomKustomization } from "./kustomize";
import { randomSets } from "./sets";
import { oddities } from "./oddities";
import { requiredChart } from "../../../model/layers";
import { bootstrapChart, shippedCharts, shippedTeams } from "../../support/paths";

const stages = ["dev", "staging", "prod"];
const regions = ["eu-west-1", "us-east-1"];

/** Writes the tree of a seed and commits it. Its names begin with `prefix`, so that many trees fit into one Argo CD. */
export function randomTree(root: string, seed: number, prefix: string): void {
  const random = new Random(seed);
  const files: Files = new Map();
  const yaml = (path: string, content: object) => files.set(`gitops/${path}`, stringify(content, { version: "1.1" }));

  const charts = Array.from({ length: random.between(2, 3) }, (_, i) => {
    const name = `chart-${i}`;
    return { name, version: "1.0.0", subcharts: randomChart(random, files, `gitops/charts/${name}/1.0.0`, name) };
  });
  const components = Array.from({ length: random.between(2, 4) }, (_, i) => {
    const { name: chart, version, subcharts } = random.pick(charts);
    return { name: `${prefix}-c${i}`, kind: random.chance(0.3) ? "addons" : "apps", chart, version, subcharts };
  });
  const stage = random.pick(stages);
  const region = random.pick(regions);
  const cluster = `${prefix}-k`;
  for (const component of components) writeComponent(random, files, component, { stage, region, cluster, prefix });
  yaml(`clusters/${cluster}/cluster.yaml`, {
    name: cluster,
    stage,
    region,
    provider: random.pick(["kind", "eks"]),
    kubernetesVersion: "1.36",
    domain: "x.example.com",
    capabilities: random.some(["base", "nodes", "storage"], random.between(1, 3)),
    compliance: [],
  });
  for (const [i, name] of stages.entries()) {
    const prod = name === "prod";
    yaml(`stages/${name}.yaml`, {
      order: i + 1,
      applicationsSync: prod ? "create-update" : "sync",
      preserveResourcesOnDeletion: prod,
      prune: true,
      approvers: [],
    });
  }
  for (const name of regions)
    yaml(`regions/${name}.yaml`, { compliance: [], dnsZone: "x.example.com", cloudRegion: name });

  const kustomizations = ["k1", "k2"].map((name) =>
    randomKustomization(random, files, `gitops/kustomize/${prefix}-${name}`),
  );
  writePlain(random, files);
  const subjects = { prefix, stage, components: components.filter(({ kind }) => kind === "apps"), kustomizations };
  writeBootstrap(random, files, {
    ...subjects,
    components: subjects.components.length > 0 ? subjects.components : components,
  });
  for (const [path, text] of files) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  commitFleet(root, `tree ${seed}`);
}

interface Component {
  name: string;
  kind: string;
  chart: string;
  version: string;
  subcharts: string[];
}

function writeComponent(
  random: Random,
  files: Files,
  { name, kind, chart, version, subcharts }: Component,
  { stage, region, cluster, prefix }: { stage: string; region: string; cluster: string; prefix: string },
): void {
  const at = `gitops/${kind}/${name}`;
  const layer = (path: string, probability: number) => {
    if (random.chance(probability)) files.set(path, valuesFor(random, subcharts));
  };
  layer(`${at}/values.yaml`, 0.95);
  layer(`${at}/regions/${region}.yaml`, 0.4);
  layer(`gitops/clusters/${cluster}/values/${name}.yaml`, 0.3);
  for (const each of stages) {
    if (each !== stage && random.chance(0.5)) continue;
    layer(`${at}/stages/${each}/values.yaml`, 0.5);
    const pin = {
      component: name,
      chart,
      version,
      namespace: random.pick([name, "shared"]),
      requires: random.chance(0.85) ? "base" : random.pick(["nodes", "dns"]),
      ...(kind === "apps" || random.chance(0.5) ? { team: `${prefix}-team` } : {}),
      image: { tag: random.pick(["1.0", "2", "v3"]) },
    };
    files.set(`${at}/stages/${each}/pin.yaml`, stringify(pin, { version: "1.1" }));
  }
  if (random.chance(0.2)) {
    const pin = {
      component: name,
      ...(random.chance(0.5) ? { version: random.pick([version, "9.9.9"]) } : {}),
      image: { tag: "canary" },
    };
    files.set(`gitops/clusters/${cluster}/pins/${name}.yaml`, stringify(pin, { version: "1.1" }));
  }
}

function writePlain(random: Random, files: Files): void {
  const map = (name: string, data = "{ n: '1' }") =>
    `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: ${name} }\ndata: ${data}\n`;
  files.set(
    "gitops/plain/a.yaml",
    `${map("a")}---\n${map("a2", "{ octal: '0755', t: |- \n  x }").replace("{ octal: '0755', t: |- \n  x }", "\n  octal: '0755'\n  text: |\n    last")}`,
  );
  files.set(
    "gitops/plain/b.json",
    JSON.stringify({ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "b" }, data: { n: "1" } }),
  );
  files.set("gitops/plain/sub/c.yml", map("c"));
  files.set("gitops/plain/notes.md", "no manifest");
  if (random.chance(0.3)) files.set("gitops/plain/skipped.yaml", `# +argocd:skip-file-rendering\n${map("skipped")}`);
  if (random.chance(0.3))
    files.set(
      "gitops/plain/list.yaml",
      `apiVersion: v1\nkind: List\nitems:\n  - { apiVersion: v1, kind: ConfigMap, metadata: { name: listed } }\n`,
    );
  if (random.chance(0.2)) files.set("gitops/plain/odd.yaml", random.pick(oddities));
  if (random.chance(0.1)) files.set("gitops/plain/odd.yml", random.pick(oddities));
  if (random.chance(0.05)) files.set("gitops/plain/z.yaml", "apiVersion: v1\nkind: [");
}

/** The shipped bootstrap chart under names of this tree, with more ApplicationSets as files beside it. */
function writeBootstrap(random: Random, files: Files, subjects: Parameters<typeof randomSets>[1]): void {
  const { prefix } = subjects;
  const team = `${prefix}-team`;
  for (const file of ["Chart.yaml", "templates/_helpers.tpl", "templates/projects.yaml"]) {
    files.set(`gitops/bootstrap/${file}`, readFileSync(join(bootstrapChart, file), "utf8"));
  }
  // bootstrap reads the files of the teams by this chart, also where there are none.
  for (const file of ["Chart.yaml", "templates/_teams.tpl"]) {
    files.set(`gitops/teams/${file}`, readFileSync(join(shippedTeams, file), "utf8"));
  }
  const requirement = join(requiredChart.name, requiredChart.version, "Chart.yaml");
  files.set(`gitops/charts/${requirement}`, readFileSync(join(shippedCharts, requirement), "utf8"));
  const helpers = "gitops/bootstrap/templates/_helpers.tpl";
  // A platform project for each tree, and teams that their pins name.
  files.set(
    helpers,
    files.get(helpers)!.replace("{{ else }}platform{{ end }}", `{{ else }}${prefix}-platform{{ end }}`),
  );
  const projects = "gitops/bootstrap/templates/projects.yaml";
  const text = files.get(projects)!.replace("name: platform", `name: ${prefix}-platform`);
  files.set(projects, text.slice(0, text.lastIndexOf("---")));
  const components = readFileSync(join(bootstrapChart, "templates", "components.yaml"), "utf8");
  files.set(
    "gitops/bootstrap/templates/components.yaml",
    components.replace("name: components", `name: ${prefix}-components`),
  );
  files.set(
    "gitops/bootstrap/values.yaml",
    stringify(
      {
        pollSeconds: 180,
        retry: { duration: "2s", factor: 2, maxDuration: "1m" },
        platform: { namespaces: { "kube-system": { existing: true } }, chartRepositories: [] },
        teams: { [team]: { description: "A team", namespaces: [`${prefix}-ns`] } },
      },
      { version: "1.1" },
    ),
  );
  for (const [name, set] of randomSets(random, subjects)) files.set(`gitops/bootstrap/sets/${name}`, set);
  files.set(
    "gitops/bootstrap/templates/more.yaml",
    '{{- range $path, $text := .Files.Glob "sets/*.yaml" }}\n---\n{{ $.Files.Get $path | replace "REPO" $.Values.repoURL | replace "REVISION" $.Values.targetRevision }}\n{{- end }}\n',
  );
}
