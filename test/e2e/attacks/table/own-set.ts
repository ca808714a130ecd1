import type { CommitAttempt } from "../attempt";
import { byIdentity, ownSet, type Deployed } from "./parts";

/** An Application of dev that the bootstrap chart has a set of its own for. */
export function bySet(id: string, title: string, deployed: Deployed): CommitAttempt {
  return {
    ...{ id, who: "platform", how: "commit", title: `bootstrap makes an Application of dev ${title}` },
    change: (tree) => ownSet(tree, `a${id}`, deployed),
    check: ["refused-application"],
    plan: [`refuses a${id} in dev`],
    cluster: { stop: "identity policy", at: `ApplicationSet a${id}`, says: byIdentity },
  };
}
