import { containerImages } from "../../../tree/kubernetes/images";
import type { ExpandedApplication } from "../../../tree/renderer";
import { platformProject } from "../../../../model/root";
import { nameClusters, originOf, type Rendered } from "../evaluation";
import type { At } from "../at";
import type { Rule } from "../rule";

/** What an Application runs by tags in one stage. */
interface Tagged {
  isAddon: boolean;
  at: At;
  application: string;
  clusters: Set<string>;
  images: Set<string>;
}

export const imageWithoutDigest: Rule = {
  id: "image-without-digest",
  needs: "manifests",
  async check({ tree, evaluated }, report) {
    const stages = [...tree.stages.values()].filter((stage) => stage.imageDigests ?? stage.addonImageDigests);
    if (stages.length === 0) return;
    const [{ applications }, { rendered }] = [await evaluated.applications(), await evaluated.manifests()];
    const inStage = (stage: string) => (cluster: string) => tree.clusters.get(cluster)?.stage === stage;
    for (const { name, imageDigests, addonImageDigests } of stages) {
      for (const { isAddon, at, application, clusters, images } of taggedIn(inStage(name), applications, rendered)) {
        const wanted = isAddon ? addonImageDigests : imageDigests;
        if (wanted === undefined) continue;
        const severity = wanted === "deny" ? "error" : "warning";
        const list = [...images].sort().join(", ");
        const message = `${application} in ${nameClusters([...clusters])} runs ${list} without a digest, and ${name} wants digests`;
        const fix = `run \`onebranch pins --resolve ${application} --stage ${name}\`, or set the digest in the values of the chart`;
        report.finding(at, message, fix, severity);
      }
    }
  },
};

/** One entry for an Application, however many different renders it has. */
function taggedIn(
  inStage: (cluster: string) => boolean,
  applications: readonly ExpandedApplication[],
  rendered: readonly Rendered[],
): Iterable<Tagged> {
  const found = new Map<string, Tagged>();
  for (const { application, clusters, expanded, manifests } of rendered) {
    const here = clusters.filter(inStage);
    const images = manifests
      .flatMap(({ object }) => containerImages(object))
      .filter((image) => !image.includes("@sha256:"));
    if (here.length === 0 || images.length === 0) continue;
    // The same manifests may come from pins of several stages.
    const own = applications.find(({ name, cluster }) => name === application && cluster === here[0]) ?? expanded;
    const known = found.get(application) ?? {
      ...{ isAddon: own.application.spec.project === platformProject, at: originOf(own), application },
      ...{ clusters: new Set<string>(), images: new Set<string>() },
    };
    for (const cluster of here) known.clusters.add(cluster);
    for (const image of images) known.images.add(image);
    found.set(application, known);
  }
  return found.values();
}
