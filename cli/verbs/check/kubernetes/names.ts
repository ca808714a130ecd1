import { isDnsLabel, isDnsSubdomain, labelRule, maxLabelLength, maxSubdomainLength } from "../../../../model/names";
import { isMapping, type Mapping } from "../../../../model/mapping";
import type { KubernetesObject } from "../../../tree/renderer";
import { formatPath, type Step } from "../../../tree/values/yaml";
import { groupOf } from "../../../../model/api-group";
import type { ManifestFault } from "./fault";

/** What a name may be, and how a message says it. */
interface Shape {
  fits(name: string): boolean;
  rule: string;
}

const label: Shape = { fits: isDnsLabel, rule: labelRule };
const labelThatStartsWithLetter: Shape = {
  fits: (name) => isDnsLabel(name) && /^[a-z]/.test(name),
  rule: `${labelRule}; the first one is a letter`,
};
const subdomain: Shape = {
  fits: isDnsSubdomain,
  rule: `lowercase letters, digits, inner dashes and dots, at most ${maxSubdomainLength} characters`,
};
const pathSegment: Shape = {
  fits: (name) => name !== "." && name !== ".." && !/[/%]/.test(name),
  rule: 'any text without "/" and "%", except "." and ".."',
};
const unknownShape: Shape = { fits: () => true, rule: "" };
const dataKey: Shape = {
  fits: (name) =>
    name.length <= maxSubdomainLength && /^[-._a-zA-Z0-9]+$/.test(name) && name !== "." && !name.startsWith(".."),
  rule: `letters, digits, dashes, dots and underscores, at most ${maxSubdomainLength} characters`,
};
const word = (name: string) => name.length <= maxLabelLength && /^[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$/.test(name);
const wordRule = `letters, digits and inner dashes, dots and underscores, at most ${maxLabelLength} characters`;
const labelValue: Shape = { fits: (value) => value === "" || word(value), rule: wordRule };
const labelKey: Shape = {
  fits(key) {
    const [name = "", prefix, ...more] = key.split("/").reverse();
    return more.length === 0 && word(name) && (prefix === undefined || subdomain.fits(prefix));
  },
  rule: `${wordRule}, with or without a DNS name and one "/" before it`,
};
const annotationKey: Shape = { ...labelKey, fits: (key) => labelKey.fits(key.toLowerCase()) };

/**
 * The kinds whose names are not DNS subdomains, by `group/Kind`; every other kind's are, custom resources' too. Kinds whose
 * names follow rules of their own are not judged.
 */
const shapes: ReadonlyMap<string, Shape> = new Map([
  ...["/Namespace", "apps/StatefulSet"].map((kind) => [kind, label] as const),
  ...["Role", "ClusterRole", "RoleBinding", "ClusterRoleBinding"].map(
    (kind) => [`rbac.authorization.k8s.io/${kind}`, pathSegment] as const,
  ),
  ["apiregistration.k8s.io/APIService", pathSegment],
  ...[
    "certificates.k8s.io/CertificateSigningRequest",
    "certificates.k8s.io/ClusterTrustBundle",
    "networking.k8s.io/IPAddress",
    "coordination.k8s.io/LeaseCandidate",
    "internal.apiserver.k8s.io/StorageVersion",
  ].map((kind) => [kind, unknownShape] as const),
]);

/** Where workloads have their pods' metadata. */
const podTemplates: Readonly<Record<string, readonly string[]>> = {
  "apps/Deployment": ["spec", "template"],
  "apps/ReplicaSet": ["spec", "template"],
  "apps/StatefulSet": ["spec", "template"],
  "apps/DaemonSet": ["spec", "template"],
  "batch/Job": ["spec", "template"],
  "batch/CronJob": ["spec", "jobTemplate", "spec", "template"],
  "/ReplicationController": ["spec", "template"],
  "/PodTemplate": ["template"],
};

/**
 * The names, labels and keys of an object that the API server refuses.
 * Sources: apimachinery, pkg/api/validation/objectmeta.go and pkg/api/validate/content; kubernetes, pkg/apis/<group>/validation;
 * apiextensions-apiserver, pkg/registry/customresource/validator.go.
 * @param versions the Kubernetes versions of the clusters that get it
 */
export function nameFaults(object: KubernetesObject, versions: readonly string[]): ManifestFault[] {
  const place = `${groupOf(object.apiVersion)}/${object.kind}`;
  // A group of OpenShift's may have an API server of its own, which takes user names and the like.
  const other = /\.openshift\.io$/.test(groupOf(object.apiVersion)) ? pathSegment : subdomain;
  const shape = place === "/Service" ? serviceShape(versions) : (shapes.get(place) ?? other);
  const template = podTemplates[place] ?? [];
  return [
    ...nameFault(object, shape),
    ...lengthFault(object, place),
    ...valueFault(["metadata", "namespace"], object.metadata.namespace || undefined, label),
    ...metadataFaults(object, []),
    ...(template.length > 0 ? metadataFaults(at(object, template), template) : []),
    ...(place === "/Service" ? labelFaults(at(object, ["spec", "selector"]), ["spec", "selector"]) : []),
    ...(["/ConfigMap", "/Secret"].includes(place) ? dataFaults(object) : []),
  ];
}

/** Kubernetes 1.36 takes Services whose names start with a digit (feature gate RelaxedServiceNameValidation). */
function serviceShape(versions: readonly string[]): Shape {
  return versions.some((version) => Number(version.split(".")[1]) < 36) ? labelThatStartsWithLetter : label;
}

function nameFault({ metadata }: KubernetesObject, shape: Shape): ManifestFault[] {
  const { name, generateName } = metadata;
  if (name) return valueFault(["metadata", "name"], name, shape);
  // Something follows a dash at the end (maskTrailingDash).
  const fits = (prefix: string) => shape.fits(prefix.replace(/.-$/, "a"));
  return valueFault(["metadata", "generateName"], generateName || undefined, { ...shape, fits });
}

/** Limits that the API server has because of what it makes out of the name. */
function lengthFault({ metadata, spec }: KubernetesObject, place: string): ManifestFault[] {
  // The name becomes a label of the Job's pods; a CronJob's Jobs get a suffix of 11 characters.
  const limits: Readonly<Record<string, number>> = {
    "batch/Job": maxLabelLength,
    "batch/CronJob": maxLabelLength - 11,
  };
  const limit = limits[place];
  const { name } = metadata;
  const manual = isMapping(spec) && spec.manualSelector === true;
  if (limit === undefined || manual || typeof name !== "string" || name.length <= limit) return [];
  return [fault(["metadata", "name"], name, `at most ${limit} characters`)];
}

function metadataFaults(holder: unknown, path: readonly Step[]): ManifestFault[] {
  const metadata = isMapping(holder) && isMapping(holder.metadata) ? holder.metadata : {};
  const inside = [...path, "metadata"];
  return [
    ...labelFaults(metadata.labels, [...inside, "labels"]),
    ...keyFaults(metadata.annotations, [...inside, "annotations"], annotationKey),
  ];
}

function labelFaults(labels: unknown, path: Step[]): ManifestFault[] {
  const values = Object.entries(isMapping(labels) ? labels : {});
  return [
    ...keyFaults(labels, path, labelKey),
    ...values.flatMap(([key, value]) => valueFault([...path, key], value, labelValue)),
  ];
}

function dataFaults({ data, binaryData, stringData }: KubernetesObject): ManifestFault[] {
  return Object.entries({ data, binaryData, stringData }).flatMap(([name, values]) =>
    keyFaults(values, [name], dataKey),
  );
}

function keyFaults(values: unknown, path: Step[], shape: Shape): ManifestFault[] {
  const refused = Object.keys(isMapping(values) ? values : {}).filter((key) => !shape.fits(key));
  return refused.map((key) => ({
    path: [...path, key],
    message: `${formatPath(path)} has the key ${JSON.stringify(key)}${lengthOf(key)}`,
    fix: `use ${shape.rule}`,
  }));
}

/** Values of another type are the schema's to judge. */
function valueFault(path: Step[], value: unknown, shape: Shape): ManifestFault[] {
  return typeof value !== "string" || shape.fits(value) ? [] : [fault(path, value, shape.rule)];
}

function fault(path: Step[], value: string, rule: string): ManifestFault {
  return { path, message: `${formatPath(path)} is ${JSON.stringify(value)}${lengthOf(value)}`, fix: `use ${rule}` };
}

/** The length, where it may be what is wrong. */
function lengthOf(value: string): string {
  return value.length > maxLabelLength - 11 ? ` (${value.length} characters)` : "";
}

function at(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((inner, key) => (isMapping(inner) ? (inner as Mapping)[key] : undefined), value);
}
