import { promoteLine } from "../../../tree/ring-steps";
import { allOf } from "../../../terminal/table";
import { roleOf } from "../../../tree/file-roles";
import type { CheckInput } from "../input";

const excuse = "or excuse it with a reason (# onebranch-ignore crosses-rings: ...)";

/** What to do instead of changing a file that several stages read. */
export function wayOut(path: string, stages: readonly string[], { tree, baseTree }: CheckInput): string {
  const file = roleOf(path);
  const [first, ...later] = stages.map((stage) =>
    tree.stages.get(stage)?.rings.length === 0 ? stage : `${stage}, ring by ring`,
  );
  const { role } = file;
  if (role === "component-values") {
    const directory = `gitops/${file.group}/${file.component}/stages`;
    const values = `${directory}/${stages[0]}/values.yaml`;
    if (baseTree.changed.has(`${directory}/${stages[0]}/pin.yaml`)) {
      return `what the new version needs goes into ${values} beside its pin, moves with it to ${allOf(later)}, and comes here when every stage has the version; ${excuse}`;
    }
    return `set it in ${values}, then in ${later.join(", then in ")}, and last here; ${excuse}`;
  }
  if (role === "chart" || role === "base") return "make the change in a new version, and pin it stage by stage";
  if (role === "bootstrap") {
    return `let its template ask for the stage (if eq .Values.stage "${stages[0]}") and take in ${allOf(later)} in later changes; new namespaces, AppProjects, and namespaces and repositories of a project may come everywhere at once; ${excuse}`;
  }
  if (role === "team") {
    return `new namespaces and groups may come everywhere at once; quotas have their stage (quotas.${stages[0]} first); connections are the same everywhere; ${excuse}`;
  }
  if (role === "region" || role === "region-values" || role === "region-overlay") {
    const where = role === "region-overlay" ? "overlay" : "values";
    return `set it in the ${where} of each stage (${first}, then ${later.join(", then ")}) and last here; ${excuse}`;
  }
  return `make the stages differ first and land it one stage at a time; ${excuse}`;
}

/** What to do where several rings of one stage are reached. */
export function wayOutInStage(path: string, stage: string, { tree }: CheckInput): string {
  const file = roleOf(path);
  const [first] = tree.stages.get(stage)!.rings;
  if (file.role === "bootstrap") {
    return `let its template ask for .Values.ring, begin with ${first} and take in the others in later changes; ${excuse}`;
  }
  if (!("component" in file) || !("group" in file)) {
    return `no file of a ring can do this: let each cluster take it by hand, one ring after another; ${excuse}`;
  }
  const promote = promoteLine(file.component, { stage });
  if (file.role === "stage-overlay") {
    const overlay = `gitops/${file.group}/${file.component}/stages/${stage}/rings/${first}/overlay`;
    return `copy the overlay into ${overlay}, change it there and promote it ring by ring (${promote}); ${excuse}`;
  }
  const name = file.role === "pin" ? "pin.yaml" : "values.yaml";
  const ring = `gitops/${file.group}/${file.component}/stages/${stage}/rings/${first}/${name}`;
  const last = file.role === "pin" || file.role === "stage-values" ? "" : ", and move it here last";
  return `write it into ${ring} and promote it ring by ring (${promote})${last}; ${excuse}`;
}
