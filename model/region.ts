import { domain, label, list, mapping, required, type Fields } from "./fields";

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
}

export type RegionFile = Omit<Region, "name">;

/** The keys of a region file. */
export const regionFields: Fields<RegionFile> = {
  compliance: required(list(label), "Rules that every cluster of the region must follow."),
  dnsZone: required(domain, "DNS zone of the region's names."),
  cloudRegion: required(label, "What the cloud calls the region."),
};

export const regionShape = mapping<RegionFile>(regionFields, {
  refused: { name: "remove it: the file's name is the region's" },
});
