import { containerImages } from "../../../tree/kubernetes/images";
import { nameClusters, originOf, type Rendered } from "../evaluation";
import type { At } from "../at";
import type { CheckInput } from "../input";
import type { Rule } from "../rule";

/** What an Application runs by tags in one stage. */
interface Tagged {
  at: At;
  application: string;
  clusters: Set<string>;
  images: Set<string>;
}

export const imageWithoutDigest: Rule = {
  id: "image-without-digest",
  needs: "manifests",
  async check({ tree, evaluated }, report) {
    const stages = [...tree.stages.values()].filter(({ imageDigests }) => imageDigests !== undefined);
    if (stages.length === 0) return;
    const { rendered } = await evaluated.manifests();
    for (const { name, imageDigests } of stages) {
      const severity = imageDigests === "deny" ? "error" : "warning";
      for (const { at, application, clusters, images } of taggedIn(name, tree, rendered)) {
        const list = [...images].sort().join(", ");
        const message = `${application} in ${nameClusters([...clusters])} runs ${list} without a digest, and ${name} wants digests`;
        const fix = `run \`onebranch pins --resolve ${application} --stage ${name}\`, or set the digest in the values of the chart`;
        report.finding(at, message, fix, severity);
      }
    }
  },
};

/** One entry for an Application, however many different renders it has. */
function taggedIn(stage: string, tree: CheckInput["tree"], rendered: readonly Rendered[]): Iterable<Tagged> {
  const found = new Map<string, Tagged>();
  for (const { application, clusters, expanded, manifests } of rendered) {
    const here = clusters.filter((cluster) => tree.clusters.get(cluster)?.stage === stage);
    const images = manifests
      .flatMap(({ object }) => containerImages(object))
      .filter((image) => !image.includes("@sha256:"));
    if (here.length === 0 || images.length === 0) continue;
    const known = found.get(application) ?? {
      ...{ at: originOf(expanded), application },
      ...{ clusters: new Set<string>(), images: new Set<string>() },
    };
    for (const cluster of here) known.clusters.add(cluster);
    for (const image of images) known.images.add(image);
    found.set(application, known);
  }
  return found.values();
}
