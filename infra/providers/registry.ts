/** The room of each provider: one line each. */
export { eks } from "./eks";
export { embedded } from "./embedded";
export { existing } from "./existing";
export { kind } from "./kind";
