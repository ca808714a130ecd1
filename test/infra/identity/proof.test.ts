import assert from "node:assert/strict";
import type { ApiAnswer, ClusterApi } from "../../../infra/cluster/api";
import { boundaryCases } from "../../../infra/identity/boundary-cases";
import { rightsCases } from "../../../infra/identity/rights-cases";
import { rightsRules } from "../../../model/admission/rights";
import { proofCases } from "../../../infra/identity/proof-cases";
import { refusals } from "../../../model/admission/applications";
import { implementation, proveIdentity } from "../../../infra/identity/proof-resource";

const scope = {
  ...{ name: "prod-eu", stage: "prod", region: "eu-west-1" },
  ...{ repoURL: "https://git.example.org/tree.git", revision: "main" },
};
const quick = { limit: 20, interval: 10 };

/** An API server that answers as the policy would, after `deaf` requests that let everything through. */
function server(answer: (refusal: string | undefined, title: string) => ApiAnswer, deaf = 0) {
  const cases = [...proofCases(scope), ...boundaryCases()];
  let requests = 0;
  const api: ClusterApi = {
    request(method, path, options) {
      assert.equal(method, "POST");
      assert.match(path, /\?dryRun=All$/);
      const asked = JSON.stringify([options?.body, options?.as]);
      const proof = cases.find(({ object, as }) => JSON.stringify([object, as]) === asked);
      assert.ok(proof);
      requests++;
      if (requests <= deaf) return Promise.resolve({ status: 201, body: {} });
      const { status, body } = answer(proof.refusal, proof.title);
      const message = body.message?.replaceAll("onebranch-identity", proof.policy ?? "onebranch-identity");
      return Promise.resolve({ status, body: message === undefined ? {} : { message } });
    },
  };
  return { api, cases, requests: () => requests };
}

function denied(message: string): ApiAnswer {
  const text = `applications.argoproj.io "onebranch-proof" is forbidden: ValidatingAdmissionPolicy 'onebranch-identity' with binding 'onebranch-identity' denied request: ${message}`;
  return { status: 422, body: { message: text } };
}

const right = (refusal: string | undefined): ApiAnswer =>
  refusal === undefined ? { status: 201, body: {} } : denied(refusal);

describe("the proof of the identity", () => {
  it("asks about forbidden objects of every kind, and one of each that is allowed", () => {
    assert.deepEqual(
      server(right).cases.map(({ title }) => title),
      [
        "the label of another stage",
        "the label of another component",
        "another cluster as destination",
        "the project default",
        "a hydrator",
        "another branch",
        "another repository",
        "a chart repository for a team",
        "a chart of an image",
        "the path of another cluster's values",
        "Kustomize's options for a chart",
        "the base of another component",
        "Kustomize's patches",
        "no overlay",
        "an overlay of another stage",
        "an overlay of another region",
        "an overlay of a ring",
        "another image under the name of one",
        "inline values",
        "Helm parameters",
        "the name of another cluster for a chart",
        "values in the name of a parameter",
        "a release of another name",
        "the label of a ring",
        "a value file of a ring",
        "a value file of another region",
        "a value file of another cluster",
        "a value file reached with ../",
        "an app in the platform's project",
        "labels for its namespace",
        "a sync of manifests",
        "a sync of another branch",
        "a status",
        "a confirmation from Git",
        "a confirmation of a person",
        "a fact of the cluster for a chart",
        "an Application as the tree makes them",
        "one that Kustomize builds",
        "a ConfigMap in Argo CD's namespace, written by Argo CD",
        "an AppProject for every repository, written by Argo CD",
        "a webhook that is not listed, written by Argo CD",
        "a token of an account that no Application makes, written by Argo CD",
        "an AppProject as the tree makes them",
        "a team's RoleBinding to cluster-admin",
        "a team's Role for every resource",
        "a team's Role that may bind",
        "a team's Role that writes quotas",
        "a team's RoleBinding to view",
        "a team's Role that writes ConfigMaps",
      ],
    );
  });

  it("asks about another ring where the cluster is in one", () => {
    const titles = proofCases({ ...scope, ring: "canary" }).map(({ title }) => title);
    assert.deepEqual(
      titles.filter((title) => title.includes("ring")),
      ["an overlay of another ring", "the label of another ring", "a value file of another ring"],
    );
  });

  it("has a case for every rule", () => {
    const asked = new Set(proofCases(scope).map(({ refusal }) => refusal));
    for (const [rule, refusal] of Object.entries(refusals(scope))) assert.ok(asked.has(refusal), rule);
    const rights = new Set(rightsCases().map(({ refusal }) => refusal));
    for (const [rule, { message }] of Object.entries(rightsRules)) assert.ok(rights.has(message), rule);
  });

  it("accepts a policy that refuses each with its own reason", async () => {
    const { api, cases, requests } = server(right);
    await proveIdentity(api, scope, quick);
    assert.equal(requests(), cases.length);
  });

  it("waits for a policy that is not active yet", async () => {
    const { api, cases, requests } = server(right, proofCases(scope).length + boundaryCases().length);
    await proveIdentity(api, scope, quick);
    assert.equal(requests(), 2 * cases.length);
  });

  it("gives up with what is let through", async () => {
    const { api } = server((refusal, title) =>
      title === "inline values" ? { status: 201, body: {} } : right(refusal),
    );
    await assert.rejects(proveIdentity(api, scope, quick), {
      name: "UserError",
      exitCode: 1,
      message: `the admission policies do not hold the cluster prod-eu to its identity after 0.02 s:
- inline values should be refused with "values belong into files of the tree: values, valuesObject and fileParameters are not allowed", but the answer is 201
look at them with \`kubectl get validatingadmissionpolicies -o yaml\`; nothing was deployed by Argo CD yet`,
    });
  });

  it("does not take a refusal by something else for its own", async () => {
    const { api } = server((refusal) => (refusal ? { status: 403, body: { message: "no rights" } } : right(refusal)));
    await assert.rejects(proveIdentity(api, scope, quick), /but the answer is 403 no rights/);
  });

  it("does not take a refusal for another reason for the right one", async () => {
    const { api } = server((refusal) => (refusal ? denied("another reason") : right(refusal)));
    await assert.rejects(proveIdentity(api, scope, quick), /reached with .* but the answer is 422/);
  });

  it("needs the allowed one to pass", async () => {
    const { api } = server((refusal) => (refusal ? right(refusal) : denied("everything")));
    await assert.rejects(proveIdentity(api, scope, quick), /as the tree makes them should pass, but the answer is 422/);
  });

  it("is made again for another identity or policy, not for nothing", async () => {
    const inputs = { kubeconfig: "k", scope, policy: "p" };
    const changes = async (news: typeof inputs) => (await implementation.diff?.("id", inputs, news))?.changes;
    assert.equal(await changes({ ...inputs, scope: { ...scope } }), false);
    assert.equal(await changes({ ...inputs, policy: "q" }), true);
    assert.equal(await changes({ ...inputs, scope: { ...scope, stage: "dev" } }), true);
    assert.equal(await changes({ ...inputs, kubeconfig: "other" }), true);
  });
});
