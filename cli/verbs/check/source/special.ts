import type { Finding } from "../../../../model/findings";
import type { RuleId } from "../../../../model/rules";
import { leavesRepository, linkInTree, type Special } from "../../../../model/special";

/** What is wrong with a link, a submodule or an override; undefined when it does no harm. */
export function faultOfSpecial(special: Special): Finding | undefined {
  const { path } = special;
  const inTree = path.startsWith("gitops/");
  const fault = (rule: RuleId, message: string, fix: string): Finding => {
    return { rule, severity: "error", file: path, line: 1, message, fix };
  };
  if (special.kind === "override") {
    const message = "this file would be laid over the source of an Application; Argo CD does not get it here";
    return inTree ? fault("source-override", message, "remove it, and set values in the layers") : undefined;
  }
  if (special.kind === "submodule") {
    const message =
      "this is a Git submodule, which is an empty directory to Argo CD: it does not fetch submodules here";
    return inTree ? fault("submodule", message, "commit the files themselves") : undefined;
  }
  if (inTree) return linkInTree(path, special.target);
  if (!leavesRepository(path, special.target)) return undefined;
  const message = `this symbolic link to ${special.target} leads out of the repository`;
  const fix = "remove it, or put the file itself there";
  return { rule: "link-out-of-repository", severity: "warning", file: path, line: 1, message, fix };
}
