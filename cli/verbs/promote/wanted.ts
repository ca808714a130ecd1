import { nearestName } from "../../../model/names";
import { usageError } from "../../terminal/fail";

/** The error for a command line that names too much or too little. */
export function wantedOf(
  component: string | undefined,
  all: boolean,
  to: string | undefined,
): { component?: string | undefined; to: string } {
  if (component !== undefined && all) throw usageError(`give ${component} or --all, not both`);
  if (component === undefined && !all) {
    throw usageError("name a component, or all of them with --all; `onebranch pins` shows what there is to promote");
  }
  if (component !== undefined && to === undefined && nearestName(component, ["status"]) !== undefined) {
    throw usageError(`say which stage to promote ${component} to with --to STAGE; or did you mean promote status?`);
  }
  if (to === undefined) throw usageError("say which stage to promote to with --to STAGE");
  return { component, to };
}
