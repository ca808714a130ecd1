import assert from "node:assert/strict";
import { pinFault } from "../../model/pin";
import { keepTree } from "./kept-tree";

const pin = (stage: string) => `gitops/addons/cert-manager/stages/${stage}/pin.yaml`;

const entry = {
  group: "admissionregistration.k8s.io",
  kind: "ValidatingWebhookConfiguration",
  name: "cert-manager-webhook",
  jqPathExpressions: ['.webhooks[] | select(.name == "a\'b") | .failurePolicy'],
};

describe("the ignored differences of a pin", () => {
  const kept = keepTree();

  async function made(cluster: string) {
    const { applications, sets } = await kept.renderer.expand(await kept.renderer.tree(), { clusters: [cluster] });
    const { application, invalid } = applications.find(({ name }) => name === "cert-manager")!;
    return { spec: application.spec, invalid, errors: sets.flatMap(({ error }) => error ?? []) };
  }

  const add = (stage: string, keys: object) =>
    kept.repo.put({
      [pin(stage)]: Object.entries(keys).reduce(
        (text, [key, value]) => `${text}${key}: ${JSON.stringify(value)}\n`,
        kept.repo.read(pin(stage)),
      ),
    });

  for (const cluster of ["dev", "prod"]) {
    it(`are those of the Application in ${cluster}, which then leaves these fields as they are`, async () => {
      const { spec: before } = await made(cluster);
      add(cluster, { ignoreDifferences: [entry], facts: { a: "name" } });
      const { spec, errors } = await made(cluster);
      assert.deepEqual(errors, []);
      const options = before.syncPolicy!.syncOptions!;
      const parameters = [{ name: "a", value: cluster, forceString: true }];
      const [main, ...others] = before.sources!;
      assert.deepEqual(spec, {
        ...before,
        ignoreDifferences: [entry],
        sources: [{ ...main, helm: { ...main!.helm, parameters } }, ...others],
        syncPolicy: { ...before.syncPolicy, syncOptions: [...options, "RespectIgnoreDifferences=true"] },
      });
    });
  }

  const faults: [string, unknown, string][] = [
    ["a mapping", entry, "ignoreDifferences is not a list"],
    ["nothing", null, "ignoreDifferences is not a list"],
    ["a text as an entry", ["Deployment"], "ignoreDifferences has an entry that is not a mapping"],
    ["a key that Argo CD does not know", [{ kind: "A", pointers: ["/a"] }], 'ignoreDifferences has the key "pointers"'],
    ["a number for a name", [{ kind: "A", name: 1 }], "ignoreDifferences: name is not a text"],
    ["a text for a list", [{ kind: "A", jsonPointers: "/a" }], "ignoreDifferences: jsonPointers is not a list"],
    [
      "a number in a list",
      [{ kind: "A", jsonPointers: ["/a", 1] }],
      "ignoreDifferences: jsonPointers has an item that is not a text",
    ],
  ];
  for (const [title, ignoreDifferences, fault] of faults) {
    it(`with ${title} stop their own component, which stays as it is`, async () => {
      add("dev", { ignoreDifferences });
      const { invalid, errors } = await made("dev");
      assert.deepEqual(errors, []);
      assert.deepEqual(pinFault(invalid ?? ""), { files: pin("dev"), fault });
    });
  }
});
