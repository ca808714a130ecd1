import assert from "node:assert/strict";
import type { ClusterApi } from "../../../../infra/cluster/api";
import { checkExisting } from "../../../../infra/providers/existing/machine";
import type { ExistingSettings } from "../../../../infra/providers/existing/settings";
import type { StateResource } from "../../../../model/deployment";
import { sharedKubeconfig } from "../../support/source";

const settings: ExistingSettings = {
  ...{ name: "existing", kubeconfig: sharedKubeconfig, context: "shared", path: "/home/me/config" },
};
const here = "https://shared.example.org:6443";

/** The state of a stack that was brought up in a cluster. */
function stateOf(server: string, uid: string): StateResource[] {
  return [
    { urn: "urn::kubernetes", type: "pulumi:providers:kubernetes", inputs: { clusterIdentifier: server } },
    { urn: "urn::cluster-identity", type: "kubernetes:core/v1:ConfigMap", outputs: { metadata: { uid } } },
  ];
}

describe("the look at an existing cluster before the first write", () => {
  /** Looks at a cluster in which the ConfigMap is that of a stack. */
  const look = (stack: string | Error | undefined, state: StateResource[] | undefined = []) => {
    const api: ClusterApi = {
      request: async (method) => {
        assert.equal(method, "GET");
        if (stack instanceof Error) throw stack;
        if (stack === undefined) return { status: 404, body: {} };
        return { status: 200, body: { metadata: { uid: "u1" }, data: { stack } } };
      },
    };
    return checkExisting("prod", settings, { api, readState: async () => state });
  };

  it("finds a new cluster, the stack's own one, and that one under another address", async () => {
    await look(undefined);
    await look("prod", stateOf(here, "u1"));
    await look("prod", stateOf("https://old.example.org", "u1"));
    await look(undefined, stateOf(here, "u1"));
    await assert.doesNotReject(look("prod", undefined));
  });

  const refused: [title: string, ...Parameters<typeof look>, RegExp][] = [
    [
      "the cluster of another stack",
      "staging",
      [],
      /^the context shared of \/home\/me\/config leads to the cluster of the stack staging \(https:\/\/shared\.example\.org:6443\), and not of prod; name that of prod/,
    ],
    [
      "another cluster than before, where nobody was yet",
      undefined,
      stateOf("https://first.example.org", "u1"),
      /^the stack prod is in the cluster https:\/\/first\.example\.org, and the context shared .* leads to another one, https:\/\/shared/,
    ],
    [
      "another cluster than before, with a stack of the same name in it",
      "prod",
      stateOf("https://first.example.org", "u2"),
      /leads to another one/,
    ],
    [
      "a cluster that does not answer",
      new Error("no answer from shared.example.org:6443 within 10 s"),
      [],
      /^the context shared .* does not let this login in: no answer from .* within 10 s; a private endpoint is reached from inside its network only/,
    ],
  ];
  for (const [title, stack, state, message] of refused) {
    it(`refuses ${title}`, () => assert.rejects(look(stack, state), { name: "UserError", exitCode: 1, message }));
  }
});
