import { distanceTo, parseMoment, writtenMoment, type Lifetime } from "../../model/lifetime";
import type { Faults } from "./faults";
import type { SharedSetting } from "./shared";
import type { Values } from "./values";

/** The lifetime of a stack that takes another cluster's identity; `undefined` for any other stack. */
export function parseLifetime(
  stack: string,
  values: Values<SharedSetting>,
  faults: Faults,
  now: Date,
): Lifetime | undefined {
  const from = values.text("from");
  const set = values.text("expires");
  const expires = set === undefined ? undefined : writtenMoment(set);
  const fault = (message: string, fix: string) => faults.setting("expires", "setting-expires", { message, fix });
  if (expires === undefined) return from === undefined ? undefined : { from };
  const moment = parseMoment(expires);
  if (moment === undefined) {
    fault(
      `expires is "${expires}", which is not a moment with date, time and time zone`,
      "give it as 2026-12-01T18:00:00Z",
    );
  }
  if (from === undefined) {
    fault(
      "expires is set, but the stack takes no other cluster's identity, so it is one that stays",
      "name the cluster whose identity it takes (pulumi config set from <cluster>), or remove expires",
    );
    return undefined;
  }
  if (moment !== undefined && moment <= now) {
    fault(
      `the time of ${stack} ran out ${distanceTo(moment, now)} (${expires})`,
      `renew it: onebranch up ${stack} --ttl 4h, or pulumi config set expires <moment>; or remove it: onebranch destroy ${stack}`,
    );
  }
  return { from, expires };
}
