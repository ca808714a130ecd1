import type { Finding } from "../../../../model/findings";
import type { RuleId } from "../../../../model/rules";
import { leavesRepository, type Special } from "../../../../model/special";

/** What is wrong with a link, a submodule or an override; undefined when it does no harm. */
export function faultOfSpecial(special: Special): Finding | undefined {
  const { path } = special;
  const inTree = path.startsWith("gitops/");
  const fault = (rule: RuleId, message: string, fix: string): Finding => {
    return { rule, severity: "error", file: path, line: 1, message, fix };
  };
  if (special.kind === "override") {
    const message = "Argo CD lays this file over the source of an Application, past the admission policy";
    return inTree ? fault("source-override", message, "remove it, and set values in the layers") : undefined;
  }
  if (special.kind === "submodule") {
    const message =
      "this is a Git submodule, which is an empty directory to Argo CD: it does not fetch submodules here";
    return inTree ? fault("submodule", message, "commit the files themselves") : undefined;
  }
  if (leavesRepository(path, special.target)) {
    const message = `this symbolic link to ${special.target} leads out of the repository: Argo CD refuses every Application`;
    return fault("link-out-of-repository", message, "remove it, or put the file itself there");
  }
  if (!inTree) return undefined;
  const message = `this is a symbolic link to ${special.target}: who reads one place gets what is in another`;
  return fault("link-in-tree", message, "put the file itself there");
}
