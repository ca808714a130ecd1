import { endOf, isOver, type Lifetime } from "../../../model/lifetime";

/** A stack that was found. */
export interface Found {
  stack: string;
  /** Undefined: it is not ephemeral. */
  lifetime: Lifetime | undefined;
  /** Whether gitops/clusters has a cluster of its name. */
  inTree: boolean;
  /** Whether its cluster lives on one machine, and this checkout has nothing of it. */
  elsewhere: boolean;
}

/** What is to become of a stack, and why. */
export interface Judgement {
  stack: string;
  isOver: boolean;
  reason: string;
  expires?: string;
}

/** Only a stack that is ephemeral, says when its time runs out, and has no cluster in the tree, can be over. */
export function judge({ stack, lifetime, inTree, elsewhere }: Found, now: Date): Judgement {
  const expires = lifetime?.expires;
  const facts = { stack, ...(expires !== undefined && { expires }) };
  const kept = (reason: string) => ({ ...facts, isOver: false, reason });
  const renew = `give it one: onebranch up ${stack} --ttl 4h`;
  if (inTree) return kept(`gitops/clusters/${stack} is a cluster that stays`);
  if (lifetime === undefined) return kept("it is not ephemeral");
  if (expires === undefined) return kept(`it has no end; ${renew}`);
  const end = endOf(lifetime, now);
  if (end === undefined) return kept(`its end "${expires}" is not a moment; ${renew}`);
  const reason = `its time ${end}`;
  // From here it would lose its state, and run on where it is.
  const there = `; it lives in another checkout, so sweep there, or \`onebranch destroy ${stack}\` when that is gone`;
  if (elsewhere && isOver(lifetime, now)) return kept(reason + there);
  return { ...facts, isOver: isOver(lifetime, now), reason };
}
