import type { Attempt } from "../attempt";
import type { Part } from "../request";

type Open = NonNullable<Attempt["open"]>;

/** What is missing, in which parts of which rows. A part that holds although it is named here fails. */
const missing: [reason: string, parts: Part[], ids: string][] = [];

/** By id. */
export const open: Readonly<Record<string, Open>> = Object.fromEntries(
  missing
    .flatMap(([reason, parts, ids]) =>
      ids.split(" ").map((id): [string, Open] => [id, Object.fromEntries(parts.map((part) => [part, reason]))]),
    )
    // A row may be named more than once.
    .reduce((all, [id, parts]) => all.set(id, { ...all.get(id), ...parts }), new Map<string, Open>()),
);
