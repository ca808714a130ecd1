import type { FieldChange, KubernetesObject } from "./renderer";
import { parsePath, type PathStep } from "./field-path";
import { isMapping } from "../../model/mapping";

/** Its manifests name the fields of secrets but contain no secrets. */
const schemaKind = "CustomResourceDefinition";

/** A field that differs, without its secrets. */
export interface MaskedField extends FieldChange {
  /** True when a secret was here: `from` and `to` then only say that it is there. */
  masked?: true;
}

/** What replaces a secret. It says nothing about the secret, not even its length. */
export const mask = "(masked)";

/** Words that make a key's value a secret in any kind of resource. */
const secretWord =
  "passw(?:or)?d|passphrase|pwd|secret|token|api[-_.]?key|access[-_.]?key|private[-_.]?key|signing[-_.]?key|encryption[-_.]?key|client[-_.]?key|credentials?|htpasswd|auth[-_.]?header|connection[-_.]?string|\\bdsn\\b";
const secretKey = new RegExp(secretWord, "i");

/** Keys that only say where a secret is, or how it is treated. */
const reference =
  /(ref|refs|name|names|namespace|path|file|type|kind|class|provider|store|audience|audiences|ttl|seconds|expiration|enabled|mount|version|template|policy|existing.?secret|service.?account.?token)$/i;

const privateKeyBlock = /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g;
const urlPassword = /([a-z][a-z0-9+.-]{0,30}:\/\/[^\s/:@]*:)[^\s/@]+@/gi;
/** `--db-password=x`, `password: x` and `"token": "x"` inside a longer text. */
const assignment = new RegExp(
  `((?:${secretWord})[\\w.-]*["']?(?:\\s*[:=]\\s*|(?<=--[\\w.-]*)\\s+))(?:"[^"\\n]*"|'[^'\\n]*'|[^\\s,;}"']+)`,
  "gi",
);
/** In the JSON of a registry, user and password are together in base64 under a name that does not reveal it. */
const registryLogin = /((?<![\w-])\\*"auth\\*"\s*:\s*\\*")[\w+/=-]+/g;
const bearer = /\b(bearer|basic)\s+[\w+/=.~-]{8,}/gi;
/** `--db-password x` as two items of a list of arguments. */
const secretFlag = new RegExp(`^--?[\\w.-]*(?:${secretWord})[\\w.-]*$`, "i");

function isSecretKey(key: string): boolean {
  return secretKey.test(key) && !reference.test(key);
}

/** Masks what looks like a secret in a text and leaves the rest. */
export function maskText(text: string): string {
  return text
    .replace(privateKeyBlock, mask)
    .replace(urlPassword, `$1${mask}@`)
    .replace(assignment, `$1${mask}`)
    .replace(registryLogin, `$1${mask}`)
    .replace(bearer, `$1 ${mask}`);
}

/** A manifest without its secrets. */
export function maskObject(object: KubernetesObject): KubernetesObject {
  if (object.kind === schemaKind) return object;
  return maskBelow(object, [], object.kind === "Secret") as KubernetesObject;
}

/**
 * The fields of a resource of that kind without their secrets.
 * @param documents the manifests before and after, to look up the flag before an argument
 */
export function maskFields(
  kind: string,
  fields: readonly FieldChange[],
  documents: readonly (KubernetesObject | undefined)[] = [],
): MaskedField[] {
  if (kind === schemaKind) return fields.map((field) => ({ ...field }));
  return fields.map((field) => {
    const steps = parsePath(field.path);
    const afterFlag = documents.some((document) => followsSecretFlag(document, steps));
    const side = (value: unknown) => (afterFlag ? maskLeaves(value) : maskAt(value, steps, kind === "Secret"));
    const result: MaskedField = { path: field.path };
    if ("from" in field) result.from = side(field.from);
    if ("to" in field) result.to = side(field.to);
    if (differs(field.from, result.from) || differs(field.to, result.to)) result.masked = true;
    return result;
  });
}

/** Whether a place in a list of arguments is the value of a flag such as `--password`. */
function followsSecretFlag(document: unknown, steps: readonly PathStep[]): boolean {
  const last = steps.at(-1);
  if (!last?.bracket || !/^[1-9]\d*$/.test(last.text)) return false;
  let list = document;
  for (const { text, bracket } of steps.slice(0, -1)) list = child(list, text, bracket);
  const before: unknown = Array.isArray(list) ? list[Number(last.text) - 1] : undefined;
  return typeof before === "string" && isSecretFlag(before);
}

function child(value: unknown, text: string, bracket: boolean): unknown {
  if (!bracket) return isMapping(value) ? value[text] : undefined;
  if (!Array.isArray(value)) return undefined;
  const items = value as unknown[];
  return items.find((item) => isMapping(item) && item.name === text) ?? items[Number(text)];
}

function isSecretFlag(text: string): boolean {
  return secretFlag.test(text) && !reference.test(text);
}

function differs(a: unknown, b: unknown): boolean {
  return a !== b && JSON.stringify(a) !== JSON.stringify(b);
}

/** A value at a path: its own key, and the name of the item that it belongs to, decide. */
function maskAt(value: unknown, steps: readonly PathStep[], secret: boolean): unknown {
  if (secret && isSecretPlace(steps.map(({ text }) => text))) return maskLeaves(value);
  const last = steps.at(-1);
  if (last && !last.bracket && isSecretKey(last.text)) return maskStrings(value);
  // `env[DB_PASSWORD].value`, `parameters[token].value`
  const item = steps.at(-2);
  if (last?.text === "value" && item?.bracket && isSecretKey(item.text)) return maskLeaves(value);
  return maskBelow(
    value,
    steps.map(({ text }) => text),
    secret,
  );
}

function isSecretPlace(path: readonly string[]): boolean {
  const [first, second, third] = path;
  if (first === "data" || first === "stringData") return true;
  // kubectl's annotation repeats the whole Secret.
  return (
    first === "metadata" && second === "annotations" && third === "kubectl.kubernetes.io/last-applied-configuration"
  );
}

function maskBelow(value: unknown, path: readonly string[], secret: boolean): unknown {
  if (secret && isSecretPlace(path)) return maskLeaves(value);
  if (typeof value === "string") return maskText(value);
  if (Array.isArray(value)) return value.map((item, index) => maskItem(value as unknown[], item, index, path, secret));
  if (!isMapping(value)) return value;
  const named = typeof value.name === "string" && isSecretKey(value.name);
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => {
      if (named && key === "value") return [key, maskLeaves(inner)];
      if (isSecretKey(key)) return [key, maskStrings(inner)];
      return [key, maskBelow(inner, [...path, key], secret)];
    }),
  );
}

function maskItem(list: unknown[], item: unknown, index: number, path: readonly string[], secret: boolean): unknown {
  const before = list[index - 1];
  if (typeof item === "string" && typeof before === "string" && isSecretFlag(before)) {
    return item.startsWith("-") ? maskText(item) : mask;
  }
  return maskBelow(item, [...path, String(index)], secret);
}

/** Below a secret key: texts and numbers are masked, references to other objects and switches stay. */
function maskStrings(value: unknown): unknown {
  if (typeof value === "string") return value === "" ? "" : mask;
  if (typeof value === "number") return mask;
  if (Array.isArray(value)) return value.map(maskStrings);
  if (!isMapping(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      reference.test(key) || key === "key" ? inner : maskStrings(inner),
    ]),
  );
}

/** Masks everything except the keys. */
function maskLeaves(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(maskLeaves);
  if (isMapping(value))
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, maskLeaves(inner)]));
  return value === null || value === undefined ? value : mask;
}
