import { isSeq, parse, parseDocument } from "yaml";
import { UserError } from "../../../model/errors";
import { isExpired, parseExceptions, type Exception } from "../../../model/exception";
import { parseClusterPin, type ClusterPin } from "../../../model/pin";
import type { TreeSource } from "../../../model/tree-source";
import { readTree } from "../../../model/tree";
import type { Input } from "../../command";
import { failure, usageError, unknownName } from "../../terminal/fail";
import { readPins } from "../../tree/pins";
import { refuseFaults, type Changes } from "./changes";
import { toYaml, withValue } from "../../tree/yaml-edit";
import { parseSettings, settingsText } from "./settings";

export interface ExceptionParts {
  tree: TreeSource;
  /** The component. */
  name: string;
  input: Input;
  changes: Changes;
  /** YYYY-MM-DD. */
  today: string;
}

/** Lets one cluster differ from its stage until a given day: the entry, and the values or the pin that it excuses. */
export function newException(parts: ExceptionParts): void {
  const { tree, name, input, changes, today } = parts;
  const components = readPins(tree).components.map((component) => component.name);
  if (!components.includes(name)) throw unknownName("component", name, components);
  const clusters = [...readTree(tree).clusters.keys()];
  const cluster = needed(input, "cluster", `there are ${clusters.join(", ")}`);
  if (!clusters.includes(cluster)) throw unknownName("cluster", cluster, clusters);

  const settings = parseSettings(input.all("set"));
  const pin = input.text("pin") as Exception["pin"];
  if (settings.length > 0 === (pin !== undefined)) {
    throw usageError("an exception is for values or for a pin; give either --set KEY=VALUE or --pin canary|hold");
  }
  const entry: Exception = {
    component: name,
    ...(pin === undefined ? { keys: settings.map(({ path }) => path.join(".")) } : { pin }),
    owner: needed(input, "owner", "who answers for it"),
    reason: needed(input, "reason", "why the stage's values are not enough"),
    ticket: needed(input, "ticket", "where its removal is tracked"),
    expires: needed(input, "expires", "its last day, YYYY-MM-DD"),
  };
  addEntry(changes, `gitops/clusters/${cluster}/exceptions.yaml`, entry, today);
  if (pin === undefined) addValues(changes, `gitops/clusters/${cluster}/values/${name}.yaml`, settings);
  else addPin(changes, `gitops/clusters/${cluster}/pins/${name}.yaml`, name, input);
}

function addEntry(changes: Changes, path: string, entry: Exception, today: string): void {
  const before = changes.read(path);
  const { findings, value = [] } = before === undefined ? { findings: [] } : parseExceptions(path, before);
  if (findings.length > 0) throw UserError.of(findings);
  const what = entry.pin === undefined ? "keys" : "pin";
  if (
    value.some(
      (other) => other.component === entry.component && (other.pin === undefined) === (entry.pin === undefined),
    )
  ) {
    throw failure(`${path} has an exception for the ${what} of ${entry.component} already; change it there`);
  }
  const text = before === undefined ? toYaml([entry]) : appended(before, entry);
  refuseFaults(parseExceptions(path, text).findings);
  if (isExpired(entry, today)) throw usageError(`--expires ${entry.expires} is over; today is ${today}`);
  if (before === undefined) changes.add(path, text);
  else changes.edit(path, text);
}

/** The file with one more entry at its end; the rest stays as it is. */
function appended(text: string, entry: Exception): string {
  const { contents } = parseDocument(text);
  if (isSeq(contents) && contents.flow !== true && /^- /m.test(text)) {
    return `${text.endsWith("\n") ? text : `${text}\n`}${toYaml([entry])}`;
  }
  return toYaml([...((parse(text) ?? []) as Exception[]), entry]);
}

function addValues(changes: Changes, path: string, settings: ReturnType<typeof parseSettings>): void {
  const before = changes.read(path);
  if (before === undefined) return changes.add(path, settingsText(settings));
  changes.edit(
    path,
    settings.reduce((text, { path: key, value }) => withValue(path, text, key, value), before),
  );
}

function addPin(changes: Changes, path: string, component: string, input: Input): void {
  const version = input.text("version");
  const tag = input.text("tag");
  if (version === undefined && tag === undefined) {
    throw usageError("give what the pin changes: --version VERSION of the chart, or --tag TAG of the image");
  }
  const pin: ClusterPin = {
    component,
    ...(version === undefined ? {} : { version }),
    ...(tag === undefined ? {} : { image: { tag } }),
  };
  const text = toYaml(pin);
  refuseFaults(parseClusterPin(path, text).findings);
  changes.add(path, text);
}

function needed(input: Input, option: string, why: string): string {
  return input.text(option) ?? missing(option, why);
}

function missing(option: string, why: string): never {
  throw usageError(`an exception needs --${option}: ${why}`);
}
