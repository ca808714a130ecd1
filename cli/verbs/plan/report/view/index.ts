/** What the page of the fleet shows of plans, as the page of a plan does. */
export { Diff, Field } from "./diff";
export { PlanView } from "./plan-view";
export { bringToLife } from "./script.js";
export { planTitle } from "../words";
