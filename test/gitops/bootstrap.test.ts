import assert from "node:assert/strict";
import { policyKinds } from "../../model/admission/boundary";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { capabilityNames } from "../../model/capabilities";
import { pathNames, pathOf, requiredFiles, type Scope } from "../../model/layers";
import { effectiveCapabilities, isLocal, providerNames, type ProviderName } from "../../model/providers";
import { bootstrapChart } from "../support/paths";
import { commit, rendering, repoURL } from "./bootstrap";
import { PinnedTree } from "./files";
import { findCrds, findHelm, refusal, render, unknownFields, type Manifest, type Schema } from "./helm";
import { skip } from "../support/skip";

const component = "/gitops/{{ index .path.segments 1 }}/{{ .values.component }}";

/** A source that fails unless the files are there. */
function requirementOf({ name, stage, region }: Scope) {
  const component = { group: "{{ index .path.segments 1 }}", component: "{{ .values.component }}" };
  const valueFiles = requiredFiles.map((file) => `/${pathOf(file, { ...pathNames({ name, stage, region }), ...component })}`);
  return { repoURL, targetRevision: "main", path: "gitops/charts/required-files/1.0.0", helm: { valueFiles } };
}

describe("bootstrap chart", function () {
  const tree = new PinnedTree();
  let helm: string;
  let crds: Map<string, Schema> | undefined;

  before(async function () {
    crds = await findCrds();
    const found = await findHelm();
    if (found) helm = found;
    else skip(this, "no helm on PATH, and none built (make toolchain)");
  });

  function bootstrap(name: string, provider: ProviderName): Manifest[] {
    return render(helm, rendering(tree.root, tree.clusters.get(name)!, provider));
  }

  function one(manifests: Manifest[], kind: string, name: string): Manifest {
    const found = manifests.filter((manifest) => manifest.kind === kind && manifest.metadata.name === name);
    assert.equal(found.length, 1, `${kind} ${name}`);
    return found[0]!;
  }

  for (const { name, stage, region } of tree.clusters.values()) {
    for (const provider of ["embedded", "kind"] as const) {
      describe(`${name} on ${provider}`, () => {
        let manifests: Manifest[];
        // Where Applications stay, their files have to.
        const requirement = stage === "prod" ? requirementOf({ name, stage, region }) : undefined;
        before(() => {
          manifests = bootstrap(name, provider);
        });

        it("makes nothing but projects, ApplicationSets and the namespaces of the teams and of the platform", () => {
          assert.deepEqual(manifests.map(({ kind, metadata }) => `${kind} ${metadata.name}`).sort(), [
            "AppProject commerce",
            "AppProject default",
            "AppProject platform",
            "AppProject storefront",
            "ApplicationSet charts",
            "ApplicationSet components",
            "Namespace cert-manager",
            "Namespace guardrails",
            "Namespace guestbook",
            "Namespace metrics-server",
            "Namespace orders",
          ]);
        });

        for (const set of ["components", "charts"]) {
          it(`${set}: finds the stage's pins, overridden by the cluster's own, that the cluster can run`, () => {
            const { spec } = one(manifests, "ApplicationSet", set);
            // Argo CD's controller writes it like this when it is asked to refresh; anything else would be drift.
            const template = { metadata: {}, spec: { destination: {}, project: "" } };
            const git = (more: object) => ({
              git: { repoURL, revision: "main", requeueAfterSeconds: 7, template, ...more },
            });
            const capabilities = effectiveCapabilities(tree.clusters.get(name)!, provider);
            const lacking = capabilityNames.filter((capability) => !capabilities.includes(capability));
            const generators = (group: string) => ({
              merge: {
                mergeKeys: ["values"],
                generators: [
                  git({
                    files: [{ path: `gitops/${group}/*/stages/${stage}/pin.yaml` }],
                    values: { component: "{{ index .path.segments 2 }}" },
                  }),
                  git({
                    pathParamPrefix: "pin",
                    files: [{ path: `gitops/clusters/${name}/pins/*.yaml` }],
                    values: { component: '{{ trimSuffix ".yaml" .pin.path.filename }}' },
                  }),
                ],
                template,
              },
              selector: {
                matchExpressions: [
                  { key: "repo", operator: set === "charts" ? "Exists" : "DoesNotExist" },
                  ...(set === "charts" ? [] : [{ key: "kustomize", operator: "DoesNotExist" }]),
                  ...["requires", ...capabilityNames.map((_, index) => `requires.${index}`)].map((key) => ({
                    ...{ key, operator: "NotIn", values: lacking },
                  })),
                ],
              },
            });
            assert.deepEqual(spec.generators, [generators("addons"), generators("apps")]);
          });

          it(`${set}: deletes as its stage says, and fails on a missing key`, () => {
            const { spec } = one(manifests, "ApplicationSet", set);
            const prod = stage === "prod";
            assert.deepEqual(spec.syncPolicy, {
              applicationsSync: prod ? "create-update" : "sync",
              ...(prod && { preserveResourcesOnDeletion: true }),
            });
            assert.equal(spec.goTemplate, true);
            assert.deepEqual(spec.goTemplateOptions, ["missingkey=error"]);
          });

          it(`${set}: labels, destination and sync policy of its Applications`, () => {
            const { metadata, spec } = one(manifests, "ApplicationSet", set).spec.template as Manifest;
            assert.equal(metadata.name, "{{ .values.component }}");
            assert.deepEqual(metadata.labels, {
              "onebranch.dev/stage": stage,
              "onebranch.dev/region": region,
              "onebranch.dev/cluster": name,
              "onebranch.dev/component": "{{ .values.component }}",
            });
            assert.deepEqual(spec.destination, {
              server: "https://kubernetes.default.svc",
              namespace: '{{ get . "namespace" }}',
            });
            assert.deepEqual(spec.syncPolicy, {
              automated: { prune: true, selfHeal: true },
              retry: {
                limit: stage === "prod" ? 50 : 5,
                refresh: true,
                backoff: { duration: "2s", factor: 2, maxDuration: "20s" },
              },
              syncOptions: ["CreateNamespace=true", "ServerSideApply=true", "SkipDryRunOnMissingResource=true"],
            });
          });
        }

        it("components: a chart of this repository, with the layers in order and the pins among them", () => {
          const { spec } = one(manifests, "ApplicationSet", "components").spec.template as Manifest;
          const chart = {
            repoURL,
            targetRevision: "main",
            path: 'gitops/charts/{{ get . "chart" }}/{{ get . "version" }}',
            helm: {
              ignoreMissingValueFiles: true,
              valueFiles: [
                `${component}/values.yaml`,
                `${component}/stages/${stage}/pin.yaml`,
                `${component}/stages/${stage}/values.yaml`,
                `${component}/regions/${region}.yaml`,
                `/gitops/clusters/${name}/values/{{ .values.component }}.yaml`,
                `/gitops/clusters/${name}/pins/{{ .values.component }}.yaml`,
              ],
            },
          };
          assert.deepEqual(spec.sources ?? spec.source, requirement === undefined ? chart : [chart, requirement]);
        });

        it("charts: a chart from its repository, with the layers in order and no pin among them", () => {
          const { spec } = one(manifests, "ApplicationSet", "charts").spec.template as Manifest;
          assert.deepEqual(spec.sources, [
            {
              repoURL: "{{ .repo }}",
              chart: '{{ get . "chart" }}',
              targetRevision: '{{ get . "version" }}',
              helm: {
                ignoreMissingValueFiles: true,
                valueFiles: [
                  `$values${component}/values.yaml`,
                  `$values${component}/stages/${stage}/values.yaml`,
                  `$values${component}/regions/${region}.yaml`,
                  `$values/gitops/clusters/${name}/values/{{ .values.component }}.yaml`,
                ],
              },
            },
            { repoURL, targetRevision: "main", ref: "values", ...requirement },
          ]);
        });

        it("keeps what must outlive a mistake, where resources are preserved", () => {
          for (const { kind, metadata } of manifests) {
            const keep = stage === "prod" || metadata.name === "default";
            const expected = keep ? "Prune=false,Delete=false" : undefined;
            assert.equal(
              metadata.annotations?.["argocd.argoproj.io/sync-options"],
              expected,
              `${kind} ${metadata.name}`,
            );
          }
        });

        it("changes the ApplicationSets with each commit, and nothing else", () => {
          for (const { kind, metadata } of manifests) {
            const expected = kind === "ApplicationSet" ? commit : undefined;
            assert.equal(metadata.annotations?.["onebranch.dev/commit"], expected, `${kind} ${metadata.name}`);
          }
        });

        it("makes the projects before the Applications that name them", () => {
          for (const { kind, metadata } of manifests) {
            const expected = kind === "AppProject" ? "-1" : undefined;
            assert.equal(metadata.annotations?.["argocd.argoproj.io/sync-wave"], expected, `${kind} ${metadata.name}`);
          }
        });

        it("sets no field that the oldest supported Argo CD would drop", function () {
          if (!crds) return skip(this, "Argo CD is not built (make toolchain)");
          for (const manifest of manifests.filter(({ kind }) => kind !== "Namespace")) {
            assert.deepEqual(unknownFields(manifest, crds!.get(manifest.kind)!), [], manifest.metadata.name);
          }
        });
      });
    }
  }

  it("gives the platform its repositories and namespaces, and no admission policy", () => {
    const { spec } = one(bootstrap("dev", "kind"), "AppProject", "platform");
    assert.deepEqual(spec.sourceRepos, [
      repoURL,
      "https://charts.jetstack.io",
      "https://kubernetes-sigs.github.io/metrics-server/",
    ]);
    const namespaces = ["cert-manager", "guardrails", "kube-system", "metrics-server", "orders", "guestbook"];
    assert.deepEqual(
      spec.destinations,
      namespaces.map((namespace) => ({ server: "https://kubernetes.default.svc", namespace })),
    );
    assert.deepEqual(
      spec.clusterResourceBlacklist,
      policyKinds.map((kind) => ({ group: "admissionregistration.k8s.io", kind })),
    );
    assert.deepEqual(spec.orphanedResources, { warn: true });
  });

  it("gives a team its own namespaces from this repository, and nothing cluster-scoped", () => {
    const { spec } = one(bootstrap("dev", "kind"), "AppProject", "storefront");
    assert.deepEqual(spec, {
      description: "The shop window",
      sourceRepos: [repoURL],
      destinations: [{ server: "https://kubernetes.default.svc", namespace: "guestbook" }],
      namespaceResourceBlacklist: [
        { group: "", kind: "ResourceQuota" },
        { group: "", kind: "LimitRange" },
        ...["Application", "ApplicationSet", "AppProject"].map((kind) => ({ group: "argoproj.io", kind })),
      ],
      orphanedResources: { warn: true },
    });
  });

  it("locks the project default", () => {
    const { spec } = one(bootstrap("dev", "kind"), "AppProject", "default");
    assert.deepEqual([spec.sourceRepos, spec.destinations, spec.clusterResourceWhitelist], [[], [], []]);
    assert.deepEqual(spec.namespaceResourceBlacklist, [{ group: "*", kind: "*" }]);
  });

  it("freezes production where users are, and not where it is rehearsed", () => {
    const windows = (provider: ProviderName, project: string) =>
      one(bootstrap("prod", provider), "AppProject", project).spec.syncWindows;
    for (const project of ["platform", "storefront"]) {
      assert.deepEqual(windows("eks", project), [
        {
          kind: "deny",
          schedule: "0 18 24 12 *",
          duration: "216h",
          timeZone: "Europe/Berlin",
          manualSync: true,
          applications: ["*"],
        },
      ]);
      for (const provider of providerNames) {
        assert.deepEqual(windows(provider, project), isLocal(provider) ? undefined : windows("eks", project), provider);
      }
    }
    assert.equal(one(bootstrap("dev", "existing"), "AppProject", "platform").spec.syncWindows, undefined);
  });

  it("refuses values that it does not know, and a cluster that says too little", () => {
    const good = rendering(tree.root, tree.clusters.get("dev")!, "kind");
    assert.match(refusal(helm, { ...good, more: [...good.more, "--set", "prnue=false"] }), /prnue/);
    assert.match(refusal(helm, { ...good, files: good.files.slice(1) }), /missing properties 'name'/);
    assert.match(refusal(helm, { ...good, more: [] }), /repoURL/);
    assert.equal(refusal(helm, good), "");
  });
});

describe("templates of the bootstrap chart", () => {
  for (const file of readdirSync(join(bootstrapChart, "templates"))) {
    it(`${file} never looks up labels with index, which would turn a missing one into an empty text`, () => {
      assert.doesNotMatch(readFileSync(join(bootstrapChart, "templates", file), "utf8"), /index\s+[^|}]*labels/);
    });
  }
});
