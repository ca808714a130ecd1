import type { Commands } from "./command";

/** Every verb, in the order of the help. A module is loaded only when its verb or the list of all verbs is asked for. */
export const commands: Commands = {
  up: () => (require("./verbs/up/command") as typeof import("./verbs/up/command")).up,
  preview: () => (require("./verbs/preview/command") as typeof import("./verbs/preview/command")).preview,
  destroy: () => (require("./verbs/destroy/command") as typeof import("./verbs/destroy/command")).destroy,
  status: () => (require("./verbs/status/command") as typeof import("./verbs/status/command")).status,
  drift: () => (require("./verbs/drift/command") as typeof import("./verbs/drift/command")).drift,
  ui: () => (require("./verbs/ui/command") as typeof import("./verbs/ui/command")).ui,
  open: () => (require("./verbs/open/command") as typeof import("./verbs/open/command")).open,
  kubeconfig: () => (require("./verbs/kubeconfig/command") as typeof import("./verbs/kubeconfig/command")).kubeconfig,
  sweep: () => (require("./verbs/sweep/command") as typeof import("./verbs/sweep/command")).sweep,
  plan: () => (require("./verbs/plan/command") as typeof import("./verbs/plan/command")).plan,
  check: () => (require("./verbs/check/command") as typeof import("./verbs/check/command")).check,
  explain: () => (require("./verbs/explain/command") as typeof import("./verbs/explain/command")).explain,
  render: () => (require("./verbs/render/command") as typeof import("./verbs/render/command")).render,
  compare: () => (require("./verbs/compare/command") as typeof import("./verbs/compare/command")).compare,
  promote: () => (require("./verbs/promote/command") as typeof import("./verbs/promote/command")).promote,
  rollout: () => (require("./verbs/rollout/command") as typeof import("./verbs/rollout/command")).rollout,
  rollback: () => (require("./verbs/rollback/command") as typeof import("./verbs/rollback/command")).rollback,
  pins: () => (require("./verbs/pins/command") as typeof import("./verbs/pins/command")).pins,
  new: () => (require("./verbs/new/command") as typeof import("./verbs/new/command")).new,
  owners: () => (require("./verbs/owners/command") as typeof import("./verbs/owners/command")).owners,
  exceptions: () => (require("./verbs/exceptions/command") as typeof import("./verbs/exceptions/command")).exceptions,
  completion: () => (require("./verbs/completion/command") as typeof import("./verbs/completion/command")).completion,
};
