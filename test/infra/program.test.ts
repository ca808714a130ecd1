import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { argoCdConfig, configMaps } from "../../infra/argocd/config";
import { embeddedKubernetes } from "../../infra/versions";
import { warningsOf } from "../../infra/warnings";
import { later, password, policyResources, recordedKubeconfig, resource, type Expectation } from "./support/expected";
import { charted, kubernetesProvider } from "./support/expected-chart";
import { governingResources, rootSpec } from "./support/expected-root";
import type { Registered } from "./support/record";
import { run } from "./support/run-program";
import { identity, kubeconfig, settingsWith, sharedKubeconfig, tree } from "./support/source";

function assertResources(actual: readonly Registered[], expected: readonly Registered[]): void {
  const sorted = (list: readonly Registered[]) => [...list].sort((a, b) => a.name.localeCompare(b.name));
  assert.deepEqual(
    sorted(actual).map(({ name, type }) => `${type} ${name}`),
    sorted(expected).map(({ name, type }) => `${type} ${name}`),
  );
  for (const [index, wanted] of sorted(expected).entries()) assert.deepEqual(sorted(actual)[index], wanted);
}

for (const preview of [false, true]) {
  describe(`the program in ${preview ? "a preview" : "an up"}`, () => {
    it("asks for exactly the resources of an embedded cluster", async () => {
      const settings = settingsWith({ config: { provider: "embedded" } });
      const expectation: Expectation = {
        preview,
        provider: "embedded",
        capabilities: ["base"],
        repoURL: "file:///checkout",
        pollSeconds: "3",
        deletedWith: "control-plane",
        cluster: ["control-plane"],
      };
      const { resources, outputs, secretOutputs } = await run(settings, preview);
      assertResources(resources, [
        password("redis-password"),
        password("webhook-secret"),
        resource("pulumi-nodejs:onebranch:EmbeddedControlPlane", "control-plane", {
          inputs: { name: "dev" },
          secretOutputs: ["kubeconfig"],
        }),
        kubernetesProvider(expectation),
        resource("pulumi-nodejs:onebranch:EmbeddedArgoCd", "argocd", {
          deletedWith: "control-plane",
          dependsOn: [...policyResources, "control-plane", "redis-password", "webhook-secret"].sort(),
          inputs: {
            name: "dev",
            configMaps: configMaps(argoCdConfig(3)),
            redisPassword: later(expectation, "generated"),
            webhookSecret: later(expectation, "generated"),
          },
          secrets: ["redisPassword", "webhookSecret"],
        }),
        ...governingResources(expectation, "argocd"),
      ]);
      assert.deepEqual(secretOutputs, ["kubeconfig"]);
      assert.deepEqual(outputs, {
        argocdURL: preview ? "<unknown>" : "https://127.0.0.1:2",
        argocdAccess: "api",
        argocdSso: false,
        argocdLogin:
          "user admin, password: kubectl -n argocd get secret argocd-initial-admin-secret -o jsonpath='{.data.password}' | base64 -d",
        kubeconfig: later(expectation, recordedKubeconfig),
        identity: {
          name: "dev",
          stage: "dev",
          region: "us-east-1",
          provider: "embedded",
          capabilities: ["base"],
          domain: "dev.us.example.org",
        },
        repoURL: "file:///checkout",
        revision: "main",
        provider: "embedded",
      });
    });

    it("asks for exactly the resources of a kind cluster", async () => {
      const settings = settingsWith({ config: { kindLoadImages: '["lab/argocd:3"]' } });
      const expectation: Expectation = {
        preview,
        provider: "kind",
        capabilities: ["base", "nodes", "storage"],
        repoURL: "file:///repo",
        pollSeconds: "5",
        deletedWith: "cluster",
        cluster: ["cluster", "image-lab-argocd-3"],
      };
      const { resources, outputs, secretOutputs } = await run(settings, preview);
      assertResources(resources, [
        password("redis-password"),
        password("webhook-secret"),
        resource("pulumi-nodejs:onebranch:KindFiles", "kind-files", {
          inputs: { clusterName: "onebranch-dev", stack: "dev" },
        }),
        resource("kind:index/cluster:Cluster", "cluster", {
          dependsOn: ["kind-files"],
          inputs: {
            name: "onebranch-dev",
            nodeImage: "kindest/node:v1.36.4@sha256:099e049362a1526b2db71494e1947aae99bd16290d7c895f2b7ea312e3cbfaed",
            waitForReady: true,
            kubeconfigPath: "/checkout/.onebranch/kind/dev.kubeconfig",
            kindConfig: {
              kind: "Cluster",
              apiVersion: "kind.x-k8s.io/v1alpha4",
              nodes: [
                {
                  role: "control-plane",
                  extraMounts: [{ hostPath: "/checkout", containerPath: "/repo", readOnly: true }],
                  extraPortMappings: [{ containerPort: 30443, hostPort: 18730, listenAddress: "127.0.0.1" }],
                },
              ],
            },
          },
          secretOutputs: ["kubeconfig", "clientKey", "clientCertificate"],
          options: { deleteBeforeReplace: true, replacementTrigger: later(expectation, "first") },
        }),
        resource("kind:index/load:Load", "image-lab-argocd-3", {
          deletedWith: "cluster",
          dependsOn: ["cluster"],
          inputs: { image: "lab/argocd:3", clusterName: "onebranch-dev" },
        }),
        kubernetesProvider(expectation),
        ...charted(expectation, settings),
        ...governingResources(expectation, "argocd", charted(expectation, settings)),
      ]);
      assert.deepEqual(secretOutputs, ["kubeconfig"]);
      assert.equal(outputs.argocdURL, "https://127.0.0.1:18730");
    });

    it("asks for exactly the resources of an existing cluster, and for a drain that goes first", async () => {
      const folder = mkdtempSync(join(tmpdir(), "onebranch-existing-"));
      writeFileSync(join(folder, "config"), kubeconfig);
      const config = { provider: "existing", kubeconfig: join(folder, "config"), kubeconfigContext: "shared" };
      const settings = settingsWith({ config });
      rmSync(folder, { recursive: true });
      const expectation: Expectation = {
        preview,
        provider: "existing",
        capabilities: ["base", "nodes", "storage"],
        repoURL: "https://git.example.org/platform/onebranch.git",
        pollSeconds: "180",
        deletedWith: "",
        cluster: [],
      };
      const { resources, outputs, secretOutputs } = await run(settings, preview);
      const known = (list: Registered[]) =>
        list.map((item) =>
          "kubeconfig" in item.inputs ? { ...item, inputs: { ...item.inputs, kubeconfig: sharedKubeconfig } } : item,
        );
      assertResources(
        resources,
        known([
          password("redis-password"),
          password("webhook-secret"),
          resource("pulumi:providers:kubernetes", "kubernetes", {
            inputs: {
              kubeconfig: sharedKubeconfig,
              clusterIdentifier: "https://shared.example.org:6443",
              enableSecretMutable: "true",
            },
            secrets: ["kubeconfig"],
          }),
          ...charted(expectation, settings),
          ...governingResources(expectation, "argocd", charted(expectation, settings)),
          resource("pulumi-nodejs:onebranch:Drain", "drain", {
            dependsOn: ["argocd", "root"],
            inputs: { kubeconfig: sharedKubeconfig, cluster: "dev", seconds: 900 },
            secrets: ["kubeconfig"],
          }),
        ]),
      );
      assert.deepEqual(secretOutputs, ["kubeconfig"]);
      assert.equal(
        outputs.argocdLogin,
        "user admin, password: kubectl -n argocd get secret argocd-initial-admin-secret -o jsonpath='{.data.password}' | base64 -d; first: kubectl -n argocd port-forward service/argocd-server 8443:443",
      );
    });
  });
}

describe("the ring of a cluster", () => {
  const clusters = new Map([["dev", identity({ ring: "canary" })]]);
  const { stages } = tree();
  stages.set("dev", { ...stages.get("dev")!, rings: ["canary", "rest"] });

  for (const [where, overrides, ring] of [
    ["is written where the stage has rings", { clusters, stages }, "canary"],
    ["is nowhere in a stage without rings", {}, undefined],
  ] as const)
    it(`${where}: for people to see, and for the root ApplicationSet`, async () => {
      const settings = settingsWith({ config: { provider: "embedded" }, tree: tree(overrides) });
      const { resources } = await run(settings, false);
      const inputs = (name: string) => resources.find((item) => item.name === name)?.inputs;
      const { labels } = inputs("in-cluster")?.metadata as { labels: Record<string, string> };
      assert.deepEqual([(inputs("cluster-identity")?.data as { ring?: string }).ring, labels.ring], [ring, ring]);
    });
});

describe("the root ApplicationSet", () => {
  it("keeps Applications and what they made where the stage says so", async () => {
    const { resources } = await run(settingsWith({ stack: "prod", config: { provider: "embedded" } }), false);
    const root = resources.find(({ name }) => name === "root");
    assert.deepEqual((root?.inputs.spec as typeof rootSpec).syncPolicy, {
      applicationsSync: "create-update",
      preserveResourcesOnDeletion: true,
    });
  });

  it("gives an ephemeral stack the identity it borrows, and its own name only as infrastructure", async () => {
    const settings = settingsWith({ stack: "pr-123", config: { from: "dev", provider: "embedded" } });
    const { resources } = await run(settings, false);
    const inputs = (name: string) => resources.find((item) => item.name === name)?.inputs;
    assert.deepEqual(inputs("control-plane"), { name: "pr-123" });
    const { labels } = inputs("in-cluster")?.metadata as { labels: Record<string, string> };
    assert.equal(labels.identity, "dev");
  });

  it("writes into the state of an ephemeral stack what it is, before anything else, and gives it host names of its own", async () => {
    const config = { from: "dev", provider: "embedded", expires: "2099-01-02T03:04:05Z" };
    const { resources, outputs } = await run(settingsWith({ stack: "pr-123", config }), false);
    assert.equal(resources[0]?.type, "onebranch:index:Lifetime");
    assert.deepEqual([outputs.from, outputs.expires], ["dev", "2099-01-02T03:04:05Z"]);
    const { annotations } = resources.find(({ name }) => name === "in-cluster")?.inputs.metadata as {
      annotations: Record<string, string>;
    };
    assert.equal(annotations.domain, "pr-123.dev.us.example.org");
  });
});

describe("the confirmation before a removal", () => {
  const policies = async (kubernetesVersion: string, stack = "prod") => {
    const all = tree();
    const clusters = new Map([...all.clusters].map(([name, one]) => [name, { ...one, kubernetesVersion }]));
    const { resources } = await run(
      settingsWith({ stack, config: { provider: "kind" }, tree: tree({ clusters }) }),
      false,
    );
    return resources.filter(({ type }) => type.includes("MutatingAdmissionPolicy")).map(({ name }) => name);
  };

  it("is a matter of admission where the stage asks for it and Kubernetes can do it", async () => {
    const both = ["confirm-prune-policy", "confirm-prune-binding", "end-waiting-policy", "end-waiting-binding"];
    assert.deepEqual((await policies("1.36")).sort(), both.sort());
    assert.deepEqual(await policies("1.36", "staging"), []);
    assert.deepEqual(await policies("1.35"), []);
  });

  it("is said to have no effect where Kubernetes cannot do it", () => {
    const [all, config] = [tree(), { provider: "kind" }];
    const clusters = new Map([...all.clusters].map(([name, one]) => [name, { ...one, kubernetesVersion: "1.35" }]));
    const warnings = (stack: string) => warningsOf(settingsWith({ stack, config, tree: tree({ clusters }) }));
    assert.match(
      warnings("prod").join("\n"),
      /^confirmPrune of gitops\/stages\/prod.yaml has no effect in prod: Kubernetes 1.35 /,
    );
    assert.deepEqual(warnings("staging"), []);
  });
});

describe("the Kubernetes of an embedded cluster", () => {
  const warnings = (kubernetesVersion: string) => {
    const clusters = new Map([["dev", identity({ kubernetesVersion })]]);
    return warningsOf(settingsWith({ config: { provider: "embedded" }, tree: tree({ clusters }) }));
  };

  it("is another one than cluster.yaml names, and that is said", () => {
    assert.deepEqual(warnings("1.36"), [
      "an embedded cluster runs Kubernetes 1.37; gitops/clusters/dev/cluster.yaml names 1.36, so this is a rehearsal on another version",
    ]);
    assert.deepEqual(warnings(embeddedKubernetes), []);
  });
});

describe("the repository Secret", () => {
  it("holds the login that was set, as a secret", async () => {
    const config = {
      provider: "embedded",
      repoURL: "https://git.example.org/x.git",
      repoUsername: "reader",
      repoPassword: "pass",
    };
    const { resources } = await run(settingsWith({ config }), false);
    const repository = resources.find(({ name }) => name === "repository");
    assert.deepEqual(repository?.inputs.stringData, {
      type: "git",
      url: "https://git.example.org/x.git",
      username: "reader",
      password: "pass",
    });
    assert.deepEqual(repository?.secrets, ["stringData"]);
  });
});
