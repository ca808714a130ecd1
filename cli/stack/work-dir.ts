import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { hiddenValue } from "../../model/hidden-value";
import { listOf } from "../../model/lists";
import { privateDirectory, writeWhole } from "../../machine/files";
import { usageError } from "../terminal/fail";
import { project, workDirOf, type Home } from "./paths";

/** A stack's settings file, as Pulumi writes it. */
interface SettingsFile {
  secretsprovider?: string;
  encryptedkey?: string;
  encryptionsalt?: string;
  config?: Record<string, unknown>;
}

/** The settings of one stack, from every place that may hold them. */
export interface StackSettings {
  /** Plain values by key without prefix, the later source winning: checked-in file, earlier runs, this command line. */
  config: Record<string, string>;
  /** What was given on this and earlier command lines. */
  overrides: Record<string, string>;
}

/**
 * Collects a stack's settings. What `--config` gave once stays until the stack is destroyed, as with `pulumi up -c`:
 * a later run without it must not rebuild the cluster.
 */
export function collectSettings(home: Home, stack: string, given: Readonly<Record<string, string>>): StackSettings {
  const kept = encryptedIn(home, stack).map((key) => [bare(key), hiddenValue]);
  const overrides = { ...readOverrides(home, stack), ...given };
  return { config: { ...plainConfig(home.root, stack), ...Object.fromEntries(kept), ...overrides }, overrides };
}

/**
 * Refuses, for the checkout's own backend, settings that another backend encrypted and nothing replaces.
 * @throws UserError naming them
 */
export function refuseUnreadable(home: Home, stack: string, { overrides }: StackSettings): void {
  const file = `Pulumi.${stack}.yaml`;
  const { config = {} } = readSettingsFile(join(home.root, file));
  const replaced = new Set([...Object.keys(overrides), ...encryptedIn(home, stack).map(bare)]);
  const encrypted = Object.keys(config).filter((key) => isEncrypted(config[key]));
  const missing = encrypted.map(bare).filter((key) => !replaced.has(key));
  if (missing.length === 0) return;
  throw usageError(
    `${file} holds encrypted settings that only the backend they were made with can read: ${missing.join(", ")}; ` +
      `set PULUMI_BACKEND_URL to it, or give each with --config-file ${missing[0]}=FILE`,
  );
}

/**
 * Writes the stack's work directory: Pulumi.yaml for the defaults it declares, and the settings. Returns its path.
 * @param own whether the checkout's own backend is used: what another backend encrypted cannot be read there
 */
export function writeWorkDir(
  home: Home,
  stack: string,
  settings: StackSettings,
  secretKeys: readonly string[],
  own = false,
): string {
  const workDir = privateDirectory(workDirOf(home, stack));
  // Pulumi looks for a repository from here upwards, and runs Git or Mercurial in it with the settings of the checkout, which may
  // name programs. What it finds here is empty.
  for (const name of [".git", ".hg"]) privateDirectory(join(workDir, name));
  const plain = Object.fromEntries(Object.entries(settings.overrides).filter(([key]) => !secretKeys.includes(key)));
  writeWhole(join(workDir, "overrides.json"), JSON.stringify(plain));
  const declared = readFileSync(join(home.root, "Pulumi.yaml"), "utf8");
  const lists = listsIn(declared);
  writeWhole(join(workDir, "Pulumi.yaml"), declared);

  const current = readSettingsFile(settingsPath(home, stack));
  const checkedIn = own ? readableSettings(home, stack) : readSettingsFile(join(home.root, `Pulumi.${stack}.yaml`));
  const encrypted = Object.fromEntries(encryptedIn(home, stack).map((key) => [key, current.config?.[key]]));
  const prefixed = Object.fromEntries(
    Object.entries(plain).map(([key, value]) => [`${project}:${key}`, asStored(value, lists.has(key))]),
  );
  const { config, ...secrets } = {
    ...checkedIn,
    ...current,
    config: { ...checkedIn.config, ...encrypted, ...prefixed },
  };
  writeWhole(settingsPath(home, stack), stringify({ ...secrets, config }));
  return workDir;
}

/** Forgets everything that was kept about a stack. */
export function removeWorkDir(home: Home, stack: string): void {
  rmSync(workDirOf(home, stack), { recursive: true, force: true });
}

/** Reads the `key=value` words of an option; a prefix `onebranch:` may be left out. */
export function parseConfigWords(words: readonly string[], option = "config", value = "value"): Record<string, string> {
  return Object.fromEntries(
    words.map((word) => {
      const equals = word.indexOf("=");
      if (equals < 1) throw usageError(`--${option} takes key=${value}, found "${word}"`);
      return [bare(word.slice(0, equals)), word.slice(equals + 1)];
    }),
  );
}

/** The checked-in settings without what another backend encrypted. */
function readableSettings(home: Home, stack: string): SettingsFile {
  const { config = {} } = readSettingsFile(join(home.root, `Pulumi.${stack}.yaml`));
  return { config: Object.fromEntries(Object.entries(config).filter(([, value]) => !isEncrypted(value))) };
}

/** The settings that Pulumi.yaml declares as lists. */
function listsIn(text: string): ReadonlySet<string> {
  const { config = {} } = parse(text) as { config?: Record<string, { type?: string } | null> };
  return new Set(Object.keys(config).filter((key) => config[key]?.type === "array"));
}

/** Pulumi checks the declared type of a list in the file; on a command line it is text. */
function asStored(value: string, isList: boolean): unknown {
  return value.startsWith("[") || (isList && value !== "") ? (listOf(value) ?? value) : value;
}

function settingsPath(home: Home, stack: string): string {
  return join(workDirOf(home, stack), `Pulumi.${stack}.yaml`);
}

function bare(key: string): string {
  return key.startsWith(`${project}:`) ? key.slice(project.length + 1) : key;
}

function plainConfig(root: string, stack: string): Record<string, string> {
  const { config = {} } = readSettingsFile(join(root, `Pulumi.${stack}.yaml`));
  return Object.fromEntries(
    Object.entries(config).map(([key, value]) => [bare(key), isEncrypted(value) ? hiddenValue : asText(value)]),
  );
}

/** Pulumi hands structured values to a program as JSON. */
function asText(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function isEncrypted(value: unknown): boolean {
  return typeof value === "object" && value !== null && "secure" in value;
}

function encryptedIn(home: Home, stack: string): string[] {
  const { config = {} } = readSettingsFile(settingsPath(home, stack));
  return Object.keys(config).filter((key) => isEncrypted(config[key]));
}

function readSettingsFile(file: string): SettingsFile {
  return existsSync(file) ? ((parse(readFileSync(file, "utf8")) as SettingsFile | null) ?? {}) : {};
}

function readOverrides(home: Home, stack: string): Record<string, string> {
  const file = join(workDirOf(home, stack), "overrides.json");
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Record<string, string>) : {};
}
