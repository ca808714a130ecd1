import type { Region } from "../../../../model/region";
import { isMapping } from "../../../../model/mapping";
import { containerImages, withRegistry } from "../../../tree/kubernetes/images";
import { nameClusters, originOf, type Manifest, type Rendered } from "../evaluation";
import type { Rule } from "../rule";

/** One place outside that a manifest names. */
interface Place {
  /** how a message says it, with the value */
  text: string;
  allowed: readonly string[];
  fits: (allowed: string) => boolean;
}

export const residency: Rule = {
  id: "residency",
  needs: "manifests",
  async check({ tree, evaluated }, report) {
    const regions = [...tree.regions.values()].filter(({ residency: places }) => places !== undefined);
    if (regions.length === 0) return;
    for (const one of (await evaluated.manifests()).rendered) {
      for (const region of regions) {
        const clusters = one.clusters.filter((name) => tree.clusters.get(name)?.region === region.name);
        if (clusters.length > 0)
          for (const [at, message, fix] of faults(one, clusters, region)) report.finding(at, message, fix);
      }
    }
  },
};

/** Each place once, with the first manifest that names it. */
function* faults(one: Rendered, clusters: readonly string[], region: Region) {
  const seen = new Set<string>();
  for (const manifest of one.manifests) {
    for (const { text, allowed, fits } of placesOf(manifest, region)) {
      if (allowed.some(fits) || seen.has(text)) continue;
      seen.add(text);
      const { kind, name } = manifest;
      const message = `${kind} ${name} of ${one.application} in ${nameClusters(clusters)} ${text}, which is not in the region ${region.name}`;
      const fix = `use ${allowed.join(" or ")}, or add the place to residency in gitops/regions/${region.name}.yaml`;
      yield [originOf(one.expanded), message, fix] as const;
    }
  }
}

function* placesOf({ kind, object }: Manifest, { residency: places = {} }: Region): Generator<Place> {
  const { registries, endpoints } = places;
  if (registries) {
    for (const image of new Set(containerImages(object))) {
      const full = withRegistry(image);
      const fits = (registry: string) => full.startsWith(`${registry}/`);
      yield { text: `gets the image ${image}`, allowed: registries, fits };
    }
  }
  if (!endpoints || describes(kind, object.apiVersion)) return;
  const content = Object.entries(object).filter(([key]) => key !== "metadata");
  for (const host of new Set(hostsIn(content))) {
    const fits = (domain: string) => host === domain || host.endsWith(`.${domain}`);
    yield { text: `names the address ${host}`, allowed: endpoints, fits };
  }
}

/** Kinds whose addresses get no data: in definitions they are documentation, in Argo CD's kinds repositories. */
function describes(kind: string, apiVersion: string): boolean {
  return kind === "CustomResourceDefinition" || apiVersion.startsWith("argoproj.io/");
}

/** Host of each address in a text, without user, port and path. */
const address = /\b[a-z][a-z0-9+.-]*:\/\/(?:[^\s"'/?#@]*@)?(\[[0-9a-f:.]+\]|[a-z0-9.-]+)/gi;

/** Hosts outside the cluster that any text of an object names. */
function hostsIn(value: unknown): string[] {
  if (typeof value === "string") {
    return [...value.matchAll(address)].map(([, host = ""]) => host.toLowerCase().replace(/\.$/, "")).filter(isOutside);
  }
  if (Array.isArray(value)) return value.flatMap(hostsIn);
  return isMapping(value) ? Object.values(value).flatMap(hostsIn) : [];
}

/** A name of the cluster has one label or ends in .svc or .local; private and loopback addresses are inside too. */
function isOutside(host: string): boolean {
  if (/^\[?(::1|f[cd][0-9a-f:.]*)\]?$/.test(host)) return false;
  if (/^(127|10)\.|^192\.168\.|^172\.(1[6-9]|2\d|3[01])\.|^169\.254\.|^0\.0\.0\.0$/.test(host)) return false;
  return host.includes(":") || (host.includes(".") && !/\.(svc|local|localhost|internal)$/.test(host));
}
