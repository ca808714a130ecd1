import type { Writing } from "../../../../model/argocd";
import { isMapping } from "../../../../model/mapping";
import type { KubernetesObject } from "../../../tree/renderer";
import { formatPath, type Step } from "../../../tree/values/yaml";
import { groupOf } from "../../../../model/api-group";
import type { ManifestFault } from "./fault";

/** kubernetes, pkg/apis/core/types.go, MaxSecretSize: for the values of a Secret or ConfigMap together. */
const maxData = 1024 * 1024;
/** apimachinery, pkg/api/validation/objectmeta.go, TotalAnnotationSizeLimitB: for keys and values together. */
const maxAnnotations = 256 * 1024;
/** etcd, server/embed/config.go, DefaultMaxRequestBytes. */
const maxStored = 1.5 * 1024 * 1024;

const lastApplied = "kubectl.kubernetes.io/last-applied-configuration";

/**
 * Why an object is too large for Kubernetes: the first limit that it breaks.
 * @param writings how Argo CD writes it in its clusters
 */
export function sizeFault(object: KubernetesObject, writings: readonly Writing[]): ManifestFault | undefined {
  const split = `split the ${object.kind}, or leave something out`;
  const data = dataSize(object);
  if (data > maxData) return tooLarge(["data"], `its data has ${bytes(data)}`, "Kubernetes takes", maxData, split);
  const annotations = annotationSize(object);
  const path = ["metadata", "annotations"];
  if (annotations > maxAnnotations) {
    const has = `${formatPath(path)} have ${bytes(annotations)}`;
    return tooLarge(path, has, "Kubernetes takes", maxAnnotations, "leave something out");
  }
  const stored = storedSize(object);
  if (stored > maxStored) return tooLarge([], `it has ${bytes(stored)}`, "etcd takes", maxStored, split);
  const withCopy = annotations + lastApplied.length + jsonSize(object);
  if (withCopy > maxAnnotations && writings.includes("client-side")) {
    const has = `with the copy of the manifest that client-side apply adds, its annotations have ${bytes(withCopy)}`;
    const fix = "set the sync option ServerSideApply=true on the object or its Application";
    return tooLarge([], has, "Kubernetes takes", maxAnnotations, fix);
  }
  return undefined;
}

function tooLarge(path: Step[], has: string, takes: string, limit: number, fix: string): ManifestFault {
  return { path, message: `${has}; ${takes} at most ${bytes(limit)}`, fix };
}

function bytes(size: number): string {
  return `${size.toLocaleString("en-US")} bytes`;
}

/** The values of a ConfigMap or Secret as Kubernetes counts them. */
function dataSize({ apiVersion, kind, data, binaryData, stringData }: KubernetesObject): number {
  if (apiVersion !== "v1" || (kind !== "ConfigMap" && kind !== "Secret")) return 0;
  const encoded = kind === "Secret" ? data : binaryData;
  const plain = kind === "Secret" ? stringData : data;
  const sizes = [
    ...entriesOf(encoded).map(([key, value]) => [key, Buffer.from(value, "base64").length] as const),
    ...entriesOf(plain).map(([key, value]) => [key, Buffer.byteLength(value)] as const),
  ];
  return sum(new Map(sizes).values());
}

function annotationSize({ metadata }: KubernetesObject): number {
  return sum(entriesOf(metadata.annotations).map(([key, value]) => Buffer.byteLength(key) + Buffer.byteLength(value)));
}

function entriesOf(values: unknown): [string, string][] {
  const entries = Object.entries(isMapping(values) ? values : {});
  return entries.filter((entry): entry is [string, string] => typeof entry[1] === "string");
}

/**
 * What etcd gets at least. Kubernetes stores definitions and custom resources as JSON. It stores its own kinds as protobuf, in
 * which the names of fields do not count; some custom resources have a group of k8s.io too.
 */
function storedSize(object: KubernetesObject): number {
  const group = groupOf(object.apiVersion);
  const asJson = group === "apiextensions.k8s.io" || (group.includes(".") && !group.endsWith(".k8s.io"));
  if (asJson) return jsonSize(object);
  // A value in base64 is stored as the bytes that it stands for.
  return object.kind === "Secret" || object.kind === "ConfigMap" ? 0 : textSize(object);
}

function textSize(value: unknown): number {
  if (typeof value === "string") return Buffer.byteLength(value);
  return typeof value === "object" && value !== null ? sum(Object.values(value).map(textSize)) : 0;
}

/** Go's JSON escapes some characters that JavaScript's does not. */
function jsonSize(object: KubernetesObject): number {
  const text = JSON.stringify(object);
  const escaped = text.match(/[<>&]/g)?.length ?? 0;
  return Buffer.byteLength(text) + escaped * ("\\u003c".length - 1);
}

function sum(sizes: Iterable<number>): number {
  return [...sizes].reduce((total, size) => total + size, 0);
}
