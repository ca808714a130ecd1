import { pinFault } from "../../../../model/pin";
import { someOf } from "../../../terminal/table";
import { nameClusters, originOf } from "../evaluation";
import type { Rule } from "../rule";
import { setAt } from "../source/sets";
import type { At } from "../at";

export const refusedApplication: Rule = {
  id: "refused-application",
  needs: "applications",
  async check(input, report) {
    const told = new Map<string, Refused>();
    for (const application of (await input.evaluated.applications()).applications) {
      const { name, cluster, set, invalid: reason } = application;
      if (reason === undefined) continue;
      const fault = pinFault(reason)?.fault;
      // The other faults have rules of their own, which name the line.
      if (fault !== undefined && !fault.startsWith("team ")) continue;
      // What admission refuses mostly comes from the set, for all its Applications alike; other faults mostly come from one pin.
      const isOfSet = reason.startsWith("admission refuses");
      const at = isOfSet && set !== "" ? setAt(input.files, set) : originOf(application);
      const key = [isOfSet ? reason.replaceAll(`/${name}`, "/NAME") : `${name}: ${reason}`, at.file].join("\n");
      const found = told.get(key) ?? { names: new Set(), clusters: new Set(), reason: fault ?? reason, at };
      told.set(key, found);
      found.names.add(name);
      found.clusters.add(cluster);
    }
    for (const { names, clusters, reason, at } of told.values()) {
      const message = `${someOf([...names].sort())} cannot be written in ${nameClusters([...clusters])}: ${reason}`;
      report.finding(at, message, "mend the pin, or the set that reads it");
    }
  },
};

interface Refused {
  names: Set<string>;
  clusters: Set<string>;
  reason: string;
  at: At;
}
