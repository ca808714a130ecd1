import { chartRepository, exactVersion } from "./chart-source";
import { isScalar, isSeq } from "yaml";
import { capabilityNames, type Capability, type Requirement } from "./capabilities";
import { describeNode, YamlFile } from "./document";
import { facts, type Facts } from "./facts";
import {
  label,
  list,
  mapping,
  oneOf,
  optional,
  readPartialRoot,
  required,
  text,
  type Fields,
  type Shape,
} from "./fields";
import type { Finding } from "./findings";
import { ignoreDifferences, type IgnoredDifference } from "./ignore-differences";
import { isReleaseName, maxReleaseLength } from "./names";

/** The image of an app: its repository, and either a tag or a digest. */
export interface Image {
  repository?: string;
  tag?: string;
  /** "sha256:" and 64 hexadecimal digits. */
  digest?: string;
}

/**
 * The exact version of a component in one stage or ring, from
 * gitops/{addons,apps}/<component>/stages/<stage>/[rings/<ring>/]pin.yaml.
 */
export interface Pin {
  component: string;
  /** A chart of gitops/charts, or of `repo`; absent where the component is built by Kustomize. */
  chart?: string;
  /** Of the chart, or of the component's own base. */
  version: string;
  /** The component has a base and overlays of its own, and no chart. */
  kustomize?: true;
  namespace: string;
  /** What the cluster must be able to do, all of it; "base" for nothing special. */
  requires: Requirement;
  /** Chart repository of a third-party chart: an https address, or an OCI registry without scheme. */
  repo?: string;
  /** Apps only: the team whose AppProject the Application belongs to. */
  team?: string;
  /** Not with a third-party chart. */
  image?: Image;
  /** Values of the chart that are facts of the cluster. */
  facts?: Facts;
  /** Fields that Argo CD neither compares nor writes. */
  ignoreDifferences?: IgnoredDifference[];
}

/** One cluster's own version of a component, from gitops/clusters/<cluster>/pins/<component>.yaml: a canary or a hold. */
export interface ClusterPin {
  component: string;
  chart?: string;
  version?: string;
  image?: Image;
}

/**
 * What the bootstrap chart finds wrong with a pin. It makes the fault the Application's project, so the controller's message, or
 * the renderer's, has it.
 */
export function pinFault(message: string): { files: string; fault: string } | undefined {
  const [, files, fault] = /references project \((gitops\/[^:]+): (.+)\) which does not exist/.exec(message) ?? [];
  return files === undefined || fault === undefined ? undefined : { files, fault };
}

/** The value of a file, or everything that is wrong with the file. */
export interface Checked<T> {
  value?: T;
  findings: Finding[];
}

const componentName = text(
  "the component's name",
  (name) => (isReleaseName(name) ? undefined : `use a DNS label of at most ${maxReleaseLength} characters`),
  "bad-name",
);

const version = text("an exact version", (version) =>
  new RegExp(exactVersion).test(version)
    ? undefined
    : "use one exact version such as 1.2.3; ranges would move without a commit",
);

const repository = text("a chart repository", (repo) => {
  if (repo.includes("@")) {
    const fix = "leave them out; they belong into a repository Secret";
    return { rule: "secret-in-git", is: "names a user or password", fix };
  }
  return new RegExp(chartRepository).test(repo)
    ? undefined
    : "use an https address, or an OCI registry without scheme such as registry.example.com/charts";
});

/** A chart's name. In an OCI registry people name a chart with the directories above it, which Argo CD takes as part of `repo`. */
const chart: Shape<string> = {
  expected: label.expected,
  read(file, node, key) {
    const [name, repo] = [node, file.valueOf("repo")].map((one) => (isScalar(one) ? String(one.value) : ""));
    const cut = name!.lastIndexOf("/");
    if (cut < 0 || repo === "" || repo!.includes("://")) return label.read(file, node, key);
    const fix = `write repo: ${repo}/${name!.slice(0, cut)} and chart: ${name!.slice(cut + 1)}`;
    file.report("bad-name", node, `${key} is "${name}", which names directories of the registry`, fix);
    return undefined;
  },
};

const imageFields: Fields<Image> = {
  repository: optional(text("an image repository"), "Where the image is, without tag."),
  tag: optional(
    text("a tag", (tag) => {
      if (tag === "latest") return "use a tag that does not move";
      return /^\w[\w.-]{0,127}$/.test(tag) ? undefined : "use letters, digits, dots, dashes and underscores";
    }),
    "A tag that does not move.",
  ),
  digest: optional(
    text("a digest", (digest) =>
      /^sha256:[0-9a-f]{64}$/.test(digest) ? undefined : "use sha256: and 64 hexadecimal digits",
    ),
    "Digest of the image; wins over the tag.",
  ),
};

const image = mapping<Image>(imageFields);

const capability = oneOf<Capability>(capabilityNames, "unknown-capability");
const capabilities = list(capability, { min: 1 });

const requirement: Shape<Requirement> = {
  expected: `${capability.expected}, or a list of them`,
  read: (file, node, key) => (isSeq(node) ? capabilities : capability).read(file, node, key),
};

/** A switch that is either on or not there. */
const yes: Shape<true> = {
  expected: "true",
  read(file, node, key) {
    if (isScalar(node) && node.value === true) return true;
    file.report("wrong-value", node, `${key} is ${describeNode(node)}`, "write true, or remove the key");
    return undefined;
  },
};

/** The keys of a stage's pin.yaml. */
const pinFields: Fields<Pin> = {
  component: required(componentName, "The component; its directory is named the same."),
  chart: optional(chart, "A chart of gitops/charts, or of the chart repository `repo`."),
  version: required(version, "Exact version of the chart, or of the component's own base."),
  kustomize: optional(yes, "The component is built by Kustomize, from its own base and overlays; it has no chart."),
  namespace: required(label, "Namespace that the component is deployed into."),
  requires: required(requirement, "What the cluster must be able to do: one capability, or a list of them."),
  repo: optional(repository, "Chart repository of a third-party chart."),
  team: optional(label, "Apps only: the team whose AppProject the Application belongs to."),
  image: optional(image, "Image of an app; the chart reads it as a value."),
  facts: optional(facts, "Values of the chart, and the fact of the cluster that each of them gets."),
  ignoreDifferences: optional(
    ignoreDifferences,
    "Fields that a controller changes; Argo CD neither compares nor writes them.",
  ),
};

/** The keys of a cluster's own pin. The stage's pin still decides where the component runs and who owns it. */
const clusterPinFields: Fields<ClusterPin> = {
  component: required(componentName, "The component; the file is named the same."),
  chart: optional(label, "A chart of gitops/charts, instead of the stage's."),
  version: optional(version, "A version, instead of the stage's."),
  image: optional(image, "An image, instead of the stage's."),
};

const generated = "rename it: the ApplicationSet's generators use this name for a parameter of their own";
const refused = Object.fromEntries(
  [
    "name",
    "server",
    "metadata",
    "project",
    "values",
    "path",
    "pin",
    "ring",
    "staged",
    "regionOverlay",
    "ringOverlay",
  ].map((key) => [key, generated]),
);
const pinShape = mapping<Pin>(pinFields, { refused, refusedRule: "reserved-key" });
const clusterPinShape = mapping<ClusterPin>(clusterPinFields, {
  refused: { ...refused, team: "remove it: the team is the one of the stage's pin, in every cluster" },
  refusedRule: (key) => (key === "team" ? "unknown-team" : "reserved-key"),
});

/**
 * Reads and checks a stage's pin.
 * @param path path relative to the root of the tree; it says which component this is, and whether that is an app
 */
export function parsePin(path: string, content: string): Checked<Pin> {
  return readPin(new YamlFile(path, content));
}

/** The same for a file that is parsed already. */
export function readPin(file: YamlFile): Checked<Pin> {
  const pin = readPartialRoot(file, pinShape);
  if (!file.root) return { findings: file.findings };
  const [, group, directory] = file.file.split("/");
  if (pin.component && pin.component !== directory) wrongPlace(file, "directory", pin.component, directory);
  if (group === "apps" && !file.valueOf("team")) {
    file.report("missing-key", file.root, `key "team" is missing`, "add the team that owns this app");
  }
  if (group !== "apps" && pin.team) {
    file.report("unknown-key", file.valueOf("team"), `an add-on has no team`, "remove it: add-ons are the platform's");
  }
  const byKustomize = file.valueOf("kustomize") !== null;
  if (byKustomize) {
    for (const key of ["chart", "repo", "facts"]) {
      const fix = "remove it: this component is built by Kustomize, from its own base";
      if (file.valueOf(key)) file.report("unknown-key", file.valueOf(key), `a pin with kustomize has no ${key}`, fix);
    }
  } else if (!file.valueOf("chart")) {
    file.report("missing-key", file.root, 'key "chart" is missing', "add it, or kustomize: true for a base of its own");
  }
  if (byKustomize) {
    checkKustomizedImage(file, pin.image);
  } else if (pin.repo && pin.image) {
    const fix = "set the image in values.yaml, as that chart wants it";
    file.report("unknown-key", file.valueOf("image"), "a third-party chart does not read the pin's image", fix);
  } else if (group === "apps" && !pin.repo && !file.valueOf("image")) {
    file.report("missing-key", file.root, `key "image" is missing`, "add the image with its tag or digest");
  }
  checkImage(file, pin.image);
  return checked(file, pin as Pin);
}

/** Reads and checks a cluster's own pin; `path` as for parsePin. */
export function parseClusterPin(path: string, content: string): Checked<ClusterPin> {
  return readClusterPin(new YamlFile(path, content));
}

/** The same for a file that is parsed already. */
export function readClusterPin(file: YamlFile): Checked<ClusterPin> {
  const pin = readPartialRoot(file, clusterPinShape);
  if (!file.root) return { findings: file.findings };
  const base = file.file
    .split("/")
    .at(-1)
    ?.replace(/\.yaml$/, "");
  if (pin.component && pin.component !== base) wrongPlace(file, "file", pin.component, base);
  if (!["chart", "version", "image"].some((key) => file.valueOf(key))) {
    file.report(
      "missing-key",
      file.root,
      "this pin changes nothing",
      "add version, chart or image, or remove the file",
    );
  }
  checkImage(file, pin.image);
  return checked(file, pin as ClusterPin);
}

/** Kustomize finds an image by its repository. */
function checkKustomizedImage(file: YamlFile, named: Image | undefined): void {
  if (!named || named.repository !== undefined) return;
  const fix = "add it as the base names the image, without tag";
  file.report("missing-key", file.valueOf("image"), 'image has no key "repository"', fix);
}

function checked<T>(file: YamlFile, value: T): Checked<T> {
  return file.findings.length === 0 ? { value, findings: [] } : { findings: file.findings };
}

function wrongPlace(file: YamlFile, what: "directory" | "file", component: string, named: string | undefined): void {
  const message = `component is "${component}", but the ${what} is named "${named}"`;
  file.report("directory-name", file.valueOf("component"), message, `write component: ${named}, or rename the ${what}`);
}

function checkImage(file: YamlFile, named: Image | undefined): void {
  if (!named || (named.tag === undefined) !== (named.digest === undefined)) return;
  const message = named.tag === undefined ? "image has neither tag nor digest" : "image has both tag and digest";
  file.report("wrong-value", file.valueOf("image"), message, "name exactly one of them");
}
