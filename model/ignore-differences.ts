import { label, list, mapping, optional, required, text, type Fields, type Shape } from "./fields";

/** Fields that Argo CD neither compares nor writes, in Argo CD's own form. */
export interface IgnoredDifference {
  group?: string;
  kind: string;
  name?: string;
  namespace?: string;
  jsonPointers?: string[];
  jqPathExpressions?: string[];
  managedFieldsManagers?: string[];
}

/** The lists that say which fields are meant. */
const ignoredBy = ["jsonPointers", "jqPathExpressions", "managedFieldsManagers"] as const;

const kind = text("a kind such as Deployment", (value) =>
  /^[A-Z][A-Za-z0-9]*$/.test(value)
    ? undefined
    : "name one kind, as manifests do; a pattern would hide fields of any kind",
);

const group = text("an API group such as apps", (value) =>
  /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/.test(value) ? undefined : "name one group; for kinds such as Service leave it out",
);

const objectName = text("the name of an object", (value) =>
  /^[a-z0-9]([-a-z0-9.:]*[a-z0-9])?$/.test(value)
    ? undefined
    : "name one object, or leave the name out for all of the kind",
);

const pointer = text("a JSON pointer such as /spec/replicas", (value) =>
  /^(\/([^~/]|~[01])+)+$/.test(value) ? undefined : "begin with /, and write ~1 for a slash inside a key",
);

const step = String.raw`\.[A-Za-z_]\w*|\.?\["[^"\\]+"\]|\.?\[\d*\]`;
const condition = String.raw`select\(\s*(?:${step})+\s*==\s*"[^"\\]*"\s*\)`;
const path = new RegExp(String.raw`^\s*(?:${step})+\s*(?:\|\s*(?:${condition}|(?:${step})+)\s*)*$`);

const expression = text("a path of jq such as .spec.containers[].image", (value) =>
  path.test(value)
    ? undefined
    : 'write keys (.spec, ["a.b/c"]), items ([], [0]) and conditions (| select(.name == "x")); Argo CD stops comparing at what it cannot read',
);

const manager = text("the name of a field manager", (value) =>
  /^[\w.-]+$/.test(value) ? undefined : "write it as `kubectl get --show-managed-fields` does",
);

const fields: Fields<IgnoredDifference> = {
  group: optional(group, "API group of the kind; none for kinds such as Service."),
  kind: required(kind, "The kind of the objects."),
  name: optional(objectName, "Name of one object; all of the kind without it."),
  namespace: optional(label, "Namespace of the objects."),
  jsonPointers: optional(list(pointer, { min: 1 }), "Fields, as JSON pointers."),
  jqPathExpressions: optional(list(expression, { min: 1 }), "Fields, as paths of jq."),
  managedFieldsManagers: optional(list(manager, { min: 1 }), "Whose fields, by the name of their manager."),
};

const entry = mapping<IgnoredDifference>(fields);
const entriesOf = list(
  {
    expected: entry.expected,
    read(file, node, key) {
      const found = entry.read(file, node, key);
      if (found === undefined || ignoredBy.some((way) => found[way] !== undefined)) return found;
      file.report("missing-key", node, `${key} names no field`, `add one of ${ignoredBy.join(", ")}`);
      return undefined;
    },
  } satisfies Shape<IgnoredDifference>,
  { min: 1 },
);

/** What a pin's `ignoreDifferences` may be. */
export const ignoreDifferences: Shape<IgnoredDifference[]> = entriesOf;

/**
 * The keys of a field that an entry hides, without items of lists and conditions: `.spec.containers[].image` is spec, containers,
 * image.
 */
export function hiddenPath(way: "jsonPointers" | "jqPathExpressions", written: string): string[] {
  if (way === "jsonPointers") {
    const keys = written.slice(1).split("/");
    return keys.map((key) => key.replaceAll("~1", "/").replaceAll("~0", "~")).filter((key) => !/^(\d+|-)$/.test(key));
  }
  const steps = written.replace(new RegExp(condition, "g"), "").matchAll(/\.([A-Za-z_]\w*)|\["([^"\\]+)"\]/g);
  return [...steps].map(([, plain, quoted]) => plain ?? quoted!);
}

/** An entry in one line. */
export function ignoredWords(entry: Partial<IgnoredDifference>): string {
  const { kind, name, namespace } = entry;
  const object = [kind, [namespace, name].filter((part) => part !== undefined).join("/")].filter(Boolean).join(" ");
  const { managedFieldsManagers: managers = [], jsonPointers = [], jqPathExpressions = [] } = entry;
  const what = [...jsonPointers, ...jqPathExpressions, ...managers.map((manager) => `what ${manager} writes`)];
  return `${what.join(", ")} of ${object}`;
}
