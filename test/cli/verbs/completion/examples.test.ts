import assert from "node:assert/strict";
import { commands } from "../../../../cli/commands";
import { useSample, words } from "../../support/sample";

/** Verbs and examples that need Pulumi, a cluster or the network: other tests run them. */
const elsewhere = [
  "up",
  "preview",
  "destroy",
  "ui",
  "open",
  "kubeconfig",
  "sweep",
  "drift",
  "rollout",
  // It asks the clusters of staging.
  "onebranch promote orders --to prod --commit --soak 24h",
  "onebranch status dev --json",
  // It asks the registries of the images: pins/resolve.test.ts has one.
  "onebranch pins --resolve --stage prod",
  "onebranch status prod --fix",
];

/** Files that an example writes or changes, as `git status` shows them; every other one leaves the tree as it is. */
const writes: Readonly<Record<string, readonly string[]>> = {
  "onebranch plan --html plan.html": ["?? plan.html"],
  "onebranch render prod guestbook --output-dir rendered": [
    "?? rendered/.onebranch-render.json",
    "?? rendered/prod/guestbook/configmap-guestbook-guestbook.yaml",
    "?? rendered/prod/guestbook/deployment-guestbook-guestbook.yaml",
    "?? rendered/prod/guestbook/service-guestbook-guestbook.yaml",
  ],
  "onebranch promote orders --to prod --commit": [],
  "onebranch promote orders --to prod": [" M gitops/apps/orders/stages/prod/pin.yaml"],
  "onebranch new app cart": [
    " M gitops/addons/guardrails/values.yaml",
    " M gitops/bootstrap/values.yaml",
    "?? gitops/apps/cart/stages/dev/pin.yaml",
    "?? gitops/apps/cart/values.yaml",
  ],
  "onebranch new app shop --kustomize": [
    " M gitops/addons/guardrails/values.yaml",
    " M gitops/bootstrap/values.yaml",
    "?? gitops/apps/shop/base/1.0.0/deployment.yaml",
    "?? gitops/apps/shop/base/1.0.0/kustomization.yaml",
    "?? gitops/apps/shop/stages/dev/overlay/kustomization.yaml",
    "?? gitops/apps/shop/stages/dev/pin.yaml",
  ],
  "onebranch new addon external-dns": [
    " M gitops/bootstrap/values.yaml",
    "?? gitops/addons/external-dns/stages/dev/pin.yaml",
  ],
  "onebranch owners --write": ["?? .github/CODEOWNERS"],
  "onebranch new team payments": ["?? gitops/teams/payments.yaml"],
  "onebranch new cluster dev-2": ["?? gitops/clusters/dev-2/cluster.yaml"],
  "onebranch new exception guestbook": [
    " M gitops/clusters/prod/exceptions.yaml",
    "?? gitops/clusters/prod/values/guestbook.yaml",
  ],
};

describe("the examples of every verb", () => {
  const sample = useSample();
  // What some examples speak of: a branch that was pushed, and a commit before the last one.
  before(() => {
    sample.write("README.md", "one more commit\n");
    sample.commit("one more");
    sample.git("update-ref", "refs/remotes/origin/main", "HEAD");
  });

  for (const [verb, load] of Object.entries(commands)) {
    for (const { line } of load().examples) {
      if (elsewhere.includes(verb) || elsewhere.includes(line)) continue;
      it(line, async () => {
        const [tool, ...rest] = words(line);
        assert.equal(tool, "onebranch");
        const { code, out, err } = await sample.run(...rest);
        assert.equal(code, 0, err);
        assert.notEqual(out + err, "");
        const [, written = []] = Object.entries(writes).find(([start]) => line.startsWith(start)) ?? [];
        assert.deepEqual(sample.changes(), written);
      });
    }
  }
});
