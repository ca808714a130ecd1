/** @jsxRuntime automatic @jsxImportSource preact */
import { renderToString } from "preact-render-to-string";
import type { Plan } from "../../types";
import { PlanView } from "./plan-view";

/** The plan as HTML. */
export function planBody(plan: Plan): string {
  return renderToString(<PlanView plan={plan} />);
}
