import { createRequire } from "node:module";
import type { ClusterReader } from "./cluster/reader";
import { commitOf } from "./git";
import type { Engine } from "./stack/engine";

/** The heavy parts that verbs use, loaded when a verb asks for them; the tests put fakes in their place. */
export interface Services {
  engine(): Engine;
  /** Reads a cluster through the text of a kubeconfig and one of its contexts, the current one by default. */
  cluster(kubeconfig: string, context?: string): ClusterReader;
  /** The commit that a revision of the checkout at `root` names now; undefined when it names none. */
  commitOf(root: string, revision: string): Promise<string | undefined>;
}

const load = createRequire(__filename);

/** Pulumi, Kubernetes and Git themselves. */
export const realServices: Services = {
  engine: () => (load("./pulumi") as typeof import("./pulumi")).engine,
  cluster: (kubeconfig, context) =>
    (load("./cluster/kubernetes") as typeof import("./cluster/kubernetes")).connect(kubeconfig, context),
  commitOf,
};
