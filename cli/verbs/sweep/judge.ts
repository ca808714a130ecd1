import { distanceTo, parseMoment, type Lifetime } from "../../../model/lifetime";

/** A stack that was found. */
export interface Found {
  stack: string;
  /** Undefined: it is not ephemeral. */
  lifetime: Lifetime | undefined;
  /** Whether gitops/clusters has a cluster of its name. */
  inTree: boolean;
}

/** What is to become of a stack, and why. */
export interface Judgement {
  stack: string;
  isOver: boolean;
  reason: string;
  expires?: string;
}

/** Only a stack that is ephemeral, says when its time runs out, and has no cluster in the tree, can be over. */
export function judge({ stack, lifetime, inTree }: Found, now: Date): Judgement {
  const expires = lifetime?.expires;
  const moment = expires === undefined ? undefined : parseMoment(expires);
  const facts = { stack, ...(expires !== undefined && { expires }) };
  const kept = (reason: string) => ({ ...facts, isOver: false, reason });
  if (inTree) return kept(`gitops/clusters/${stack} is a cluster that stays`);
  if (lifetime === undefined) return kept("it is not ephemeral");
  if (expires === undefined) return kept(`it has no end; give it one: onebranch up ${stack} --ttl 4h`);
  if (moment === undefined)
    return kept(`its end "${expires}" is not a moment; give it another: onebranch up ${stack} --ttl 4h`);
  if (moment > now) return kept(`its time runs out ${distanceTo(moment, now)} (${expires})`);
  return { ...facts, isOver: true, reason: `its time ran out ${distanceTo(moment, now)} (${expires})` };
}
