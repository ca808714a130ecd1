import { createHash } from "node:crypto";
import type { ApplicationChange } from "../../tree/renderer";
import { comparedFields, withoutDigests } from "../../tree/changes/same-change";
import { fieldLines } from "./text-diff";
import type { PlanField, PlanResource } from "./types";

/** One change as the renderer tells it apart, with what a plan shows of it. */
export interface Variant {
  change: ApplicationChange;
  /** Why its AppProject refuses it; none when it does not. */
  refused: string[];
  resources: PlanResource[];
  application: PlanField[];
}

/** Variants that are one change to a person; the first one, which has the most clusters, is shown. */
export interface ChangeGroup {
  variants: readonly [Variant, ...Variant[]];
  /** Every resource of any variant, as its index in each of them; undefined where a variant does not have it. */
  resources: readonly (number | undefined)[][];
}

/**
 * Puts variants together that are the same change to a person:
 * - what an AppProject refuses is a change of its own;
 * - an Application that is added or removed is one change, whatever it consists of in each cluster;
 * - changed values may differ by digests, by text around the changed lines, and by what the clusters themselves are
 *   called (name, domain, region, stage);
 * - resources that are added or removed may differ in everything except their names.
 * @param ownWords what a cluster is called, by name
 */
export function groupVariants(variants: readonly Variant[], ownWords: (cluster: string) => OwnWords): ChangeGroup[] {
  const alone = new Map<string, number>();
  const about = ({ change: { application, change }, refused }: Variant) =>
    JSON.stringify([change, application, refused]);
  for (const variant of variants) alone.set(about(variant), (alone.get(about(variant)) ?? 0) + 1);
  const groups = new Map<string, [Variant, ...Variant[]]>();
  for (const variant of variants) {
    const whole = alone.get(about(variant)) === 1 || variant.change.change !== "change";
    const print = whole ? "" : fingerprint(variant, ownWords(variant.change.clusters[0]!));
    const key = `${about(variant)} ${print}`;
    const group = groups.get(key);
    if (group) group.push(variant);
    else groups.set(key, [variant]);
  }
  return [...groups.values()].map((group) => {
    group.sort((a, b) => b.change.clusters.length - a.change.clusters.length);
    return { variants: group, resources: aligned(group, ownWords) };
  });
}

/** Which resources of the variants are the same resource. */
function aligned(variants: readonly Variant[], ownWords: (cluster: string) => OwnWords): (number | undefined)[][] {
  if (variants.length === 1) return variants[0]!.resources.map((_, index) => [index]);
  const places = new Map<string, (number | undefined)[]>();
  variants.forEach(({ change, resources }, variant) => {
    const plain = replacer(ownWords(change.clusters[0]!));
    const names = new Map<string, number>();
    resources.forEach(({ apiVersion, kind, namespace = "", name }, index) => {
      const key = JSON.stringify([apiVersion, kind, plain(namespace), plain(name)]);
      const before = names.get(key) ?? 0;
      names.set(key, before + 1);
      const place = places.get(`${key} ${before}`) ?? variants.map(() => undefined);
      place[variant] = index;
      places.set(`${key} ${before}`, place);
    });
  });
  return [...places.values()];
}

/** Words that name a cluster or its place, by what they mean. */
export type OwnWords = Readonly<Record<string, string>>;

function fingerprint({ change, resources, application }: Variant, words: OwnWords): string {
  const plain = replacer(words);
  const field = (change: PlanField) => [
    plain(change.path),
    fieldLines(change).map(({ sign, text }) => sign + plain(text)),
  ];
  const text = JSON.stringify([
    change.application,
    change.change,
    comparedFields(application).map(field),
    resources.map(({ apiVersion, kind, namespace = "", name, change, fields = [] }) => [
      apiVersion,
      kind,
      plain(namespace),
      plain(name),
      change,
      fields.map(field),
    ]),
  ]);
  return createHash("sha256").update(withoutDigests(text)).digest("hex");
}

const replacers = new WeakMap<OwnWords, (text: string) => string>();

/** Replaces each whole word by its meaning, the longest words first. */
function replacer(words: OwnWords): (text: string) => string {
  const known = replacers.get(words);
  if (known) return known;
  const meanings = new Map(Object.entries(words).map(([meaning, word]) => [word, `<${meaning}>`]));
  const longest = [...meanings.keys()].filter((word) => word.length > 1).sort((a, b) => b.length - a.length);
  const escaped = longest.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  const pattern = new RegExp(`(?<![\\p{L}\\p{N}])(?:${escaped.join("|")})(?![\\p{L}\\p{N}])`, "gu");
  const replace = (text: string) =>
    longest.length === 0 ? text : text.replace(pattern, (word) => meanings.get(word) ?? word);
  replacers.set(words, replace);
  return replace;
}
