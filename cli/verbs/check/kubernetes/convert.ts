import type { Deprecation, KubernetesApi, Schema } from "./api";

interface Swagger {
  definitions: Record<string, SwaggerSchema>;
}

interface SwaggerSchema extends Schema {
  "x-kubernetes-group-version-kind"?: { group: string; version: string; kind: string }[];
}

const prefix = "#/definitions/";

/**
 * Keeps the part of Kubernetes' OpenAPI document that is needed to validate manifests: a fifth of its size.
 * @param sources Go sources of k8s.io/api by path, which say since when an API is deprecated
 */
export function convert(version: string, swagger: Swagger, sources: ReadonlyMap<string, string>): KubernetesApi {
  const api: KubernetesApi = { version, definitions: {}, kinds: {}, deprecated: {} };
  for (const [name, definition] of Object.entries(swagger.definitions)) {
    api.definitions[name] = slim(name, definition);
    const named = definition["x-kubernetes-group-version-kind"] ?? [];
    // Shared types such as DeleteOptions belong to every group.
    for (const { group, version: served, kind } of named.length > 1 ? [] : named) {
      api.kinds[`${group === "" ? "" : `${group}/`}${served} ${kind}`] = name;
    }
  }
  for (const directory of new Set([...sources.keys()].map((path) => path.split("/").slice(0, -1).join("/")))) {
    const texts = [...sources].filter(([path]) => path.startsWith(`${directory}/`)).map(([, text]) => text);
    Object.assign(api.deprecated, deprecations(directory, texts.join("\n")));
  }
  return api;
}

function slim(name: string, schema: Schema): Schema {
  // A quantity may be written as a number, whatever the document says.
  if (name.endsWith(".resource.Quantity")) return { "x-kubernetes-int-or-string": true, format: "quantity" };
  if (schema.format === "int-or-string") return { "x-kubernetes-int-or-string": true };
  const result: Schema = {};
  if (schema.$ref) result.$ref = schema.$ref.startsWith(prefix) ? schema.$ref.slice(prefix.length) : schema.$ref;
  if (schema.type) result.type = schema.type;
  if (schema.required) result.required = schema.required;
  if (schema.enum) result.enum = schema.enum;
  if (schema.items) result.items = slim("", schema.items);
  if (typeof schema.additionalProperties === "object") {
    result.additionalProperties = slim("", schema.additionalProperties);
  }
  if (schema.properties) {
    const properties = Object.entries(schema.properties);
    result.properties = Object.fromEntries(properties.map(([key, value]) => [key, slim("", value)]));
  }
  return result;
}

/** What the lifecycle functions of one Go package say. */
function deprecations(directory: string, text: string): Record<string, Deprecation> {
  const group = /\bGroupName = "([^"]*)"/.exec(text)?.[1];
  const version = directory.split("/").at(-1)!;
  if (group === undefined) return {};
  const find = (what: string, body: string) =>
    new Map(
      [
        ...text.matchAll(
          new RegExp(`func \\(in \\*(\\w+)\\) APILifecycle${what}\\(\\)[^{]*\\{\\s*return ${body}`, "g"),
        ),
      ].map((match) => [match[1]!, match]),
    );
  const removed = find("Removed", "(\\d+), (\\d+)");
  const replaced = find(
    "Replacement",
    'schema.GroupVersionKind\\{Group: "([^"]*)", Version: "([^"]*)", Kind: "([^"]*)"\\}',
  );
  const result: Record<string, Deprecation> = {};
  for (const [kind, [, , major, minor]] of find("Deprecated", "(\\d+), (\\d+)")) {
    const gone = removed.get(kind);
    const [, , toGroup, toVersion, toKind] = replaced.get(kind) ?? [];
    result[`${group === "" ? "" : `${group}/`}${version} ${kind}`] = {
      since: `${major}.${minor}`,
      ...(gone && { removed: `${gone[2]}.${gone[3]}` }),
      ...(toKind !== undefined && { replacement: `${toGroup === "" ? "" : `${toGroup}/`}${toVersion} ${toKind}` }),
    };
  }
  return result;
}
