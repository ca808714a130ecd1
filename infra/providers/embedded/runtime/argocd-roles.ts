import { argoCdNamespace as namespace } from "../../../../model/root";
import type { KubernetesObject } from "./api";
import { argocdUsers } from "./certificates";

interface PolicyRule {
  apiGroups?: string[];
  resources?: string[];
  resourceNames?: string[];
  nonResourceURLs?: string[];
  verbs: string[];
}

type User = (typeof argocdUsers)[number];

const read = ["get", "list", "watch"];
const write = [...read, "create", "update", "patch", "delete"];
const core = (resources: string[], verbs: string[]): PolicyRule => ({ apiGroups: [""], resources, verbs });
const argo = (resources: string[], verbs: string[]): PolicyRule => ({ apiGroups: ["argoproj.io"], resources, verbs });
const kinds = ["applications", "applicationsets", "appprojects"];

/** What Argo CD's own manifests allow its processes in their namespace. */
const inNamespace: Partial<Record<User, PolicyRule[]>> = {
  "argocd-applicationset-controller": [
    argo(["applications", "applicationsets", "applicationsets/finalizers"], write),
    argo(["appprojects"], read),
    argo(["applicationsets/status"], ["get", "patch", "update"]),
    core(["events"], [...read, "create", "patch"]),
    core(["secrets", "configmaps"], read),
  ],
  "argocd-server": [core(["secrets", "configmaps"], write), argo(kinds, write), core(["events"], ["create", "list"])],
};

/** What they allow everywhere: the Application controller applies whatever Git says, and a person may look at it and delete it. */
const everywhere: Partial<Record<User, PolicyRule[]>> = {
  "argocd-application-controller": [
    { apiGroups: ["*"], resources: ["*"], verbs: ["*"] },
    { nonResourceURLs: ["*"], verbs: ["*"] },
  ],
  "argocd-server": [
    { apiGroups: ["*"], resources: ["*"], verbs: ["delete", "get", "patch"] },
    // To name an owner of what an action makes.
    { apiGroups: ["*"], resources: ["*/finalizers"], verbs: ["update"] },
    core(["events"], ["list"]),
    core(["pods", "pods/log"], ["get"]),
    argo(["applications", "applicationsets"], read),
    { apiGroups: ["batch"], resources: ["jobs"], verbs: ["create"] },
    argo(["workflows"], ["create"]),
  ],
};

/**
 * The roles of Argo CD's processes and their bindings. A certificate's user has the name that the service account has elsewhere.
 */
export function argocdRoles(): KubernetesObject[] {
  return [
    ...Object.entries(inNamespace).flatMap(([user, rules]) => granted(user, rules, { namespace }, "")),
    ...Object.entries(everywhere).flatMap(([user, rules]) => granted(user, rules, {}, "Cluster")),
  ];
}

function granted(name: string, rules: PolicyRule[], place: object, prefix: "" | "Cluster"): KubernetesObject[] {
  const apiGroup = "rbac.authorization.k8s.io";
  const object = { apiVersion: `${apiGroup}/v1`, metadata: { name, ...place } };
  const kind = `${prefix}Role`;
  const subjects = [{ kind: "ServiceAccount", name, namespace }];
  return [
    { ...object, kind, rules },
    { ...object, kind: `${kind}Binding`, roleRef: { apiGroup, kind, name }, subjects },
  ];
}
