import assert from "node:assert/strict";
import { Renderer, type RendererTree } from "../../../cli/tree/renderer";
import { admission, refusals, requiredLabels } from "../../../model/admission/applications";
import type { ClusterScope } from "../../../model/admission/policy";
import { inClusterServer } from "../../../model/root";
import { Repo } from "../../cli/tree/support";

export const scope = {
  ...{ name: "prod-eu", stage: "prod", region: "eu-west-1", domain: "eu.example.com" },
  ...{ repoURL: "https://git.invalid/tree.git", revision: "main" },
};

/** What each source of the tree has, and one of them. */
export const followed = { repoURL: scope.repoURL, targetRevision: scope.revision };
export const chart = { ...followed, path: "gitops/charts/web-service/1.2.0" };

/** What an Application of a component may differ in from one that is let in. */
export interface Differences {
  name?: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  spec?: object;
  /** What its source has besides. */
  source?: object;
  helm?: object;
}

/** An Application, whether it is let in, and if not, the rule that refuses it. */
export type Case = [title: string, rule: keyof ReturnType<typeof refusals> | undefined, application: Differences];

/** Judges Applications of one cluster with a renderer, which is there during the tests of a suite. */
export function judgeOfSuite(of: ClusterScope = scope) {
  const repo = new Repo();
  let renderer: Renderer;
  let tree: RendererTree;

  before(async () => {
    repo.commit();
    renderer = await Renderer.open({ root: repo.root, env: process.env, offline: true });
    tree = await renderer.tree("HEAD");
  });
  after(() => {
    renderer.close();
    repo.remove();
  });
  return judge;

  /** Why each of some Applications is refused; undefined for those that are let in. */
  async function judge(applications: readonly Differences[]): Promise<(string | undefined)[]> {
    const roots = applications.map(({ name = "orders", labels, annotations, spec, source = {}, helm = {} }, index) => ({
      metadata: { name: `set-${String(index).padStart(6, "0")}`, namespace: "argocd" },
      spec: {
        goTemplate: true,
        generators: [{ list: { elements: [{}] } }],
        template: {
          metadata: {
            name,
            labels: { ...requiredLabels(of, name), ...labels },
            ...(annotations && { annotations }),
          },
          spec: {
            project: name === "bootstrap" ? "bootstrap" : "shop",
            source: sourceOf(name, source, helm),
            destination: { server: inClusterServer, namespace: "orders" },
            ...spec,
          },
        },
      },
    }));
    // Argo CD's own controller looks at these first.
    const projects = ["default", "bootstrap", "platform", "shop"];
    const secrets = ["https://there", inClusterServer].map((server, i) => ({ name: `known-${i}`, server, labels: {} }));
    const cluster = { name: scope.name, kubeVersion: "1.36", roots, projects, secrets, scope: of };
    const judged = await renderer.expand({ ...tree, clusters: [cluster] });
    const reasons = new Map(judged.applications.map(({ set, invalid }) => [set, invalid]));
    assert.equal(reasons.size, applications.length, JSON.stringify(judged.sets.find(({ error }) => error)));
    return roots.map(({ metadata }) => reasons.get(metadata.name)?.replace("admission refuses it: ", ""));
  }
}

/** Its value files are those that its group of components has. */
function sourceOf(name: string, source: object, helm: object): object {
  const ofBootstrap = { path: "gitops/bootstrap", helm: { valueFiles: ["/gitops/stages/prod.yaml"], ...helm } };
  const ofOthers = { helm: { valueFiles: [`/gitops/apps/${name}/values.yaml`], ...helm } };
  return { ...chart, ...(name === "bootstrap" ? ofBootstrap : ofOthers), ...source };
}

export const withFile = (path: string): Differences => ({
  ...(path.includes("/addons/") && { spec: { project: "platform" } }),
  helm: { valueFiles: [...(/\/(addons|apps)\//.test(path) ? [] : ["/gitops/apps/orders/values.yaml"]), path] },
});
/** The rules' messages as the renderer quotes them. */
export const reasonOf = Object.fromEntries(
  Object.keys(refusals(scope)).map((rule, index) => [rule, admission.rules[index]!.message]),
) as ReturnType<typeof refusals>;

/** Has a test for each case. */
export function testEach(cases: readonly Case[], judge: ReturnType<typeof judgeOfSuite>): void {
  const withoutSubject = (reason?: string) =>
    admission.rules.find(({ message }) => reason?.startsWith(message))?.message ?? reason;
  for (const [title, rule, application] of cases) {
    it(`${rule === undefined ? "lets in" : "refuses"} ${title}`, async () =>
      assert.deepEqual((await judge([application])).map(withoutSubject), [rule && reasonOf[rule]]));
  }
}
