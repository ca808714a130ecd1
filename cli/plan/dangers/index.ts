import { compareText } from "../../../model/findings";
import type { Danger } from "../types";
import { applicationDangers } from "./application";
import { rank } from "./catalog";
import { immutableDangers } from "./immutable";
import { rbacDangers } from "./rbac";
import { removalDangers } from "./removal";
import { storageDangers } from "./storage";
import type { Subject } from "./subject";

/** Everything dangerous about one change, the worst first. */
export function dangersOf(subject: Subject): Danger[] {
  return [removalDangers, storageDangers, immutableDangers, rbacDangers, applicationDangers]
    .flatMap((rule) => rule(subject))
    .sort((a, b) => rank(a.id) - rank(b.id) || compareText(a.message, b.message));
}
