import { groupOf } from "../../../../model/api-group";

/** A schema of Kubernetes' OpenAPI documents or of a custom resource: the part of JSON schema that both use. */
export interface Schema {
  $ref?: string;
  type?: string;
  format?: string;
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  additionalProperties?: Schema | boolean;
  enum?: unknown[];
  pattern?: string;
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  nullable?: boolean;
  "x-kubernetes-int-or-string"?: boolean;
  "x-kubernetes-preserve-unknown-fields"?: boolean;
}

/** Since when an API is deprecated, and what replaces it. */
export interface Deprecation {
  /** Minor version, such as "1.33". */
  since: string;
  /** Minor version in which it is no longer served. */
  removed?: string;
  /** `apiVersion Kind`. */
  replacement?: string;
}

/** The API of one Kubernetes version. */
export interface KubernetesApi {
  version: string;
  definitions: Record<string, Schema>;
  /** Name of the definition by `apiVersion Kind`. */
  kinds: Record<string, string>;
  /** By `apiVersion Kind`. */
  deprecated: Record<string, Deprecation>;
}

/** Former groups of Kubernetes that no longer exist. */
const formerGroups = ["extensions"];

/** Whether a group is Kubernetes' own: a kind of such a group is either in the API or does not exist. */
export function isBuiltIn({ kinds }: KubernetesApi, apiVersion: string): boolean {
  const group = groupOf(apiVersion);
  if (formerGroups.includes(group)) return true;
  return Object.keys(kinds).some((kind) => groupOf(kind.split(" ")[0]!) === group);
}

/** `apiVersion Kind` of every other API that serves a kind of this name, newest versions first. */
export function placesOf({ kinds }: KubernetesApi, kind: string): string[] {
  return Object.keys(kinds)
    .filter((place) => place.endsWith(` ${kind}`))
    .sort((a, b) => Number(/alpha|beta/.test(a)) - Number(/alpha|beta/.test(b)) || (a < b ? -1 : 1));
}
