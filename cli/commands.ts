import { createRequire } from "node:module";
import type { Commands } from "./command";

/** `require`, since `import()` of TypeScript would need a second loader, which costs half a second at every start. */
const load = createRequire(__filename);

/** Every verb, in the order of the help. A module is loaded only when its verb or the list of all verbs is asked for. */
export const commands: Commands = {
  up: () => (load("./verbs/up") as typeof import("./verbs/up")).up,
  preview: () => (load("./verbs/preview") as typeof import("./verbs/preview")).preview,
  destroy: () => (load("./verbs/destroy") as typeof import("./verbs/destroy")).destroy,
  status: () => (load("./verbs/status") as typeof import("./verbs/status")).status,
  plan: () => (load("./verbs/plan") as typeof import("./verbs/plan")).plan,
  check: () => (load("./verbs/check") as typeof import("./verbs/check")).check,
  explain: () => (load("./verbs/explain") as typeof import("./verbs/explain")).explain,
  render: () => (load("./verbs/render") as typeof import("./verbs/render")).render,
  compare: () => (load("./verbs/compare") as typeof import("./verbs/compare")).compare,
  promote: () => (load("./verbs/promote") as typeof import("./verbs/promote")).promote,
  pins: () => (load("./verbs/pins") as typeof import("./verbs/pins")).pins,
  new: () => (load("./verbs/new") as typeof import("./verbs/new")).new,
  exceptions: () => (load("./verbs/exceptions") as typeof import("./verbs/exceptions")).exceptions,
  completion: () => (load("./verbs/completion") as typeof import("./verbs/completion")).completion,
};
