import { chartRepository, exactVersion } from "../chart-source";
import { factKey, factNames } from "../facts";
import { bootstrapParameters, platformProject } from "../root";
import { baseDirectory, overlayNames } from "../overlays";
import { hasRing, quoted, scopeExpressions, type Rule, type Variable } from "./policy";

const { repoURL, revision } = scopeExpressions;

const sourcesOf = (holder: string) =>
  `(has(${holder}.sources) ? ${holder}.sources : []) + (has(${holder}.source) ? [${holder}.source] : [])`;

/** True when every source meets a condition on `s`. */
const every = (condition: string) => `variables.sources.all(s, ${condition})`;

/** True when every source with Helm options meets a condition on `s.helm`. */
const everyHelm = (condition: string) => every(`!has(s.helm) || (${condition})`);

/** The path of a file, without the reference to the source that contains it. */
const plainFile = "(f.startsWith('$values/') ? f.substring(7) : f)";

const namesFileOf = (group: string) =>
  `variables.sources.exists(s, has(s.path) && s.path.startsWith('gitops/${group}/') || has(s.helm) && has(s.helm.valueFiles) && s.helm.valueFiles.exists(f, ${plainFile}.startsWith('/gitops/${group}/')))`;

const isFollowed = `s.repoURL == ${repoURL} && has(s.targetRevision) && s.targetRevision == ${revision}`;

/** Parameters of bootstrap that the generators of the tree's ApplicationSets are made with. */
const followed = { repoURL, targetRevision: revision };

const isBootstrap = "object.metadata.name == 'bootstrap'";

/** A parameter that the root gives bootstrap; the first two are as this cluster follows them. */
const isOfBootstrap = [
  `has(p.name) && p.name in ${quoted(bootstrapParameters)}`,
  ...Object.entries(followed).map(([name, value]) => `(p.name != '${name}' || (has(p.value) && p.value == ${value}))`),
].join(" && ");

/** A parameter that a pin's `facts` makes. As a text, a fact is never a list or a number, whatever it looks like. */
const isFact = `has(p.name) && p.name.matches('${factKey}') && has(p.forceString) && p.forceString && has(p.value) && p.value in variables.facts`;
const inPlatform = `object.spec.project == '${platformProject}'`;

/** A third-party chart: never a Git repository, nor another image of a registry. Which repositories there may be is the project's list. */
const isThirdParty = `s.repoURL != ${repoURL} && s.repoURL.matches('${chartRepository}') && has(s.targetRevision) && s.targetRevision.matches('${exactVersion}') && !has(s.path) && !has(s.ref)`;

/** A version of this component's own base: Kustomize builds it, with the overlays that the source names. */
const isBase = `s.path.matches('^gitops/(addons|apps)/[a-z0-9]([-a-z0-9]*[a-z0-9])?/${baseDirectory}/[0-9A-Za-z][-+.0-9A-Za-z]*$') && s.path.split('/')[2] == object.metadata.name`;

/** A directory of a component, which is a base where the path is right. A fleet has thousands of sources, so this one has no pattern. */
const isOfComponent = "has(s.path) && (s.path.startsWith('gitops/addons/') || s.path.startsWith('gitops/apps/'))";

/** The tag or the digest of an image, and never another image: that would be written `name=other:tag`. */
const isImage = "i.matches('^[a-z0-9][a-z0-9._/:-]*(:[A-Za-z0-9_][A-Za-z0-9_.-]*|@sha256:[0-9a-f]{64})$')";

const kustomizeOptions = ["components", "images"];

const options = ["repoURL", "targetRevision", "path", "chart", "ref", "name", "helm", "kustomize"];
const inlineOptions = ["values", "valuesObject", "fileParameters"];
const helmOptions = ["valueFiles", "ignoreMissingValueFiles", "skipCrds", "skipTests"];
const isHelmOption = `option in ${quoted([...helmOptions, ...inlineOptions, "parameters"])}`;

/** The sources of an Application. A sync operation may have sources of its own; they are judged like those of the spec. */
export const sourcesVariable: Variable = {
  name: "sources",
  expression: `${sourcesOf("object.spec")} + (has(object.operation) && has(object.operation.sync) ? ${sourcesOf("object.operation.sync")} : [])`,
};

/** The values that this cluster's facts have. */
export const factsVariable: Variable = {
  name: "facts",
  expression: `${quoted(factNames)}.filter(fact, fact in variables.scope).map(fact, variables.scope[fact])`,
};

/** The overlays of this cluster's stage, ring and region, as a version of the base names them. */
export const overlaysVariable: Variable = {
  name: "overlays",
  expression: overlaysExpression(),
};

function overlaysExpression(): string {
  const inText = (expression: string) => `' + ${expression} + '`;
  const texts = {
    stage: inText(scopeExpressions.stage),
    ring: inText(scopeExpressions.ring),
    region: inText(scopeExpressions.region),
  };
  const everywhere = overlayNames({ ...texts, ring: undefined });
  const inRing = overlayNames(texts).filter((name) => !everywhere.includes(name));
  return `${quoted(everywhere)} + (${hasRing} ? ${quoted(inRing)} : [])`;
}

/** Where an Application comes from, and what renders it with which values. They read `variables.files` too. */
export const sourceRules = {
  hydrator: {
    expression: "!has(object.spec.sourceHydrator)",
    message: "an Application names its sources itself: sourceHydrator is not allowed",
  },
  repository: {
    expression: every(`has(s.chart) || (${isFollowed})`),
    message: "a source is the repository and revision that this cluster follows",
    subject: `variables.sources.filter(s, !has(s.chart) && !(${isFollowed})).map(s, s.repoURL + ' at ' + (has(s.targetRevision) ? s.targetRevision : 'HEAD'))[0]`,
  },
  chart: {
    expression: every(`!has(s.chart) || (${inPlatform} && ${isThirdParty})`),
    message: `a chart of a chart repository is for the project ${platformProject} only: an exact version, from an https address or an OCI registry without scheme, with neither path nor ref`,
  },
  path: {
    expression: every(
      `has(s.chart) || (has(s.path) ? (${isBootstrap} ? s.path == 'gitops/bootstrap' : s.path.matches('^gitops/charts/[a-z0-9]([-a-z0-9]*[a-z0-9])?/[0-9A-Za-z][-+.0-9A-Za-z]*$') || (${isBase})) : has(s.ref))`,
    ),
    message:
      "the path of a source is gitops/charts/<chart>/<version> or base/<version> of the component, that of bootstrap gitops/bootstrap; only a source with ref may have none",
  },
  options: {
    expression: every(
      `s.all(option, option in ${quoted(options)}) && ((${isOfComponent}) ? has(s.kustomize) && !has(s.helm) : !has(s.kustomize) && (!has(s.path) || (has(s.helm) && has(s.helm.valueFiles) && s.helm.valueFiles.size() > 0)))`,
    ),
    message: `Kustomize builds base/<version> of the component, and Helm every other source: one with path has kustomize, or helm.valueFiles; of other options there are ${options.filter((option) => !["helm", "kustomize"].includes(option)).join(", ")} only`,
  },
  kustomize: {
    expression: every(
      `!has(s.kustomize) || (s.kustomize.all(option, option in ${quoted(kustomizeOptions)}) && has(s.kustomize.components) && s.kustomize.components.size() > 0)`,
    ),
    message: `of Kustomize's options an Application may have ${kustomizeOptions.join(" and ")}, and it has components`,
  },
  overlays: {
    expression: every(
      "!has(s.kustomize) || !has(s.kustomize.components) || s.kustomize.components.all(c, c in variables.overlays)",
    ),
    message: "an overlay is not one of this component's in this cluster",
    subject:
      "variables.sources.filter(s, has(s.kustomize) && has(s.kustomize.components)).map(s, s.kustomize.components.filter(c, !(c in variables.overlays))).filter(found, found.size() > 0)[0][0]",
  },
  images: {
    expression: every(
      `!has(s.kustomize) || !has(s.kustomize.images) || (s.kustomize.images.size() == 1 && s.kustomize.images.all(i, ${isImage}))`,
    ),
    message:
      "Kustomize gets the image of the pin, by its own name: one entry, which is repository:tag or repository@sha256:<digest>",
  },
  inline: {
    expression: everyHelm(inlineOptions.map((option) => `!has(s.helm.${option})`).join(" && ")),
    message: "values belong into files of the tree: values, valuesObject and fileParameters are not allowed",
  },
  parameters: {
    expression: everyHelm(
      `!has(s.helm.parameters) || s.helm.parameters.all(p, ${isBootstrap} ? (${isOfBootstrap}) : (${isFact}))`,
    ),
    message: `a Helm parameter gives a chart a fact of this cluster (${factNames.join(", ")}): its name is keys with dots between them, its value is that fact, and forceString is true`,
    subject: `variables.sources.filter(s, has(s.helm) && has(s.helm.parameters)).map(s, s.helm.parameters.filter(p, !(${isBootstrap} ? (${isOfBootstrap}) : (${isFact})))).filter(found, found.size() > 0).map(found, (has(found[0].name) ? found[0].name : '') + '=' + (has(found[0].value) ? found[0].value : ''))[0]`,
  },
  helm: {
    expression: everyHelm(`s.helm.all(option, ${isHelmOption})`),
    message: `of Helm's options an Application may have ${helmOptions.join(", ")}`,
    subject: `variables.sources.filter(s, has(s.helm)).map(s, s.helm.filter(option, !(${isHelmOption}))).filter(found, found.size() > 0)[0][0]`,
  },
  files: {
    expression: everyHelm(`!has(s.helm.valueFiles) || s.helm.valueFiles.all(f, ${plainFile} in variables.files)`),
    message: "a value file is not one of this component's in this cluster",
    subject: `variables.sources.filter(s, has(s.helm) && has(s.helm.valueFiles)).map(s, s.helm.valueFiles.filter(f, !(${plainFile} in variables.files))).filter(files, files.size() > 0)[0][0]`,
  },
  team: {
    expression: `${isBootstrap} || ((${inPlatform}) == ${namesFileOf("addons")} && (${inPlatform}) != ${namesFileOf("apps")})`,
    message: `the project ${platformProject} is for add-ons, with value files of gitops/addons; an app has the project of its team, and value files of gitops/apps`,
  },
} satisfies Record<string, Rule>;
