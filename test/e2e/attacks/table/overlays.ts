import type { CommitAttempt } from "../attempt";
import type { Tree } from "../tree";
import { bySet } from "./own-set";
import { configMap } from "./parts";

const values = "gitops/bootstrap/values.yaml";
const component = { apiVersion: "kustomize.config.k8s.io/v1alpha1", kind: "Component" };

/** An app of commerce that Kustomize builds; prod has an overlay of it that nobody else may read. */
function overlaid(tree: Tree, name: string): void {
  const folder = `gitops/apps/${name}`;
  if (!/^kustomize: true$/m.test(tree.read(values))) tree.write(values, `${tree.read(values)}\nkustomize: true\n`);
  tree.write(`${folder}/base/1.0.0/kustomization.yaml`, { resources: ["settings.yaml"] });
  tree.write(`${folder}/base/1.0.0/settings.yaml`, configMap(name, { payment: "fake" }));
  for (const stage of ["dev", "staging", "prod"]) {
    tree.write(`${folder}/stages/${stage}/pin.yaml`, {
      ...{
        component: name,
        kustomize: true,
        version: "1.0.0",
        namespace: "orders",
        requires: "base",
        team: "commerce",
      },
    });
    tree.write(`${folder}/stages/${stage}/overlay/kustomization.yaml`, { ...component, metadata: { name: stage } });
  }
  tree.write(`${folder}/stages/prod/overlay/kustomization.yaml`, {
    ...component,
    patches: [{ patch: JSON.stringify(configMap(name, { payment: "live" })) }],
  });
}

const shows = (name: string) => [{ object: `ConfigMap orders/${name}`, field: "data.payment", is: "fake" }];

/** An overlay of dev that names what it must not read. */
function reaching(
  id: string,
  title: string,
  content: object,
  says: RegExp,
  files: Record<string, object> = {},
): CommitAttempt {
  const name = `a${id}`;
  const overlay = `gitops/apps/${name}/stages/dev/overlay`;
  return {
    ...{ id, who: "team", how: "commit", title: `an overlay of dev ${title}` },
    given: (tree) => overlaid(tree, name),
    change: (tree) => {
      tree.write(`${overlay}/kustomization.yaml`, { ...component, ...content });
      for (const [file, text] of Object.entries(files)) tree.write(`${overlay}/${file}`, text);
    },
    check: ["kustomize-reach"],
    plan: [`refuses ${name} in dev`],
    cluster: { stop: "render", at: `Application ${name}`, says, shows: shows(name) },
  };
}

const built = (name: string, kustomize: object) => ({
  source: { path: `gitops/apps/${name}/base/1.0.0`, helm: undefined, kustomize },
});

/** What Kustomize may read, and what an Application may tell it. */
export const overlayCommits: CommitAttempt[] = [
  reaching("45l", "names the overlay of prod", { components: ["../../prod/overlay"] }, /no such file or directory/),
  reaching("45m", "names a repository", { resources: ["https://github.com/a/b?ref=main"] }, /no 'git' program on path/),
  reaching(
    "45n",
    "names an address",
    { resources: ["https://example.com/a.yaml"] },
    /no 'git' program|connection refused/,
  ),
  reaching("45o", "runs a program", { generators: ["run.yaml"] }, /external plugins disabled/, {
    "run.yaml": {
      ...{ apiVersion: "v1", kind: "Run" },
      metadata: { name: "a", annotations: { "config.kubernetes.io/function": "exec:\n  path: ./run.sh\n" } },
    },
  }),
  reaching(
    "45p",
    "brings a chart",
    { helmCharts: [{ name: "a", repo: "https://example.com" }] },
    /must specify --enable-helm/,
  ),
  {
    ...{ id: "45q", who: "team", how: "commit", title: "a base has the list of overlays that Argo CD's script keeps" },
    given: (tree) => overlaid(tree, "a45q"),
    change: (tree) => tree.write("gitops/apps/a45q/base/1.0.0/.onebranch-overlays", "../../stages/prod/overlay\n"),
    check: [],
    plan: ["no change"],
    cluster: { stop: "nothing", shows: shows("a45q") },
    said: "the list is written again before each build",
  },
  bySet("45r", "with the overlay of prod", built("a45r", { components: ["../../stages/prod/overlay"] })),
  bySet(
    "45s",
    "with another image under the name of one",
    built("a45s", { components: ["../../stages/dev/overlay"], images: ["podinfo=evil/podinfo:1"] }),
  ),
];
