/** The renderer's protocol; renderer/protocol.schema.json describes the same, and tests of both sides check it. */

import type { ClusterScope } from "../../../model/admission/policy";
import type { Phase } from "../../../model/argocd";

/** A cluster that Argo CD has registered: what a cluster generator sees. */
export interface ClusterSecret {
  name: string;
  server: string;
  labels: Record<string, string>;
  annotations?: Record<string, string>;
}

/** What the Argo CD of one cluster knows before it reads Git. */
export interface ClusterInput {
  name: string;
  /** Such as "1.36". */
  kubeVersion: string;
  apiVersions?: string[];
  /** The ApplicationSets that Pulumi writes. */
  roots: object[];
  secrets: ClusterSecret[];
  /** AppProjects that exist before the tree's own. */
  projects: string[];
  /** What the program's admission policy knows about the cluster; without it everything is admitted. */
  scope?: ClusterScope;
}

/** Restricts an answer to what was requested; a missing or empty list means everything. */
export interface Filter {
  clusters?: readonly string[];
  applications?: readonly string[];
}

/** A level of Pod Security, in a minor version of Kubernetes such as "1.36". */
export interface PodLevel {
  level: string;
  version: string;
}

export interface ApplicationSource {
  repoURL: string;
  path?: string;
  targetRevision?: string;
  chart?: string;
  ref?: string;
  helm?: {
    valueFiles?: string[];
    parameters?: { name?: string; value?: string; forceString?: boolean }[];
    [key: string]: unknown;
  };
  [key: string]: unknown;
}

export interface Destination {
  server?: string;
  namespace?: string;
  name?: string;
}

export interface ApplicationSpec {
  source?: ApplicationSource;
  sources?: ApplicationSource[];
  destination: Destination;
  project: string;
  syncPolicy?: {
    automated?: { prune?: boolean; selfHeal?: boolean; allowEmpty?: boolean };
    syncOptions?: string[];
    [key: string]: unknown;
  };
  [key: string]: unknown;
}

export interface Application {
  apiVersion: string;
  kind: string;
  metadata: {
    name: string;
    namespace?: string;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
    finalizers?: string[];
  };
  spec: ApplicationSpec;
}

export interface ValueFile {
  /** Where the file is, or would be, in the tree. */
  path: string;
  exists: boolean;
}

export interface ExpandedApplication {
  cluster: string;
  name: string;
  /** The ApplicationSet that makes it; empty for an Application that is written in the tree itself. */
  set: string;
  application: Application;
  /** Why the controller refuses to write it. */
  invalid?: string;
  /** Other sets that make an Application with this name: only one of them gets it. */
  collides?: string[];
  /** Files whose parameters a generator read for it, such as its pin. */
  origins: string[];
  /** In the order in which they are merged; later ones win. */
  valueFiles: ValueFile[];
  /** Without these files it does not render, so that Argo CD leaves it as it is. */
  required: ValueFile[];
}

export interface ExpandedSet {
  cluster: string;
  /** The Application that holds the set. */
  parent?: string;
  name: string;
  applicationsSync: string;
  preserveResourcesOnDeletion: boolean;
  /** The error that the controller would report; it then creates, changes and deletes nothing for this set. */
  error?: string;
  notEvaluated?: string;
  applications: number;
}

export interface Problem {
  cluster: string;
  application: string;
  reason: string;
}

export interface Expansion {
  applications: ExpandedApplication[];
  sets: ExpandedSet[];
  /** Applications whose manifests hold ApplicationSets but do not render. */
  errors: Problem[];
  notEvaluated: Problem[];
}

export interface Resource {
  apiVersion: string;
  kind: string;
  namespace?: string;
  name: string;
  /** The template, `<chart>/templates/<file>`, or the file of the tree that makes it. */
  source?: string;
  /** Id for `documents`; equal ids mean equal manifests. */
  id: string;
}

/** A resource that one Application makes more than once: Argo CD applies the last one. */
export interface RepeatedResource {
  apiVersion: string;
  kind: string;
  namespace?: string;
  name: string;
  /** The files that make it; the last one wins. */
  sources: string[];
}

/** A document that Helm leaves out because of its hook. */
export interface DroppedDocument {
  source: string;
  kind: string;
  name: string;
  hook: string;
}

export interface Manifests {
  application: string;
  clusters: string[];
  key: string;
  resources: Resource[];
  /** Handed to Argo CD too, but applied in none of its phases: hooks that it does not know, and those to be skipped. */
  unapplied?: Resource[];
  unsteady?: { template: string; functions: string[] }[];
  /** `template: apiVersion Kind`; Argo CD gives `lookup` an empty answer, and so does the renderer. */
  lookups?: string[];
  /** Resources that are made more than once; the last one counts. */
  repeated?: RepeatedResource[];
  /** What Helm leaves out: a hook that it does not know. */
  dropped?: DroppedDocument[];
}

/** An Application that does not render, is not known offline, or changes at each render, with the clusters where this is so. */
export interface Failure {
  application: string;
  clusters: string[];
  side: "base" | "head";
  reason: string;
}

export interface SetProblem {
  set: string;
  clusters: string[];
  side: "base" | "head";
  reason: string;
}

export interface Statistics {
  clusters: number;
  applications: number;
  changed: number;
  renders: number;
}

export interface Rendering {
  manifests: Manifests[];
  notEvaluated: Failure[];
  failed: Failure[];
  setErrors: SetProblem[];
  setsUnknown: SetProblem[];
  statistics: Statistics;
}

/** One field: `from` is missing for a new field, `to` for a removed one. */
export interface FieldChange {
  path: string;
  from?: unknown;
  to?: unknown;
}

export type ChangeKind = "add" | "change" | "remove";

export interface ResourceChange {
  apiVersion: string;
  kind: string;
  namespace?: string;
  name: string;
  change: ChangeKind;
  source?: string;
  /** When Argo CD applies it, for a hook; after the change. */
  phases?: Phase[];
  /** Ids of the manifests, for `documents`. */
  before?: string;
  after?: string;
  fields?: FieldChange[];
}

export interface InputChange {
  path: string;
  change: ChangeKind;
  role: "values" | "chart" | "generator";
}

/** What an Application reads, with the clusters where that is the same. */
export interface Reading {
  clusters: string[];
  /** Files that differ between the two trees. */
  inputs: InputChange[];
  /** The value files that exist on each side; later ones win. */
  base: string[];
  head: string[];
}

/** A change of an Application that is the same in all of its clusters. */
/** An AppProject, and what it judges of an Application as a whole, with the clusters where this is the same. */
export interface Owner extends Whole {
  clusters: string[];
  /** Id of its manifest, for `documents`. */
  project: string;
}

/** What an AppProject judges of an Application as a whole. */
export interface Whole {
  destination: Destination;
  repositories: string[];
}

export interface ApplicationChange {
  application: string;
  change: ChangeKind;
  clusters: string[];
  /** What changes in the Application object. */
  spec?: FieldChange[];
  resources: ResourceChange[];
  /** It makes nothing any more that Argo CD keeps in sync. */
  emptied?: boolean;
  readings: Reading[];
  /** The AppProjects that the Application has on the head; missing where it has none, or one that Pulumi makes. */
  owners?: Owner[];
  /** Different manifests behind this one change; `before` and `after` are those of the first cluster. */
  renders: number;
}

export interface Difference {
  changes: ApplicationChange[];
  notEvaluated: Failure[];
  failed: Failure[];
  /** Templates whose output differs at each render. */
  unsteady: Failure[];
  setErrors: SetProblem[];
  setsUnknown: SetProblem[];
  /** ApplicationSets of the head with their deletion policies, at least of every cluster that something changes in. */
  sets: ExpandedSet[];
  statistics: Statistics;
}

export type KubernetesObject = {
  apiVersion: string;
  kind: string;
  metadata: {
    name?: string;
    generateName?: string;
    namespace?: string;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
  };
  [key: string]: unknown;
};

/** One source of values; later ones win over earlier ones. */
export interface ValuesLayer {
  kind: "chart" | "file" | "inline" | "parameter" | "image";
  /** The path of a file in the tree, or `<chart>-<version>.tgz/...` for a file of a packed chart. */
  file?: string;
  /** Name of the parameter. */
  name?: string;
}

/** A value and where it was written: the index of its layer in the list of layers, and a line. */
export interface ValueOrigin {
  value: unknown;
  layer: number;
  line: number;
}

/** A value that templates see, or a null that removed one; `overrides` are the values it replaced, nearest first. */
export interface TracedValue extends ValueOrigin {
  path: string[];
  overrides: ValueOrigin[];
}

/** Where the values of one Application of one cluster come from. */
export interface ValuesAnswer {
  /** False when it is not a Helm chart. */
  chart: boolean;
  /** Why the values are unknown. */
  reason?: string;
  faults: { file: string; reason: string }[];
  /** Why the chart's defaults are not known; they are left out then. */
  missing?: string;
  layers: ValuesLayer[];
  values: TracedValue[];
  removed: TracedValue[];
  /** Charts inside the chart that these values switch off. */
  disabled: string[];
  /** Those of the probed values that no manifest depends on. */
  unused: string[][];
}

/** A value that a file sets. */
export interface WrittenValue {
  path: string[];
  value: unknown;
  line: number;
}

/** A third-party chart, with values files of the tree and names of Helm parameters that set values for it. */
export interface ChartUse {
  repoURL: string;
  chart: string;
  version: string;
  files: readonly string[];
  parameters: readonly string[];
}

/** A key that a chart does not read. */
export interface UnknownValue {
  path: string[];
  line: number;
  /** What the chart's defaults have in its place. */
  known: { key: string; file: string; line: number }[];
}

/** What a chart does not read of its values, or why that is not known. */
export interface UnknownOfUse {
  /** Without a file: of the parameters. */
  unknown: { file?: string; values: UnknownValue[] }[];
  reason?: string;
}

/** What one file sets, no matter what reads it. */
export interface FileValues {
  file: string;
  values: WrittenValue[];
  fault?: string;
}
