import { domain, label, list, mapping, optional, required, text, type Fields } from "./fields";

/** One region, from gitops/regions/<region>.yaml. */
export interface Region {
  /** The file's name. */
  name: string;
  /** Rules that every cluster of the region must follow. */
  compliance: string[];
  /** DNS zone of the region's names. */
  dnsZone: string;
  /** What the cloud calls the region. */
  cloudRegion: string;
  /** Where images and what is sent may be; absent: anywhere. */
  residency?: Residency;
}

/** Where what runs in a region may get its images from, and send to. What is absent is not judged. */
export interface Residency {
  /** Registries, or parts of them, such as `registry.eu.example.com/mirror`. */
  registries?: string[];
  /** Domains: they and every name below them. */
  endpoints?: string[];
}

export type RegionFile = Omit<Region, "name">;

export const registry = text("a registry such as registry.eu.example.com/mirror", (value) =>
  /^[a-z0-9.-]+(:\d+)?(\/[a-z0-9._-]+)*$/.test(value)
    ? undefined
    : "write the host and, if you like, a path: lowercase, without scheme, tag and slash at the end",
);

const residencyFields: Fields<Residency> = {
  registries: optional(list(registry, { min: 1 }), "Registries, or parts of them, that images may come from."),
  endpoints: optional(
    list(domain, { min: 1 }),
    "Domains that what runs there may be told to send to, such as those of logs and metrics: they and every name below them.",
  ),
};

/** The keys of a region file. */
const regionFields: Fields<RegionFile> = {
  compliance: required(list(label), "Rules that every cluster of the region must follow."),
  dnsZone: required(domain, "DNS zone of the region's names."),
  cloudRegion: required(label, "What the cloud calls the region."),
  residency: optional(
    mapping<Residency>(residencyFields),
    "Where what runs there may get its images from, and send to; absent: anywhere.",
  ),
};

export const regionShape = mapping<RegionFile>(regionFields, {
  refused: { name: "remove it: the file's name is the region's" },
});
