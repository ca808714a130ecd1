import { containerImages } from "../../../tree/kubernetes/images";
import { originOf } from "../evaluation";
import type { CheckInput } from "../input";
import { isMissing } from "../missing";
import type { Report, Rule } from "../rule";
import { isMapping } from "../../../../model/mapping";
import { whyMutable } from "../values/image-tag";
import { formatPath, lineAt, type Step } from "../../../tree/values/yaml";

export const mutableImage: Rule = {
  id: "mutable-image",
  also: "manifests",
  async check(input, report) {
    const stage = input.production?.name;
    if (stage === undefined) return;
    const layers = new Set<string>();
    for (const { cluster, pin, pinPath, layers: files } of input.deployments) {
      if (cluster.stage !== stage) continue;
      const defaults = `gitops/charts/${pin.chart}/${pin.version}/values.yaml`;
      if (pin.chart !== undefined && pin.repo === undefined && input.files.has(defaults)) layers.add(defaults);
      for (const path of [pinPath, ...files]) layers.add(path);
    }
    const told = [...layers].flatMap((path) => scan(input, path, stage, report));
    if (isMissing(input.evaluation)) return;
    for (const one of (await input.evaluation.manifests()).rendered) {
      if (!one.clusters.some((name) => input.tree.clusters.get(name)?.stage === stage)) continue;
      for (const { kind, name, object } of one.manifests) {
        for (const image of new Set(containerImages(object))) {
          const fault = faultOf(reference([], image));
          // An image that the values set is reported there.
          if (fault === undefined || told.some((found) => image === found || image.endsWith(`:${found}`))) continue;
          const message = `the image of ${kind} ${name} of ${one.application} ${fault} in ${stage}`;
          report.finding(originOf(one.expanded), message, "name a full version or a digest");
        }
      }
    }
  },
};

function scan({ files, inventory }: CheckInput, path: string, stage: string, report: Report): string[] {
  const found: string[] = [];
  for (const image of imagesOf(inventory.valuesOf(path) ?? {})) {
    const fault = faultOf(image);
    if (fault === undefined) continue;
    const line = lineAt(files.yaml(path), image.path) ?? 1;
    report.finding(
      { file: path, line },
      `${formatPath(image.path)} ${fault} in ${stage}`,
      "name a full version or a digest",
    );
    found.push(image.reference ?? image.tag!);
  }
  return found;
}

interface ImageValue {
  path: Step[];
  tag: string | undefined;
  /** The whole reference when the value is one; undefined for a tag alone. */
  reference?: string;
}

function* imagesOf(value: unknown, path: Step[] = []): Generator<ImageValue> {
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) yield* imagesOf(item, [...path, index]);
  } else if (isMapping(value)) {
    const around = String(path.at(-1) ?? "");
    for (const [key, item] of Object.entries(value)) {
      const at = [...path, key];
      const isTag = key === "tag" && (/image$/i.test(around) || "repository" in value);
      // Without quotes, 1.25 is a number.
      const tag = typeof item === "number" ? String(item) : item;
      if (isTag && typeof tag === "string" && tag !== "" && !value.digest) yield { path: at, tag };
      else if (/^image$/i.test(key) && typeof item === "string" && item !== "") yield reference(at, item);
      else yield* imagesOf(item, at);
    }
  }
}

function reference(path: Step[], text: string): ImageValue {
  return { path, tag: /:([^/:@]+)$/.exec(text)?.[1], reference: text };
}

function faultOf({ tag, reference: text }: ImageValue): string | undefined {
  // A digest is the image itself, whatever its tag.
  if (text?.includes("@sha256:")) return undefined;
  if (tag === undefined) return `is "${text}", without a tag,`;
  const why = whyMutable(tag);
  return why && `is "${text ?? tag}", ${why},`;
}
