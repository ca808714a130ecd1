import type { Plan } from "../types";
export function planHtml(plan: Plan): string {
  return JSON.stringify(plan);
}
