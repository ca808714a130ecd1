import type { KubernetesObject } from "../../../tree/renderer";
import { isPlain, namesSecret } from "./names";
import { secretShape } from "./shapes";
import { assignmentsIn } from "./texts";

/** Names that mark a secret inside a Secret, but not elsewhere. */
const entryName = /(^|[-_.])(secret|pass|auth|(?<!public[-_.]?)key)$/i;

/** Names of entries of a Secret that are not secret: addresses and user names. */
const harmlessName =
  /^(type|kind|name|url|uri|server|servers|endpoint|address|host|hostname|port|database|dbname|region|bucket|namespace|project|user|username|[\w-]*[-_.]?user(name)?|email|issuer|enable[\w-]*|insecure|proxy|noProxy|ca\.crt|tls\.crt|[\w.-]+\.(crt|pub))$/i;

/** Whether an entry of a Secret is secret, by its name and content: `type: helm` of a repository is not. */
export function isSecretEntry(name: string, text: string): boolean {
  return secretParts(name, text).length > 0;
}

/** What is secret of an entry of a Secret: lines, values of a configuration file, or the entry as a whole. */
export function secretParts(name: string, text: string): string[] {
  if (!isPlain(text)) return [];
  const shaped = text.split("\n").filter((line) => secretShape(line) !== undefined);
  if (shaped.length > 0) return shaped;
  const inside = assignmentsIn(text);
  if (inside.length > 0)
    return inside.flatMap((one) => (namesSecret(one.name) && isPlain(one.value) ? [one.value] : []));
  return namesSecret(name) || entryName.test(name) ? [text] : [];
}

/** Whether an entry that is written out in a template may be a secret: the template makes a Secret of it for a reason. */
export function isWrittenSecret(name: string, text: string): boolean {
  if (isSecretEntry(name, text)) return true;
  if (!isPlain(text) || harmlessName.test(name)) return false;
  return !/^(true|false|\d+|[a-z][a-z0-9+.-]*:\/\/\S*)$/i.test(text.trim());
}

/** What a Secret holds. An entry that is not text, such as a keystore, is judged by its name. */
export function entriesOf({ data, stringData }: KubernetesObject): { name: string; text: string }[] {
  const entries = (map: unknown) => Object.entries((map as object | undefined) ?? {});
  return [
    ...entries(data).map(([name, value]) => ({ name, text: decoded(String(value ?? "")) })),
    ...entries(stringData).map(([name, value]) => ({ name, text: String(value ?? "") })),
  ];
}

function decoded(base64: string): string {
  const text = Buffer.from(base64, "base64").toString("utf8");
  return text.includes("\uFFFD") ? base64 : text;
}

/** Entries of a Secret that a template writes out; those that it takes from values are judged where they are rendered. */
export function writtenEntries(document: string): { name: string; text: string }[] {
  const found: { name: string; text: string }[] = [];
  let section: string | undefined;
  let indent: number | undefined;
  let block: string[] | undefined;
  const add = (name: string, value: string) => {
    const text = value.replace(/^(["'])(.*)\1$/, "$2");
    if (!text.includes("{{")) found.push({ name, text: section === "data" ? decoded(text) : text });
  };
  for (const line of document.split("\n")) {
    const top = /^(\w+):\s*(?:\{(.*)\})?\s*$/.exec(line);
    if (/^\S/.test(line)) {
      [section, indent, block] = [top?.[1], undefined, undefined];
      if (isData(section)) for (const [, name, value] of (top?.[2] ?? "").matchAll(pair)) add(name!, value!);
    }
    if (!isData(section) || !/^\s+\S/.test(line)) continue;
    const depth = line.search(/\S/);
    if (indent === undefined && /^\s+["']?[\w.-]+["']?:/.test(line)) indent = depth;
    if (block !== undefined && indent !== undefined && depth > indent) {
      block.push(line);
      found.at(-1)!.text = block.filter((one) => !one.includes("{{")).join("\n");
      continue;
    }
    block = undefined;
    const [, name, value = ""] = /^\s+["']?([\w.-]+)["']?:\s*(.*?)\s*$/.exec(line) ?? [];
    if (name === undefined) continue;
    if (/^[|>][-+]?\d?$/.test(value)) {
      block = [];
      found.push({ name, text: "" });
    } else add(name, value);
  }
  return found;
}

const isData = (section: string | undefined) => section === "data" || section === "stringData";

/** One pair of a mapping in braces. */
const pair = /["']?([\w.-]+)["']?:\s*("[^"]*"|'[^']*'|[^,}]+)/g;
