import { argoCdApi } from "../../../../model/root";
import { Refused } from "../../../stack/cluster/api-server";
import { connect } from "../../../stack/cluster/kubernetes";
import type { ApplicationObject } from "../fleet/application-object";
import type { ClusterSource } from "../fleet/sources";
import { NoAnswer, type Answers } from "./answers";

/** What the page can ask of an Application, once `onebranch ui` is started with --actions. */
export const actionNames = ["refresh", "sync"] as const;
export type ActionName = (typeof actionNames)[number];

/** Who has started a sync, as Argo CD shows it. */
const initiator = "onebranch ui";

/** Asks an Application's Argo CD to do something. */
export async function act(answers: Answers, action: ActionName, cluster: string, name: string): Promise<void> {
  // Who cannot be reached is not asked.
  const object = await answers.object(cluster, name);
  try {
    if (action === "refresh") await reader(answers, cluster).refreshApplication(name);
    else await sync(answers, cluster, object);
  } catch (error) {
    if (error instanceof NoAnswer) throw error;
    const status = error instanceof Refused && error.status === 409 ? 409 : 503;
    throw new NoAnswer(status, `${cluster}: ${(error as Error).message}`);
  }
}

function reader({ known: { sources } }: Answers, cluster: string) {
  const { text, context } = (sources.find(({ name }) => name === cluster) as ClusterSource).kubeconfig();
  return connect(text, context);
}

/** The sync that its own policy would start: of the revision that it follows, with the policy's options. */
async function sync(
  answers: Answers,
  cluster: string,
  { metadata, spec = {}, operation, status = {} }: ApplicationObject,
): Promise<void> {
  const { name, resourceVersion } = metadata;
  if (operation !== undefined || status.operationState?.phase === "Running") {
    throw new NoAnswer(409, `a sync of ${name} in ${cluster} is running already`);
  }
  const { automated, syncOptions, retry } = spec.syncPolicy ?? {};
  const asked = {
    // Somebody else may have started one since it was read.
    metadata: { resourceVersion },
    operation: {
      initiatedBy: { username: initiator },
      info: [{ name: "Reason", value: "asked for on the page of onebranch ui" }],
      sync: {
        prune: automated?.prune ?? false,
        ...(syncOptions && { syncOptions }),
        syncStrategy: { hook: {} },
      },
      ...(retry && { retry }),
    },
  };
  await answers.server(cluster).send("PATCH", `${argoCdApi}/applications/${name}`, JSON.stringify(asked));
}
