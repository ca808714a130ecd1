import { findCommit, findRemoteCommit } from "../machine/git";
import type { ClusterReader } from "./stack/cluster/reader";
import type { ObjectReader } from "./stack/cluster/objects";
import type { Pulumi } from "./stack/pulumi";

/** The heavy parts that verbs use, loaded on demand; tests replace them with fakes. */
export interface Services {
  pulumi(): Pulumi;
  /** Reads a cluster through the text of a kubeconfig and one of its contexts, the current one by default. */
  cluster(kubeconfig: string, context?: string): ClusterReader;
  /** Reads any object of a cluster, by the same. */
  objects(kubeconfig: string, context?: string): ObjectReader;
  /** The commit that a revision of the checkout at `root` names now; undefined when it does not name one. */
  commitOf(root: string, revision: string): Promise<string | undefined>;
  /** The commit that a branch or tag of a repository elsewhere names now; undefined when that cannot be found out in seconds. */
  remoteCommit(url: string, revision: string): Promise<string | undefined>;
}

/** Pulumi, Kubernetes and Git themselves. */
export const realServices: Services = {
  pulumi: () => (require("./pulumi") as typeof import("./pulumi")).pulumi,
  cluster: (kubeconfig, context) =>
    (require("./stack/cluster/kubernetes") as typeof import("./stack/cluster/kubernetes")).connect(kubeconfig, context),
  objects: (kubeconfig, context) =>
    (require("./stack/cluster/objects") as typeof import("./stack/cluster/objects")).connectObjects(
      kubeconfig,
      context,
    ),
  commitOf: findCommit,
  remoteCommit: findRemoteCommit,
};
