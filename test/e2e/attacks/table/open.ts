import type { Attempt } from "../attempt";
import type { Part } from "../request";

type Open = NonNullable<Attempt["open"]>;

/** What is missing, in which parts of which rows. A part that holds although it is named here fails. */
const missing: [reason: string, parts: Part[], ids: string][] = [
  ["the policy does not look at repository, revision and path", ["check", "plan"], "8 8a 8b 8c"],
  ["the policy does not look at the path", ["check"], "9g"],
  ["production does not require its files", ["check", "plan"], "92a"],
  ["no rule counts lost objects", ["check", "plan"], "93"],
  ["no danger names a lost workload", ["plan"], "95"],
  ["no rule reports a stage that is gone", ["check"], "96"],
  [
    "the policy does not look at repository, revision and path",
    ["cluster"],
    "5 5a 8 8a 8b 8c 9g 42 42a 43 43a 43b 43c 44 44a 44b 44c",
  ],
  ["the policy lets other tools and options through", ["cluster"], "45 45a 45b 45c 45d 45e 45f 45g 45h"],
  ["the policy lets other options of Helm through", ["cluster"], "46 46a 46b 46c 46d 46e 46f"],
  ["the policy lets such operations through", ["cluster"], "47 47a 47b"],
  ["an Application that is being deleted is not judged", ["cluster"], "48 48a"],
];

/** By id. */
export const open: Readonly<Record<string, Open>> = Object.fromEntries(
  missing
    .flatMap(([reason, parts, ids]) =>
      ids.split(" ").map((id): [string, Open] => [id, Object.fromEntries(parts.map((part) => [part, reason]))]),
    )
    // A row may be named more than once.
    .reduce((all, [id, parts]) => all.set(id, { ...all.get(id), ...parts }), new Map<string, Open>()),
);
