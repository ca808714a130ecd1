import { createRequire } from "node:module";
import type { Commands } from "./command";

/** `require`, since `import()` of TypeScript would need a second loader, which costs half a second at every start. */
const load = createRequire(__filename);

/** Every verb, in the order of the help. A module is loaded only when its verb or the list of all verbs is asked for. */
export const commands: Commands = {
  up: () => (load("./verbs/up/command") as typeof import("./verbs/up/command")).up,
  preview: () => (load("./verbs/preview/command") as typeof import("./verbs/preview/command")).preview,
  destroy: () => (load("./verbs/destroy/command") as typeof import("./verbs/destroy/command")).destroy,
  status: () => (load("./verbs/status/command") as typeof import("./verbs/status/command")).status,
  plan: () => (load("./verbs/plan/command") as typeof import("./verbs/plan/command")).plan,
  check: () => (load("./verbs/check/command") as typeof import("./verbs/check/command")).check,
  explain: () => (load("./verbs/explain/command") as typeof import("./verbs/explain/command")).explain,
  render: () => (load("./verbs/render/command") as typeof import("./verbs/render/command")).render,
  compare: () => (load("./verbs/compare/command") as typeof import("./verbs/compare/command")).compare,
  promote: () => (load("./verbs/promote/command") as typeof import("./verbs/promote/command")).promote,
  pins: () => (load("./verbs/pins/command") as typeof import("./verbs/pins/command")).pins,
  new: () => (load("./verbs/new/command") as typeof import("./verbs/new/command")).new,
  exceptions: () => (load("./verbs/exceptions/command") as typeof import("./verbs/exceptions/command")).exceptions,
  completion: () => (load("./verbs/completion/command") as typeof import("./verbs/completion/command")).completion,
};
