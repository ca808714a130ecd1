import type { RuleText } from "./text";

/** What is wrong with charts and values. */
export const chartRules = {
  "chart-metadata": {
    title: "A chart has no Chart.yaml, or one that names another chart or version than its directory.",
    why: "Pins find a chart by its directory; labels and people see the name and version of Chart.yaml.",
    fix: "Write the name and version of the directory into Chart.yaml.",
    severity: "error",
  },
  "local-dependency": {
    title: "A chart has a file:// dependency that is neither in the chart nor a version of another chart of the tree.",
    why: "Argo CD packs that directory into the chart: the values of another stage could be rendered, and no list of value files names them.",
    fix: "Name a directory gitops/charts/<chart>/<version>, a directory below the chart, or a chart repository.",
    severity: "error",
  },
  "values-in-chart": {
    title: "A file of a chart has values of one stage, region or cluster.",
    why: "A chart is the same everywhere. With .Files.Get, or with a value that names the place, a template can use the values of production in dev, and no layer shows it.",
    fix: "Put the values into the layer of that place. The rule finds files and directories named after a place (prod.yaml, values-prod.yaml), YAML and JSON with a mapping below the name of a place (one at the top, or several side by side anywhere), and files with the same two or more values as a layer. It does not see parts of a layer that are copied, values that are renamed, encoded, packed (.tgz), in text files or written into templates, nor conditions of templates on the name of a place.",
    severity: "error",
  },
  "kustomize-reach": {
    title:
      "A kustomization names something outside of its own base or overlay, or has a field that brings in more than files.",
    why: "Kustomize would read the overlay of another stage, fetch from another machine, run a chart or a program. In a cluster nothing of that is there, and the component stays as it was.",
    fix: "Name files and directories below the directory of the base's version or of the overlay. Overlays are laid over the base without being named.",
    severity: "error",
  },
  "kustomize-order": {
    title: "A base has more than resources in its first kustomization, or an overlay is not a Component.",
    why: "Kustomize does what stands beside `resources` after the overlays: a stage could not change it. Only a Component can be laid over something.",
    fix: "Move all but resources one directory down, and name that directory. Give an overlay kind: Component.",
    severity: "error",
  },
  "unnamed-manifest": {
    title: "No kustomization names a file of a base or an overlay.",
    why: "Kustomize reads no file that is not named: an object or a patch is silently left out.",
    fix: "Name the file, or remove it.",
    severity: "error",
  },
  "changed-chart": {
    title: "A released version of a chart, or of the base of a component, has changed.",
    why: "Every stage that pins the version would change at once, production among them, without a promotion.",
    fix: "Restore the directory and make the change in a new version.",
    severity: "error",
  },
  "values-schema": {
    title: "The values of a component do not fit its chart's values.schema.json.",
    why: "Helm refuses to render them, so that the component stays as it was in every cluster that gets them.",
    fix: "Write the value as the schema says. The finding is at the line that sets the value last.",
    severity: "error",
  },
  "unknown-value": {
    title: "A value is set that nothing in a third-party chart reads.",
    why: "Helm takes any key, also a misspelt one: what it was meant to change stays as the chart has it, in every cluster, and nothing says so.",
    fix: "Write the key as the chart's values.yaml has it. The rule finds a key that is missing from a mapping of the chart's defaults in which there are others, where no template names the key or reads the mapping as a whole. It does not judge what is below a default that is empty, keys that begin with `extra`, and `global`. A key is right as long as one version of the chart that gets the file reads it.",
    severity: "error",
  },
  "mutable-image": {
    title:
      "An image that production runs has no tag, or a tag that moves: latest, a branch, an incomplete version such as 1.25.",
    why: "What runs changes whenever a pod restarts, without a commit, and a revert does not bring the old image back.",
    fix: "Name a full version such as 1.25.3, a build (a date, a commit) or, best, a digest.",
    severity: "error",
  },
  "secret-in-git": {
    title: "A password, token or key is in the tree in plain text, or in base64.",
    why: "Everyone who can read the repository has it, and its history keeps it after it is removed.",
    fix: "Put it into the stage's secret store, refer to it with an ExternalSecret, and replace the one that was published. The rule finds values with the name of a secret, also inside configuration files; values that look like one (private keys, tokens of well-known makers, JWTs, logins of registries, addresses with a password); and Secrets, environments and ConfigMaps that are rendered with one; of a third-party chart only with a value that the tree sets, not with a default of the chart. References such as ${NAME} and <path:...>, what is encrypted (SOPS, sealed Secrets), paths and empty values are not reported.",
    severity: "error",
  },
  "label-index": {
    title: "An ApplicationSet looks a label up with index, get or dig.",
    why: "There a missing label gives an empty string, and so an Application with half a path. .metadata.labels.x would fail instead.",
    fix: "Write .metadata.labels.<name>, which missingkey=error guards.",
    severity: "error",
  },
} satisfies Record<string, RuleText>;
