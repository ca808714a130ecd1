import { setTimeout as pause } from "node:timers/promises";
import { argoCdApis } from "../../model/root";
import { UserError } from "../../model/errors";
import { found, listed, mergePatch, type ClusterApi, type KubeObject } from "./api";

/** What Argo CD keeps from going until it has deleted what it made, which it cannot do any more when its own namespace goes. */
const held = ["applications", "applicationsets", "appprojects"];

/** How often it is looked whether an object is gone, half a second apart. */
const mostTries = 120;

const withoutFinalizers = mergePatch({ metadata: { finalizers: null } });

/**
 * Lets an object that somebody deleted, and that waits for its finalizers, go at once, so that it can be made again. What the
 * Applications of a namespace made stays.
 * @throws UserError when it does not go
 */
export async function letGo(api: ClusterApi, path: string, { kind, metadata }: KubeObject): Promise<void> {
  if (kind === "Namespace") {
    for (const plural of held) {
      const inside = `${argoCdApis}/namespaces/${metadata?.name}/${plural}`;
      const objects = await listed(api, inside);
      await Promise.all(objects.map((one) => release(api, `${inside}/${one.metadata?.name}`)));
    }
  } else if (kind !== "CustomResourceDefinition") await release(api, path);
  for (let tries = 0; await found(api.request("GET", path)); tries++) {
    if (tries >= mostTries) {
      throw new UserError(`${path} is still being deleted; look at what holds it, then run up again`, { exitCode: 1 });
    }
    await pause(500);
  }
}

async function release(api: ClusterApi, path: string): Promise<void> {
  await found(api.request("PATCH", path, withoutFinalizers));
}
